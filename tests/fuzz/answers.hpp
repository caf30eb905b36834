// What must hold of whatever a source makes of an answer.
#pragma once

#include <string_view>

#include "coinlake/port/source.hpp"

namespace coinlake::fuzz {

// The first line of an input says what was asked and how it was answered: a letter for the page, behind it digits (the
// released row, or the status of a refusal) and "s" (served two hours ahead of us). What follows is the body.
struct Question {
  char letter = ' ';
  std::optional<std::int64_t> number = {};
  bool served_ahead = false;
  std::string_view body;
};
Question question_in(std::string_view input);

port::Answer answer_to(const Question& question, const port::Page& page);

// Decodes, and holds what comes out against the answer. `source` has seen answers before.
void check_decoding(port::Source& source, const port::Answer& answer);
void check_refusal(port::Source& source, const Question& question);
void check_key_info(port::Source& source, std::string_view body);

}  // namespace coinlake::fuzz
