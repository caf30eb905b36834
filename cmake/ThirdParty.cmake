# The libraries, as Debian 12 has them (tools/setup installs them). Which folder may use which is said in src/CMakeLists.txt
# and enforced by tools/check_layers.

find_package(CURL 7.88 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
find_package(SQLite3 3.40 REQUIRED)
find_package(simdjson 3.0 REQUIRED)
find_package(ZLIB REQUIRED)

# Libraries without a CMake package there: a header and, unless it is header-only, a library.
function(coinlake_find target header library)
  string(MAKE_C_IDENTIFIER "${target}" id)
  find_path(${id}_INCLUDE "${header}" REQUIRED)
  mark_as_advanced(${id}_INCLUDE)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} SYSTEM INTERFACE "${${id}_INCLUDE}")
  if(library)
    find_library(${id}_LIBRARY "${library}" REQUIRED)
    mark_as_advanced(${id}_LIBRARY)
    target_link_libraries(${target} INTERFACE "${${id}_LIBRARY}")
  endif()
endfunction()

coinlake_find(ext::zstd zstd.h zstd)
coinlake_find(ext::utf8proc utf8proc.h utf8proc)
coinlake_find(ext::cctz cctz/time_zone.h cctz)
coinlake_find(ext::spdlog spdlog/spdlog.h "")
# Header-only, so that no further library is loaded at every start; and its files are not inherited by children.
target_compile_definitions(ext::spdlog INTERFACE FMT_HEADER_ONLY SPDLOG_PREVENT_CHILD_FD)
coinlake_find(ext::beast boost/beast.hpp "")
coinlake_find(ext::cli11 CLI/CLI.hpp "")
coinlake_find(ext::toml toml++/toml.h "")
