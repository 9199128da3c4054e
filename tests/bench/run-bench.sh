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

# most NAME VALUE GOAL UNIT: a figure that may be at most the goal.
most () {
  local verdict before mark=
  verdict=$(awk -v r="$2" -v g="$3" 'BEGIN { print (r <= g) ? "met" : "MISSED" }')
  before=$(awk -F, -v n="$1" '$1 == n { print $2 }' "$results" 2>/dev/null || true)
  [ -z "$before" ] || mark=$(awk -v r="$2" -v b="$before" 'BEGIN { if (r > b * 1.3) print " (was " b ")" }')
  printf '| %s | %s %s | – | – | ≤ %s %s | %s%s |\n' "$1" "$2" "$4" "$3" "$4" "$verdict" "$mark"
  rows+=("$1,$2")
}

# A Python that has matplotlib: not always the first one.
python=
for p in python3 /usr/bin/python3; do
  [ -n "$python" ] || ! "$p" -c 'import matplotlib' 2>/dev/null || python=$p
done
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
if have_r flexmix; then flex=$(Rscript "$top/tests/bench/peers/classes.R" "$top/tests/reference/data/cohort_a_assessments.csv" | awk '{ print $1 }'); else flex=-; fi
row "trajectory classes K 1–5 quadratic, 20 starts, 256 × 13, CPU seconds" "$(gbtm quadratic-1)" "$flex" 100 "R flexmix"
row "trajectory classes K 3, 100 000 × 13, CPU seconds of two cores against 10 s of wall time" "$(gbtm 100000)" 20 1 "goal"
row "the class page's search on the sample cohort, CPU seconds of two cores against 2 s" "$(gbtm search)" 4 1 "goal"

viewer=$build/app/ketamine-viewer
figure () { "$viewer" chart trajectories "$build/data/sample/sample.cohort" --measure nrs --width-mm 174 --height-mm 120 --dpi 300 --output "$work/figure.png"; }
ours=$(wall figure)
if [ -n "$python" ]; then mpl=$(wall "$python" "$top/tests/bench/peers/plot_mpl.py" "$scores" "$work/mpl.png"); else mpl=-; fi
if have_r ggplot2; then gg=$(wall Rscript "$top/tests/bench/peers/plot_ggplot.R" "$scores" "$work/gg.png"); else gg=-; fi
row "figure of 256 patients, 300 dpi, whole process, matplotlib" "$ours" "$mpl" 8 "matplotlib"
row "figure of 256 patients, 300 dpi, whole process, ggplot2" "$ours" "$gg" 12 "ggplot2"

# cohort N: N patients × 13 visits with drop-out, as the tables of a clinic; prints the cohort's path.
cohort () {
  awk -v n="$1" 'BEGIN { srand (7); print "id,sex,pain_type"
    split ("Neuropathic,Fibromyalgia,Nociceptive,CRPS", type, ",")
    for (i = 0; i < n; i++) printf "P%07d,%s,%s\n", i, (rand () < .68 ? "F" : "M"), type[int (rand () * 4) + 1] }' >"$work/patients.csv"
  awk -v n="$1" 'BEGIN { srand (8); print "id,month,nrs"
    for (i = 0; i < n; i++) { level = 4 + 5 * rand (); last = rand () < .4 ? 12 : int (rand () * 13)
      for (m = 0; m <= last; m++) { y = level - (m > 0 ? 1 : 0) + 2 * rand () - 1; printf "P%07d,%d,%d\n", i, m, (y < 0 ? 0 : (y > 10 ? 10 : y + .5)) } } }' >"$work/assessments.csv"
  rm -f "$work/c$1.cohort"
  "$viewer" import "$work/patients.csv" "$work/assessments.csv" --as "$work/patients.csv=patients" --as "$work/assessments.csv=scores" --patient id --time month \
    --measure nrs:0:10:lower --attribute sex --attribute pain_type --time-unit month --into "$work/c$1.cohort" >/dev/null
  echo "$work/c$1.cohort"
}
# cost COMMAND…: "CPU seconds,MB" of a process.
cost () { /usr/bin/time -f '%U %S %M' -o "$work/cost" "$@" >/dev/null 2>&1; awk 'END { printf "%.2f,%.0f", $1 + $2, $3 / 1024 }' "$work/cost"; }

