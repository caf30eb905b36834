# How every file of ours is compiled. All of it sits on one INTERFACE target that is made before any library, and
# cmake/Folder.cmake links every target to it: a flag cannot miss a file (tests/tools/sanitizer_flags_test looks).

set(COINLAKE_UNITY OFF CACHE BOOL "Compile each folder as one or two translation units")
set(COINLAKE_SANITIZE "" CACHE STRING "What to give to -fsanitize=, for example address,undefined")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_CHECKED "-O1 -gline-tables-only -fno-omit-frame-pointer")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
set(CMAKE_UNITY_BUILD ${COINLAKE_UNITY})

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_library(coinlake_flags INTERFACE)
target_include_directories(coinlake_flags INTERFACE "${PROJECT_SOURCE_DIR}/src")

# Warnings, all of them errors. Designated initialisers may leave out members: they are initialised by rule.
target_compile_options(coinlake_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion -Wold-style-cast
  -Wcast-align -Wcast-qual -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Wextra-semi
  -Wvla -Wmissing-declarations -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlaps and uninitialised members that are not there in inlined std::string and std::expected.
  target_compile_options(coinlake_flags INTERFACE -Wduplicated-cond -Wlogical-op -Wno-restrict -Wno-maybe-uninitialized)
  if(COINLAKE_UNITY)  # a .cpp inside a unity file looks like a header to it
    target_compile_options(coinlake_flags INTERFACE -Wno-subobject-linkage)
  endif()
else()
  # TRY() is a statement expression. GCC 12's std::stable_sort calls a function that its own header deprecates: GCC itself
  # keeps quiet there and watches over our own calls.
  target_compile_options(coinlake_flags INTERFACE -Wno-gnu-statement-expression -Wno-missing-designated-field-initializers
    -Wno-deprecated-declarations -Wthread-safety)
endif()

# Hardening.
target_compile_definitions(coinlake_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_compile_options(coinlake_flags INTERFACE -fPIE -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(coinlake_flags INTERFACE -fcf-protection)
endif()
target_compile_options(coinlake_flags INTERFACE $<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=3>)
target_link_options(coinlake_flags INTERFACE
  -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)

# The same bytes from any folder.
target_compile_options(coinlake_flags INTERFACE "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")

if(COINLAKE_SANITIZE)
  target_compile_options(coinlake_flags INTERFACE -fsanitize=${COINLAKE_SANITIZE} -fno-sanitize-recover=all)
  string(REPLACE ",fuzzer-no-link" "" sanitize_link "${COINLAKE_SANITIZE}")
  target_link_options(coinlake_flags INTERFACE -fsanitize=${sanitize_link})
endif()

find_package(Threads REQUIRED)
target_link_libraries(coinlake_flags INTERFACE Threads::Threads)
