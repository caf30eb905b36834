// What made-up coins are called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sim/coins.hpp"

namespace coinlake::sim {

std::size_t famous_coins();                                       // those that everybody knows; they come first
std::optional<double> name_famous(Coin& coin, std::size_t slot);  // and its price; nothing if it is none of them

struct Naming {
  std::size_t n, generation;  // the n-th of those that nobody knows
  std::uint64_t seed;
};
void give_name(Coin& coin, const Naming& of);
void give_new_name(Coin& coin, const Naming& of, bool symbol_too);  // the id and the slug stay

}  // namespace coinlake::sim
