#!/usr/bin/env bash
# run-soak.sh [SIMULATIONS] [KILLS]: the long runs.  Each ends with a word; the whole exits 1 if any failed.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
simulations=${1:-10000}
kills=${2:-1000}
failed=0
part () { printf '\n── %s\n' "$1"; shift; if "$@"; then echo "ok"; else echo "FAILED"; failed=1; fi; }

part "a saving process killed $kills times" env KTM_KILLS="$kills" build/tests/store/test-store-crash
part "trajectory classes of 4 000 and 100 000 patients" env KTM_TEST_DATA=tests/reference/data build/tests/bench/bench-gbtm
part "coverage of every interval, $simulations simulations a cell" build/tests/interval-coverage "$simulations"
exit $failed
