// coinlake-sim in this process, under a clock that stands still.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "sim/simulator.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/program.hpp"

namespace coinlake::test {

class Simulation : public testing::Test {
 protected:
  sim::Router simulator(const sim::Options& options) {
    auto made = sim::make_simulator(options, clock_, &log_);
    if (!made) throw std::runtime_error(made.error().message.english());
    return std::move(*made);
  }

  static net::HttpReply get(sim::Router& from, const std::string& path, const std::string& query = "",
                            std::vector<net::Header> headers = {}) {
    headers.push_back({"user-agent", "test"});
    return from.answer({.method = "GET", .path = path, .query = query, .headers = std::move(headers)});
  }

  // "" if it is not there.
  static std::string header(const net::HttpReply& reply, const std::string& name) {
    const auto hit = std::ranges::find(reply.headers, name, &net::Header::name);
    return hit == reply.headers.end() ? "" : hit->value;
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  std::ostringstream log_;
};

}  // namespace coinlake::test
