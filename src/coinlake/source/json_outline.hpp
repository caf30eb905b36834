// The outline of a JSON text: its brackets, commas and colons.
#pragma once

#include <string_view>

namespace coinlake::source {

// Whether they stand as in JSON, around one value. What a text or another scalar says is not judged, so "[NaN]" has a
// sound outline. simdjson's On-Demand looks at no more than it is asked for and skips the rest by counting brackets:
// {"skipped":[1,2}} passes there, and so what such a text holds could be believed by halves.
bool has_sound_outline(std::string_view text);

}  // namespace coinlake::source
