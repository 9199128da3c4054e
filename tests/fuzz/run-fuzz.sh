#!/usr/bin/env bash
# run-fuzz.sh BUILD SECONDS [TARGET…]: libFuzzer over the targets of a build with -Dfuzz=true, each for SECONDS by the clock,
# from the corpus in tests/fuzz.  Findings are left in BUILD/findings; what is new in the ways it takes, in BUILD/grown.
set -uo pipefail
build=$(readlink -f "$1") seconds=$2
shift 2
here=$(dirname "$(readlink -f "$0")")
[ $# -gt 0 ] || set -- undo import cohort table figure recipe chart mapping filter definition relief studies classes deck document
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 G_SLICE=always-malloc
export GIO_USE_VFS=local GIO_MODULE_DIR=/nonexistent LANG=C.UTF-8 LSAN_OPTIONS=suppressions=$here/../display/lsan.supp:print_suppressions=0
[ -d /dev/shm ] && export TMPDIR=/dev/shm
failed=0
cpu () { awk '{ print int (($16 + $17) / 100) }' /proc/$$/stat; }  # seconds of the programs that ended
for target in "$@"; do
  more=() longest=4096
  case $target in
    table | import) more=("$here/../store/import") ;;
    undo) longest=1024 ;;
    cohort) longest=131072 ;;
    classes | document) longest=8192 ;;
  esac
  [ ! -f "$here/$target.dict" ] || more+=("-dict=$here/$target.dict")
  mkdir -p "$build/grown/$target" "$build/findings"
  log=$build/findings/$target.log before=$(cpu)
  if "$build/tests/fuzz/fuzz-$target" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=3000 -max_len=$longest \
      -artifact_prefix="$build/findings/$target-" -print_final_stats=1 \
      "$build/grown/$target" "$here/corpus/$target" "${more[@]}" >"$log" 2>&1; then
    result=ok
  else
    result=FAILED failed=1
  fi
  printf '%s: %s, %s inputs in %s s of CPU\n' "$target" "$result" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$(($(cpu) - before))"
  [ $result = ok ] || grep -E 'ERROR|SUMMARY|Test unit|runtime error|^\*\*|g_error' "$log" | head -8
done
exit $failed
