// What a word on the command line may be, and what is said when it may not.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/message.hpp"

namespace coinlake::app {

// "…: did you mean show?" where the word is near to a choice; otherwise `what` alone.
Message or_meant(const Message& what, std::string_view word, std::span<const std::string_view> choices);

// Why a word will not do; empty when it will.
using WordCheck = std::function<Message(const std::string& word)>;

WordCheck one_of(std::vector<std::string_view> choices);

// From 1 to `most`, in decimal: CLI11 by itself takes "010" for eight and "0x10" for sixteen.
WordCheck whole_number(std::int64_t most);
WordCheck seconds();

// A word that is none, for an error. A long one is not repeated: people paste secrets.
Message shown_word(std::string_view word);

// An option such as --api-key or --password. There is none: what is on the command line, every user of the machine can
// read.
bool names_a_secret(std::string_view option);

}  // namespace coinlake::app
