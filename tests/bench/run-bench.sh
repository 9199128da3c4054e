#!/usr/bin/env bash
# run-bench.sh BUILD: measures speed.  Every figure is a ratio or a count of this one run on this one machine;
# the last run is kept in bench-results.csv, and a figure that got 1.3 times worse is marked.
set -euo pipefail
build=$(readlink -f "$1")
top=$(readlink -f "$(dirname "$0")/../..")
results=$top/bench-results.csv
scores=$top/data/sample/assessments.csv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rows=()

# row NAME OURS PEER GOAL PEER_NAME: seconds of both and the least ratio wanted; PEER "-" when it is not installed.
row () {
  local ratio=- verdict="no ${5%% *} here" before mark=
  if [ "$3" != - ]; then
    ratio=$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.1f", b / a }')
    verdict=$(awk -v r="$ratio" -v g="$4" 'BEGIN { print (r >= g) ? "met" : "MISSED" }')
    before=$(awk -F, -v n="$1" '$1 == n { print $2 }' "$results" 2>/dev/null || true)
    [ -z "$before" ] || [ "$before" = - ] || mark=$(awk -v r="$ratio" -v b="$before" 'BEGIN { if (r * 1.3 < b) print " (was " b "×)" }')
  fi
  printf '| %s | %.4f s | %s | %s × | ≥ %s × | %s%s |\n' "$1" "$2" "$([ "$3" = - ] && echo – || printf '%.3f s (%s)' "$3" "$5")" "$ratio" "$4" "$verdict" "$mark"
  rows+=("$1,$ratio")
}

have_r () { command -v Rscript >/dev/null && Rscript -e "q(status = !requireNamespace('$1', quietly = TRUE))" >/dev/null 2>&1; }
r_seconds () { if have_r "$2"; then Rscript "$top/tests/bench/peers/fit.R" "$1" "$scores"; else echo -; fi; }

# wall COMMAND…: median wall time of five runs, in seconds.
wall () {
  local i
  for i in 1 2 3 4 5; do
    local start end
    start=$(date +%s.%N); "$@" >/dev/null 2>&1; end=$(date +%s.%N)
    awk -v a="$start" -v b="$end" 'BEGIN { printf "%.4f\n", b - a }'
  done | sort -n | sed -n 3p
}

echo '| job | this program | peer | ratio | goal | |'
echo '|---|---|---|---|---|---|'
stats=$build/tests/bench/bench-stats
row "10 000 BCa resamples, n = 93" "$("$stats" bca10000 "$scores")" "$(r_seconds bca10000 boot)" 100 "R boot"
row "mixed model with random slope, 256 × 13" "$("$stats" lmm_slope "$scores")" "$(r_seconds lmm_slope lme4)" 10 "R lme4"
row "MMRM, 13 visits unstructured" "$("$stats" mmrm13 "$scores")" "$(r_seconds mmrm13 nlme)" 20 "R nlme::gls"

gbtm () { KTM_TEST_DATA=$top/tests/reference/data "$build/tests/bench/bench-gbtm" --cpu "$1"; }
if have_r flexmix; then flex=$(Rscript "$top/tests/bench/peers/classes.R" "$top/tests/reference/data/cohort_a_assessments.csv"); else flex=-; fi
row "trajectory classes K 1–5 quadratic, 20 starts, 256 × 13, CPU seconds" "$(gbtm quadratic-1)" "$flex" 100 "R flexmix"
row "trajectory classes K 3, 100 000 × 13, CPU seconds of two cores against 10 s of wall time" "$(gbtm 100000)" 20 1 "goal"
row "the class page's search on the sample cohort, CPU seconds of two cores against 2 s" "$(gbtm search)" 4 1 "goal"

viewer=$build/app/ketamine-viewer
figure () { "$viewer" chart trajectories "$build/data/sample/sample.cohort" --measure nrs --width-mm 174 --height-mm 120 --dpi 300 --output "$work/figure.png"; }
ours=$(wall figure)
if python3 -c 'import matplotlib' 2>/dev/null; then mpl=$(wall python3 "$top/tests/bench/peers/plot_mpl.py" "$scores" "$work/mpl.png"); else mpl=-; fi
if have_r ggplot2; then gg=$(wall Rscript "$top/tests/bench/peers/plot_ggplot.R" "$scores" "$work/gg.png"); else gg=-; fi
row "figure of 256 patients, 300 dpi, whole process, matplotlib" "$ours" "$mpl" 8 "matplotlib"
row "figure of 256 patients, 300 dpi, whole process, ggplot2" "$ours" "$gg" 12 "ggplot2"

import_million () {
  rm -f "$work/m.cohort"
  "$viewer" import "$work/scores.csv" --as "$work/scores.csv=scores" --patient id --time month --measure nrs:0:10:lower --into "$work/m.cohort"
}
sqlite_million () { rm -f "$work/m.db"; sqlite3 "$work/m.db" '.mode csv' ".import $work/scores.csv scores"; }
awk 'BEGIN { print "id,month,nrs"; for (i = 0; i < 76924; i++) for (m = 0; m < 13; m++) printf "P%06d,%d,%d\n", i, m, (i * 7 + m * 3) % 11 }' >"$work/scores.csv"
row "import of 1 000 000 scores against sqlite3 .import (at most 2 × its time)" "$(wall import_million)" "$(wall sqlite_million)" 0.5 "sqlite3"

printf '%s\n' "${rows[@]}" >"$results"
