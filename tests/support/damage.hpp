// Bodies as a bad line or a hostile server would have them. For RapidCheck properties.
#pragma once

#include <rapidcheck.h>

#include <string>

namespace coinlake::test {

// A few bytes of `body` changed, added, taken away or repeated elsewhere; never empty.
inline std::string damaged(std::string body) {
  const auto count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, body.size());
    const auto byte =
        *rc::gen::oneOf(rc::gen::elementOf(std::string("{}[]\",:\\0eE-+.ntf \n")), rc::gen::arbitrary<char>());
    switch (*rc::gen::inRange(0, 4)) {
      case 0: body[at] = byte; break;
      case 1: body.insert(at, 1, byte); break;
      case 2: body.erase(at, static_cast<std::size_t>(*rc::gen::inRange(1, 40))); break;
      default: body.insert(at, body.substr(*rc::gen::inRange<std::size_t>(0, body.size()), 60)); break;
    }
    if (body.empty()) body = " ";
  }
  return body;
}

}  // namespace coinlake::test
