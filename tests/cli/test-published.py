#!/usr/bin/env python3
"""test-published.py VIEWER COHORT DOCUMENT: every line of the table in docs/published.md names a
row the program gives, once, with the number written there."""
import csv
import io
import re
import shlex
import subprocess
import sys

viewer, cohort, document = sys.argv[1:]


def rows_of(command):
    name, *options = shlex.split(command)
    done = subprocess.run([viewer, "analyze", name, cohort, *options, "--format", "csv"],
                          capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return list(csv.DictReader(io.StringIO(done.stdout)))


def said(row):
    numbers = "%.4g" % float(row["estimate"])
    if row["low"]:
        numbers += " [%.4g, %.4g]" % (float(row["low"]), float(row["high"]))
    return numbers + (", n = " + row["n"] if row["n"] else "")


reports, lines = {}, 0
for line in open(document, encoding="utf-8"):
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if len(cells) != 5 or not cells[2].startswith("`"):
        continue
    command, asked, number = cells[2].strip("`"), cells[3].strip("`"), cells[4]
    statistic, *fields = re.split(r" (?=(?:group|versus|subject|time)=)", asked)
    wanted = dict(field.split("=", 1) for field in fields)
    if command not in reports:
        reports[command] = rows_of(command)
    found = [row for row in reports[command] if row["statistic"] == statistic
             and all((row.get(key) or "") == value for key, value in wanted.items())]
    assert len(found) == 1, f"{command}: {len(found)} rows {asked}"
    assert said(found[0]) == number, (
        f"{command}, {asked}: {said(found[0])}, the document says {number}")
    lines += 1
assert lines > 30, f"only {lines} lines of the table were understood"
print(lines, "published numbers have their row")
