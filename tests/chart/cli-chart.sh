#!/bin/sh
# The command "chart": every type and format, recipes, refusals with their exit status.
set -eu
viewer=$(realpath "$1") sample=$(realpath "$2")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
fail () { echo "FAILED: $*" >&2; exit 1; }
expect () { # STATUS ARGUMENTS…
  want=$1; shift
  got=0; "$viewer" chart "$@" >out 2>err || got=$?
  [ "$got" = "$want" ] || { cat err >&2; fail "status $got, not $want: chart $*"; }
  [ "$want" = 0 ] || [ "$(wc -l < err)" = 1 ] || fail "not one line: chart $*"
}
"$viewer" import "$sample/patients.csv" "$sample/assessments.csv" "$sample/treatments.csv" "$sample/adverse_events.csv" \
  --into a.cohort --accept-problems >log 2>&1 || { cat log >&2; fail import; }
for type in trajectories small-multiples heatmap waterfall responder-curve before-after distribution relief flow responder-rate pgic adverse-events safety stops benefit-harm; do
  for ending in png svg pdf; do
    expect 0 $type a.cohort --output $type.$ending --colour-by pain_type --show change --missing locf --dpi 72
    expect 0 --recipe $type.$ending a.cohort --output again.$ending --dpi 72
    cmp $type.$ending again.$ending
  done
done
expect 0 subgroups a.cohort --output forest.svg --by pain_type,sex --to 12 --width-mm 85
expect 0 --recipe forest.svg a.cohort --output again.svg --width-mm 85
cmp forest.svg again.svg
expect 0 subgroups a.cohort --output forest.pdf --by pain_type --standardised --lang fr
expect 0 subgroups a.cohort --output ages.svg --by sex,age:40,60,weight_kg
expect 0 --recipe ages.svg a.cohort --output again.svg
cmp ages.svg again.svg
expect 0 waterfall a.cohort --output age.pdf --by age
expect 0 trajectories a.cohort --output ages.png --by age:40,60 --dpi 72
expect 0 --recipe ages.png a.cohort --output again.png --dpi 72
cmp ages.png again.png
expect 1 trajectories a.cohort --output no.png --by age:60,40
expect 1 trajectories a.cohort --output no.png --by sex:1
expect 1 trajectories a.cohort --output no.png --by age --groups F
expect 1 subgroups a.cohort --output no.png --by sex,inclusion_date
expect 0 classes a.cohort --output classes.pdf --classes 2 --degree 1
expect 0 --recipe classes.pdf a.cohort --output again.pdf
cmp classes.pdf again.pdf
expect 0 trajectories a.cohort --output w.png --summary class --dpi 72
expect 0 trajectories a.cohort --output w.png --colour-by class --show change --dpi 72
expect 1 classes a.cohort --output n.png --show change
expect 2 classes a.cohort --output n.png --classes 9
expect 0 patient a.cohort --output patient.pdf --patient K141
! grep -q K141 patient.pdf || fail "a patient code in a figure"
expect 0 trajectories a.cohort --output w.png --where 'pain_type = CRPS' --where 'age > 60' --summary median --band sd --individuals none
expect 1 trajectories a.cohort --output n.png --where 'age > 200'
expect 1 trajectories a.cohort --output n.png --measure nosuch
expect 1 patient a.cohort --output n.png
expect 1 trajectories a.cohort --output n.png --by centre
expect 0 small-multiples a.cohort --output w.png --by centre
expect 1 trajectories a.cohort --output nowhere/n.png
expect 1 trajectories a.cohort --output n.doc
expect 1 trajectories missing.cohort --output n.png
expect 1 --recipe a.cohort a.cohort --output n.png
expect 0 responder-curve a.cohort --output rc.svg --threshold 50
expect 2 responder-curve a.cohort --output n.png --threshold much
expect 0 flow a.cohort --output flow.svg --lang fr --theme grey --width-mm 85 --where 'sex = F' --to 6
expect 1 flow a.cohort --output n.png --by centre
expect 0 responder-rate a.cohort --output rr.png --definition 'nrs >= 50% and not stop "lack of effect"; missing last'
expect 0 --recipe rr.png a.cohort --output rr2.png
cmp rr.png rr2.png
expect 1 responder-rate a.cohort --output n.png --definition 'vas >= 30%'
expect 1 responder-rate a.cohort --output n.png --definition 'nrs >= '
expect 2 --recipe rr.png a.cohort --output n.png --definition 'nrs >= 2'
expect 1 relief a.cohort --output n.png --relief "gain much"
expect 0 relief a.cohort --output tb.svg --turnbull --by sex
expect 0 --recipe tb.svg a.cohort --output tb2.svg
cmp tb.svg tb2.svg
expect 2 --recipe tb.svg a.cohort --output n.png --turnbull
expect 2 nosuch a.cohort --output n.png
expect 2 trajectories a.cohort
expect 2 trajectories a.cohort --output n.png --theme pink
expect 2 --recipe heatmap.png a.cohort --output n.png --measure nrs
expect 2 trajectories a.cohort extra --output n.png
"$viewer" import "$sample/patients.csv" "$sample/assessments.csv" --into b.cohort --accept-problems >log 2>&1 || fail import
expect 1 --recipe heatmap.png b.cohort --output n.png
grep -q 'another cohort' err || fail "another cohort's recipe"
[ ! -e n.png ] || fail "a failed export left a file"
expect 0 adverse-events a.cohort --output ae.svg --count events --grade moderate --related possible --interval exact
expect 0 --recipe ae.svg a.cohort --output again.svg
cmp ae.svg again.svg
expect 2 adverse-events a.cohort --output n.png --grade terrible
expect 2 --recipe ae.svg a.cohort --output n.png --grade severe
