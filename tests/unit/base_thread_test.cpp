#include "coinlake/base/thread.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <new>

#include "coinlake/base/memory.hpp"

namespace coinlake::test {
namespace {

TEST(Thread, F23_OneThatTheSystemRefusesIsAnErrorThatMayPass) {
  const auto error = no_thread(std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again)));
  EXPECT_EQ(error.kind, Kind::temporary);
  EXPECT_NE(error.message.english().find("thread"), std::string::npos);
  EXPECT_FALSE(error.hint.empty());
}

TEST(Thread, OneThatTheSystemGivesDoesItsWork) {
  int done = 0;
  auto thread = start_thread([&] { ++done; });
  ASSERT_TRUE(thread.has_value());
  thread->join();
  EXPECT_EQ(done, 1);
}

TEST(Memory, F16_WithoutAHandlerItsLackIsWhatNewThrows) {
  ASSERT_EQ(std::get_new_handler(), nullptr);
  EXPECT_THROW(end_without_memory(), std::bad_alloc);
}

TEST(MemoryDeathTest, F16_WithAHandlerTheProcessEndsByIt) {
  EXPECT_EXIT((std::set_new_handler([] { ::_exit(7); }), end_without_memory()), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace coinlake::test
