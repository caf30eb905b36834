# Version and commit, without times: two builds of one commit are the same bytes. The header is written now (clang-tidy
# needs it without a build) and looked at in every build; it changes only with what it says.
#
#   #include "coinlake/app/build_info.hpp"   gives COINLAKE_VERSION "0.1.0" and COINLAKE_COMMIT "1a2b3c4d5e6f",
#   with "+changes" when tracked files differ from that commit; "unknown" without git.

set(build_info_command "${CMAKE_COMMAND}" -D "SOURCE=${PROJECT_SOURCE_DIR}" -D "VERSION=${PROJECT_VERSION}"
  -D "OUT=${PROJECT_BINARY_DIR}/generated/coinlake/app/build_info.hpp" -P "${PROJECT_SOURCE_DIR}/cmake/WriteBuildInfo.cmake")
execute_process(COMMAND ${build_info_command} COMMAND_ERROR_IS_FATAL ANY)
add_custom_target(coinlake_write_build_info COMMAND ${build_info_command}
  BYPRODUCTS "${PROJECT_BINARY_DIR}/generated/coinlake/app/build_info.hpp" COMMENT "Version and commit" VERBATIM)

add_library(coinlake_build_info INTERFACE)
target_include_directories(coinlake_build_info INTERFACE "${PROJECT_BINARY_DIR}/generated")
add_dependencies(coinlake_build_info coinlake_write_build_info)
