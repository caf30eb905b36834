// Commands that a running daemon does for another process (control.hpp): those that write the ledger or ask a provider.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/daemon/control.hpp"

namespace coinlake::app {

inline constexpr std::string_view kAskState = "@state";  // not a command: how things stand in the daemon

bool is_reload(const std::vector<std::string>& words);
// Whether whoever says these words needs the ledger's writer.
bool needs_writer(const std::vector<std::string>& words);
// The provider that they will ask; "" where they ask none.
std::string provider_of(const std::vector<std::string>& words);

// Does what the words say, in `context` but for its console and its log: those are the caller's. Errors become what the
// command would have said.
ControlAnswer do_forwarded(const ControlRequest& request, Context context);
ControlAnswer answered(const ControlRequest& request, const Result<void>& done);

}  // namespace coinlake::app
