#include "sim/walk.hpp"

#include <cmath>
#include <limits>

namespace coinlake::sim {
namespace {

constexpr int kGrids = 21;

double unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

struct Grid {
  std::uint64_t key;
  double cells_per_minute, height;
  [[nodiscard]] double knot(std::int64_t cell) const {
    return 2 * unit(mixed(key + static_cast<std::uint64_t>(cell))) - 1;
  }
};

// std::floor is a call on a processor as old as the program is built for.
std::int64_t floored(double x) {
  const auto whole = static_cast<std::int64_t>(x);
  return whole - (static_cast<double>(whole) > x ? 1 : 0);
}

// Each begins elsewhere in its first cell: knots of all grids at one moment would be seen in a chart.
void add_grid(const Grid& grid, std::span<const double> minutes, std::span<double> out) {
  const double begin = unit(mixed(~grid.key));
  double left = 0, right = 0;
  std::int64_t cell = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    const double x = minutes[i] * grid.cells_per_minute + begin;
    const auto own = floored(x);
    if (own != cell) {
      cell = own;
      left = grid.knot(cell), right = grid.knot(cell + 1);
    }
    out[i] += grid.height * (left + (x - static_cast<double>(own)) * (right - left));
  }
}

}  // namespace

std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

double fraction(std::uint64_t seed, std::uint64_t coin, std::uint64_t purpose) {
  return unit(mixed(mixed(mixed(seed) + coin) + purpose));
}

std::uint64_t stream_of(std::uint64_t seed, std::uint64_t number) { return mixed(mixed(seed) + number); }

// A knot's variance is a third. The increments over d minutes of grids of width w, when knots have variance one, add up
// to a variance of 4d / w per unit of height squared; so half the root of 3w gives d.
void add_walk(std::uint64_t stream, double weight, std::span<const double> minutes, std::span<double> out) {
  for (int grid = 0; grid < kGrids; ++grid) {
    const double width = std::exp2(grid);
    add_grid({.key = mixed(stream + static_cast<std::uint64_t>(grid)),
              .cells_per_minute = 1 / width,
              .height = weight * 0.5 * std::sqrt(3 * width)},
             minutes, out);
  }
}

}  // namespace coinlake::sim
