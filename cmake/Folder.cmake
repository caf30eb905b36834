# One static library for each folder.

# The .cpp files below `folder`. Files that pull in Beast, Asio, CLI11, toml++ or spdlog take half of the build, so they stay
# out of the unity files: the cores then share the work; and under sanitizers they are not optimised, which is half of it.
# Files that embed others (.incbin) stay out to be rebuilt with them.
function(coinlake_sources out folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  file(GLOB_RECURSE embedded CONFIGURE_DEPENDS "${folder}/*.sql" "${folder}/*.toml" "${PROJECT_SOURCE_DIR}/lang/*.po")
  foreach(source IN LISTS sources)
    file(STRINGS "${source}" heavy REGEX "^#include [<\"]((boost|CLI|toml\\+\\+|spdlog)/|coinlake/base/toml)" LIMIT_COUNT 1)
    file(STRINGS "${source}" embeds REGEX "incbin" LIMIT_COUNT 1)
    if(heavy OR embeds)
      set_source_files_properties("${source}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
    if(heavy)
      set_source_files_properties("${source}" PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Checked>:-O0>")
    endif()
    if(embeds)
      set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${embedded}")
    endif()
  endforeach()
  set(${out} "${sources}" PARENT_SCOPE)
endfunction()

# Two unity files for a folder of some size, one for a small one.
function(coinlake_unity target count)
  if(count GREATER 5)
    math(EXPR batch "(${count} + 1) / 2")
  else()
    set(batch 0)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_BATCH_SIZE ${batch})
endfunction()

# A folder whose code is not what tests spend their time in: not optimised under sanitizers, it compiles in a third of it.
function(coinlake_cold target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Checked>:-O0>)
endfunction()

# coinlake_library(ledger USES base domain port THIRD_PARTY SQLite::SQLite3): src/coinlake/ledger as coinlake_ledger.
# A folder that has only headers, or nothing yet, becomes an INTERFACE library.
function(coinlake_library name)
  cmake_parse_arguments(arg "" "" "USES;THIRD_PARTY;EXCEPT" ${ARGN})
  set(folder "${PROJECT_SOURCE_DIR}/src/coinlake/${name}")
  coinlake_sources(sources "${folder}")
  foreach(file IN LISTS arg_EXCEPT)
    list(REMOVE_ITEM sources "${folder}/${file}")
  endforeach()
  list(TRANSFORM arg_USES PREPEND coinlake_)
  list(LENGTH sources count)
  if(count EQUAL 0)
    add_library(coinlake_${name} INTERFACE)
    target_link_libraries(coinlake_${name} INTERFACE coinlake_flags ${arg_USES} ${arg_THIRD_PARTY})
    return()
  endif()
  add_library(coinlake_${name} STATIC ${sources})
  target_link_libraries(coinlake_${name} PUBLIC coinlake_flags ${arg_USES} PRIVATE ${arg_THIRD_PARTY})
  target_compile_definitions(coinlake_${name} PRIVATE "COINLAKE_SQL_DIR=\"${folder}\""
                             "COINLAKE_LANG_DIR=\"${PROJECT_SOURCE_DIR}/lang\"")
  coinlake_unity(coinlake_${name} ${count})
endfunction()
