#!/usr/bin/env bash
# run-soak.sh [SIMULATIONS] [KILLS] [SECONDS]: the long runs.  Each ends with a word; the whole exits 1 if any failed.
# "./dev soak 30 99 3" goes through every part of it in some minutes, to see that each still works.
# SECONDS: how long each reader is fuzzed, 1800 if not given; KTM_FUZZ_SECONDS and KTM_FUZZ_TARGETS ("table import") say so too.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
simulations=${1:-10000}
kills=${2:-1000}
seconds=${3:-${KTM_FUZZ_SECONDS:-1800}}
failed=0
part () { printf '\n── %s\n' "$1"; shift; if "$@"; then echo "ok"; else echo "FAILED"; failed=1; fi; }

part "a saving process killed $kills times" env KTM_KILLS="$kills" build/tests/store/test-store-crash
part "every process that writes, killed $kills times" env KTM_KILLS="$kills" build/tests/store/test-store-kill
part "every operation on the disk failing once" env KTM_FAULTS=1 build/tests/store/test-store-faults

fuzz () {
  if [ ! -f build-fuzz/build.ninja ]; then
    CC=clang-14 meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=false \
      -Dbuildtype=plain -Dc_args='-fno-sanitize-recover=undefined -O1 -gline-tables-only' >build-fuzz.log 2>&1 || {
      cat build-fuzz.log; rm -rf build-fuzz; return 1; }
    rm -f build-fuzz.log
  fi
  ninja -C build-fuzz --quiet fuzzers && tests/fuzz/run-fuzz.sh build-fuzz "$seconds" ${KTM_FUZZ_TARGETS:-}
}
part "every reader fed with hostile files, $seconds s each" fuzz
hands () {
  local seed
  for seed in $(seq 1 10); do
    SCREEN=1440x900 G_DEBUG= GTK_A11Y=none GSETTINGS_SCHEMA_DIR=build/data tests/display/run-display.sh \
      tests/soak/random-hands.py build/app/ketamine-viewer build/data/sample/sample.cohort "$((seconds / 10 + 10))" "$seed" || return 1
  done
}
part "the window in random hands" hands
part "trajectory classes of 4 000 and 100 000 patients" env KTM_TEST_DATA=tests/reference/data build/tests/bench/bench-gbtm
part "coverage of every interval, $simulations simulations a cell" build/tests/interval-coverage "$simulations"
exit $failed
