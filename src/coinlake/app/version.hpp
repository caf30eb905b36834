// Who this program is, and whether somebody asked it to stop.
#pragma once

#include <string>

namespace coinlake::app {

std::string version_line();  // "coinlake 0.1.0 (1a2b3c4)"
std::string user_agent();    // "coinlake/0.1.0"; providers refuse requests without one

void handle_signals();  // SIGINT and SIGTERM ask to stop, a second one ends at once; SIGPIPE is an error of write()
int stop_signal();      // the signal that asked, 0 if none did

}  // namespace coinlake::app
