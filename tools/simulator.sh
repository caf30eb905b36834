# Sourced by tools/run, tools/demo, tools/practice and tests: starts a simulator on a free port and stops it with this shell.
#
#   start_simulator [OPTION…]     points both providers' addresses at it; an earlier one is stopped first
#
# It is in a session of its own: Ctrl-C ends what runs against it, not the simulator.

start_simulator() {
  stop_simulator
  coproc simulator { exec setsid "$bin/coinlake-sim" "$@" --until-stdin-closes; }
  local ready
  if ! read -r -t 20 ready <&"${simulator[0]}"; then
    echo "the simulator $bin/coinlake-sim did not start" >&2
    return 1
  fi
  export COINLAKE_COINGECKO__BASE_URL=${ready##* } COINLAKE_COINGECKO__PLAN=keyless
  export COINLAKE_COINMARKETCAP__BASE_URL=${COINLAKE_COINGECKO__BASE_URL%/api/v3}
  export COINLAKE_COINGECKO__REQUESTS_PER_MINUTE=600  # nobody waits for a simulator
  simulator_job=$simulator_PID
}

stop_simulator() {
  [ -n "${simulator_job:-}" ] || return 0
  kill "$simulator_job" 2>/dev/null
  wait "$simulator_job" 2>/dev/null
  simulator_job=
}

trap stop_simulator EXIT
