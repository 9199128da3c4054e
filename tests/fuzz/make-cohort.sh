#!/usr/bin/env bash
# make-cohort.sh BUILD: makes corpus/cohort/good-small anew, a cohort of small pages with something in every table.  To be run
# when the schema changes; the test fuzz-cohort fails until then.
set -euo pipefail
viewer=$(readlink -f "$1")/app/ketamine-viewer
cd "$(dirname "$(readlink -f "$0")")/corpus"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
csplit -sz -f "$work/part" -b %d.csv --suppress-matched import/good-four '/^%%$/' '{*}'
cp import/good-studies "$work/studies.csv"
"$viewer" import "$work"/part*.csv "$work/studies.csv" --into "$work/a.cohort" --accept-problems >/dev/null
sqlite3 "$work/a.cohort" <<'SQL'
INSERT INTO document (kind, title, json) VALUES
  ('group', 'Some', '{"codes": ["K1"], "where": ["age > 40"]}'),
  ('class-names', 'Names', '{"measure": ["nrs"], "names": ["Slow", "", "Steady"]}'),
  ('relief', 'Relief', '{"rule": "gain 30, by 3, lost 30"}'),
  ('response', 'Response', '{"definition": "nrs >= 50%"}'),
  ('deck', 'Meeting', '{"slides": []}');
PRAGMA page_size = 512;
VACUUM;
SQL
cp "$work/a.cohort" cohort/good-small
ls -l cohort/good-small
