// What a word on the command line may be, for CLI11, and what is said when it may not.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coinlake::app {

std::string did_you_mean(std::string_view word, std::span<const std::string_view> choices);  // ": did …?" or ""

// The word is one of these.
std::function<std::string(const std::string&)> one_of(std::vector<std::string_view> choices);

// From 1 to `most`, in decimal: CLI11 by itself takes "010" for eight and "0x10" for sixteen.
CLI::Validator whole_number(std::int64_t most);
CLI::Validator seconds();

// A word that is none, for an error. A long one is not repeated: people paste secrets.
std::string shown_word(std::string_view word);

// An option such as --api-key or --password. There is none: what is on the command line, every user of the machine can
// read.
bool names_a_secret(std::string_view option);

}  // namespace coinlake::app
