# Sourced by tools/test and tools/check: runs steps, keeps their output in build/log, counts, and closes with one line.
#
#   begin NAME             forget earlier counts; `finish` writes them to build/results/NAME.total for .ci/run
#   step NAME COMMAND…     one line on the terminal; the output is shown only when the command fails
#   run_ctest PRESET       a command for `step`: ctest, each test of each program counted; what a test says on a line
#                          "counted: …" is repeated
#   finish                 the closing line, and the exit status

cores=$(nproc)
passed=0 failed=0

begin() {
  results=build/results/$1.total
  mkdir -p build/log build/results
  rm -f "$results"
  trap 'echo; failed=$((failed + 1)); kill $(jobs -p) 2>/dev/null; finish' INT TERM
}

# A step that counted nothing itself counts as one test.
step() {
  local name=$1 log=build/log/$1.log start=$SECONDS before=$((passed + failed)) broken=$failed ok=yes
  shift
  note=''
  "$@" >"$log" 2>&1 || ok=no
  if [ $ok = yes ] && [ "$failed" != "$broken" ]; then ok=no; fi
  if [ $ok = yes ]; then
    [ $((passed + failed)) != "$before" ] || passed=$((passed + 1))
    printf '  ok      %-8s %s\n' "$name" "${note:+$note, }$((SECONDS - start)) s"
  else
    [ "$failed" != "$broken" ] || failed=$((failed + 1))
    grep -Ev '^\[[0-9]+/[0-9]+\]|^[0-9]+ warnings? generated|^-- |^Build files|^$' "$log" | tail -n 200
    printf '  FAILED  %-8s %s\n' "$name" "${note:+$note, }$((SECONDS - start)) s; all of it is in $log"
    return 1
  fi
}

# Runs the tests of a preset and counts each test of each program.
run_ctest() {
  local preset=$1 status=0 counts p f s
  rm -rf "build/$preset/results"
  mkdir -p "build/$preset/results"
  ctest --preset "$preset" --parallel "$cores" --output-junit "$PWD/build/$preset/results/ctest.junit" || status=$?
  counts=$(tools/tally "build/$preset/results") || return 1
  read -r p f s <<<"$counts"
  passed=$((passed + p)) failed=$((failed + f))
  note="$p passed, $f failed, $s skipped$(sed -n 's/^counted: /, /p' "build/$preset/results/ctest.junit")"
  if [ "${skips_fail:-no}" = yes ] && [ "$s" != 0 ]; then
    echo "skipped or disabled tests:"
    tools/tally --skipped "build/$preset/results"
    failed=$((failed + s))
  fi
  if [ $status != 0 ] && [ "$f" = 0 ]; then failed=$((failed + 1)); fi
  return $status
}

finish() {
  echo "$passed passed, $failed failed" | tee "$results"
  [ "$failed" = 0 ] && [ "$passed" != 0 ]
  exit $?
}
