#!/bin/sh
# shot.sh BUILD: the screenshots of the documentation, into data/screenshots.
set -eu
build=$1 here=$(dirname "$0")
out=$here/../../data/screenshots
mkdir -p "$out"
viewer=$build/app/ketamine-viewer
figures=$(mktemp -d)
cohort=$build/data/sample/sample.cohort

# shot NAME SIZE THEME [more options]
shot () {
  name=$1 size=$2 theme=$3
  shift 3
  G_DEBUG= "$here/run-display.sh" "$viewer" --sample --screenshot "$out/$name.png" --shot-size "$size" --shot-theme "$theme" "$@"
  echo "data/screenshots/$name.png"
}

# A figure brings its chart back: that is how the window is told what to show.
for chart in trajectories small-multiples heatmap; do
  "$viewer" chart $chart "$cohort" --colour-by pain_type --output "$figures/$chart.png" >/dev/null
done
G_DEBUG= "$here/run-display.sh" "$viewer" --screenshot "$out/first-run.png" --shot-size 1440x900 --shot-theme light
echo "data/screenshots/first-run.png"
shot window 1440x900 light --shot-do "win.pick('K127')" --shot-do "app.open-path('$figures/trajectories.png')" --shot-wait 7000
shot window-dark 1440x900 dark --shot-do "win.pick('K127')" --shot-do "app.open-path('$figures/trajectories.png')" --shot-wait 7000
shot small-multiples 1440x900 light --shot-do "app.open-path('$figures/small-multiples.png')" --shot-wait 7000
shot heatmap 1440x900 light --shot-do "app.open-path('$figures/heatmap.png')" --shot-wait 7000
shot patients 1440x900 light --shot-do "win.page('patients')" --shot-do "win.pick('K141')"
for page in change response relief safety evidence; do
  shot $page 1440x900 light --shot-do "win.page('$page')"
done
shot narrow 1024x700 light --shot-do "win.sidebar" --shot-do "win.pick('K127')"
LANGUAGE=fr shot french 1440x900 light --shot-do "win.pick('K127')"
rm -rf "$figures"
