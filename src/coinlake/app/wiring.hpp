// Which adapters there are. The only place that names them.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/app/config/config.hpp"
#include "coinlake/ledger/replay.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::app {

std::span<const std::string_view> source_names();

// Of each source, by its name.
std::map<std::string_view, int> decoder_versions();

// Errors: usage (no such source: the nearest is named), config.
Result<std::unique_ptr<port::Source>> make_source(const std::string& name, const Config& config);

// What is allowed, but hardly meant: a sentence each.
std::vector<Message> oddities(const Config& config);

// Decodes stored answers of every source there is.
ledger::Decode make_decoder();

}  // namespace coinlake::app
