// Random walks that can be asked for any moment, in any order: each is a function of its stream and the moment alone.
//
// A walk is a sum of noises on grids of 1, 2, 4 … 2^20 minutes, each a straight line between numbers that follow from
// (stream, grid, cell), and each as high as the root of its grid is wide. Over times between some minutes and a year
// that is a Brownian walk, with a variance of one for each minute; over longer ones it stays where it is (a standard
// deviation of about 600), so that a market neither dies nor explodes however far it is played. A point costs 21 cells.
#pragma once

#include <cstdint>
#include <span>

namespace coinlake::sim {

std::uint64_t mixed(std::uint64_t x);  // splitmix64's finaliser

// A number from 0 to below 1 that belongs to these three.
double fraction(std::uint64_t seed, std::uint64_t coin, std::uint64_t purpose);

// A walk's name; as good as any other number for a seed of its own.
std::uint64_t stream_of(std::uint64_t seed, std::uint64_t number);

// Adds `weight` times the walk to `out`, one for each of `minutes`. Fastest when they come in their order.
void add_walk(std::uint64_t stream, double weight, std::span<const double> minutes, std::span<double> out);

}  // namespace coinlake::sim
