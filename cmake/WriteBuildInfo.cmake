# cmake -D SOURCE=… -D VERSION=… -D OUT=… -P WriteBuildInfo.cmake
set(commit "unknown")
find_program(git NAMES git)
if(git AND EXISTS "${SOURCE}/.git")
  execute_process(COMMAND "${git}" -C "${SOURCE}" rev-parse --short=12 HEAD
    OUTPUT_VARIABLE head RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed)
    set(commit "${head}")
    execute_process(COMMAND "${git}" -C "${SOURCE}" status --porcelain --untracked-files=no
      OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      string(APPEND commit "+changes")
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT "${OUT}" @ONLY CONTENT [[
// Written by cmake/WriteBuildInfo.cmake.
#pragma once

#define COINLAKE_VERSION "@VERSION@"
#define COINLAKE_COMMIT "@commit@"
]])