ten=$(cohort 10000)
figure_ten () { "$viewer" chart trajectories "$ten" --measure nrs --width-mm 174 --height-mm 120 --dpi 300 --output "$work/figure.png"; }
ours=$(wall figure_ten)
sed 's/^id/patient_id/' "$work/assessments.csv" >"$work/ten.csv"
if [ -n "$python" ]; then mpl=$(wall "$python" "$top/tests/bench/peers/plot_mpl.py" "$work/ten.csv" "$work/mpl.png"); else mpl=-; fi
if have_r ggplot2; then gg=$(wall Rscript "$top/tests/bench/peers/plot_ggplot.R" "$work/ten.csv" "$work/gg.png"); else gg=-; fi
row "figure of 10 000 patients, 300 dpi, whole process, matplotlib" "$ours" "$mpl" 8 "matplotlib"
row "figure of 10 000 patients, 300 dpi, whole process, ggplot2" "$ours" "$gg" 8 "ggplot2"
most "figure of 256 patients, CPU" "$(cost "$viewer" chart trajectories "$build/data/sample/sample.cohort" --measure nrs --output "$work/figure.png" | cut -d, -f1)" 0.2 s

hundred=$(cohort 100000)
export GSETTINGS_SCHEMA_DIR=$build/data G_DEBUG=
window () { "$top/tests/display/run-display.sh" "$build/tests/bench/bench-window" "$1"; }
if command -v xvfb-run >/dev/null; then
  for n in 256 10000 100000; do
    case $n in 256) file=$build/data/sample/sample.cohort ;; 10000) file=$ten ;; *) file=$hundred ;; esac
    window "$file" >"$work/window"
    value () { awk -F, -v n="$1" '$1 == n { print $2 }' "$work/window"; }
    most "window, $n patients: frame while hovering, CPU" "$(value hover_frame)" 4 ms
    most "window, $n patients: settled picture after zooming" "$(value zoom_settled)" 16 ms
    most "window, $n patients: filter to redrawn chart" "$(value filter_redraw)" $([ $n = 100000 ] && echo 300 || echo 30) ms
    most "window, $n patients: longest block of the main loop, opening" "$(value open_block)" 100 ms
    most "window, $n patients: longest block of the main loop, filtering" "$(value filter_block)" 100 ms
    most "window, $n patients: peak memory" "$(value peak)" 300 MB
  done
  empty () { "$build/tests/bench/bench-window" --empty; }
  start () { "$build/tests/bench/bench-window" --start "$build/data/sample/sample.cohort"; }
  export build
  # dash, which starts the X server, would drop exported functions.
  read -r a b < <("$top/tests/display/run-display.sh" bash -c "$(declare -f wall empty start); "'echo "$(wall start) $(wall empty)"')
  row "window from start to first chart against an empty libadwaita window (at most 1.5 × its time)" "$a" "$b" 0.67 "libadwaita"
fi

import_million () {
  rm -f "$work/m.cohort"
  "$viewer" import "$work/scores.csv" --as "$work/scores.csv=scores" --patient id --time month --measure nrs:0:10:lower --into "$work/m.cohort"
}
sqlite_million () { rm -f "$work/m.db"; sqlite3 "$work/m.db" '.mode csv' ".import $work/scores.csv scores"; }
awk 'BEGIN { print "id,month,nrs"; for (i = 0; i < 76924; i++) for (m = 0; m < 13; m++) printf "P%06d,%d,%d\n", i, m, (i * 7 + m * 3) % 11 }' >"$work/scores.csv"
row "import of 1 000 000 scores against sqlite3 .import (at most 2 × its time)" "$(wall import_million)" "$(wall sqlite_million)" 0.5 "sqlite3"

echo
echo '| patients | import, CPU | memory | info, CPU | memory | figure, CPU | memory |'
echo '|---|---|---|---|---|---|---|'
for n in 256 1000 10000 100000 1000000; do
  file=$(cohort $n)
  set -- "$(cost "$viewer" import "$work/patients.csv" "$work/assessments.csv" --as "$work/patients.csv=patients" --as "$work/assessments.csv=scores" --patient id --time month --measure nrs:0:10:lower --attribute sex --attribute pain_type --time-unit month --into "$work/again$n.cohort")" \
    "$(cost "$viewer" info "$file")" "$(cost "$viewer" chart trajectories "$file" --measure nrs --output "$work/figure.png")"
  printf '| %s | %s s | %s MB | %s s | %s MB | %s s | %s MB |\n' "$n" "${1%,*}" "${1#*,}" "${2%,*}" "${2#*,}" "${3%,*}" "${3#*,}"
  rm -f "$work/again$n.cohort" "$work/c$n.cohort"
done

printf '%s\n' "${rows[@]}" >"$results"
