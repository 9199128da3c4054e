#!/usr/bin/env python3
"""The import command as scripts use it: exit status, one line of error, nothing written on
refusal."""
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

PROGRAM, FILES, SAMPLE, DATA, CASES = sys.argv[1:6]
ENV = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY",
                                                        "DBUS_SESSION_BUS_ADDRESS")}
ENV["LANG"] = "C.UTF-8"
failures = 0


def run(*args):
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, env=ENV, timeout=300)
    return done.returncode, done.stdout, done.stderr


def check(name, condition, detail=""):
    global failures
    print(("ok" if condition else "not ok"), "-", name, "" if condition else f"# {detail}")
    failures += not condition


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def one_line(text):
    return text.startswith("ketamine-viewer: ") and text.count("\n") == 1


def table(name):
    return os.path.join(FILES, name)


def in_folder(folder):
    cohort = os.path.join(folder, "x.cohort")
    none = os.path.join(folder, "none.cohort")
    sample = [os.path.join(SAMPLE, n + ".csv") for n in ("patients", "assessments", "treatments",
                                                         "adverse_events")]

    status, out, err = run("import", *sample, "--into", cohort, "--dry-run")
    check("dry run writes nothing", status == 0 and not os.path.exists(cohort)
          and "assessments.csv" in out, err)
    status, out, err = run("import", *sample, "--into", cohort, "--format", "json")
    counts = json.loads(out)["counts"] if status == 0 else {}
    check("sample", status == 0 and counts.get("new_patients") == 280
          and counts.get("scores") == 6892, err)
    check("cohort is private", os.stat(cohort).st_mode & 0o777 == 0o600)
    status, out, err = run("info", cohort, "--format", "json")
    info = json.loads(out) if status == 0 else {}
    nrs = next((m for m in info.get("measures", []) if m["id"] == "nrs"), {"n": [0]})
    check("info of the sample", info.get("patients") == 256 and info.get("screened") == 280
          and nrs["n"][0] == 240 and nrs["n"][-1] == 93, err)

    before = digest(cohort)
    status, out, err = run("import", table("numbers.csv"), "--into", cohort)
    check("problems refuse", status == 1 and one_line(err) and "line 2" in err
          and digest(cohort) == before, err)
    check("problems are listed", "numbers.csv, line 4" in out, out)
    status, out, err = run("import", table("numbers.csv"), "--into", none, "--format", "csv")
    check("no file on refusal", status == 1 and not os.path.exists(none) and out.count("\n") == 10,
          out)
    status, out, err = run("import", table("numbers.csv"), "--into", none, "--accept-problems",
                           "--format", "json")
    check("accepted problems are left out", status == 0
          and json.loads(out)["counts"]["scores"] == 4, err)

    never = os.path.join(folder, "never.cohort")
    status, out, err = run("import", table("codes.csv"), "--into", never)
    check("hint: missing code", status == 1 and one_line(err) and "--missing-code 999" in err
          and not os.path.exists(never), err)
    coded = os.path.join(folder, "coded.cohort")
    status, out, err = run("import", table("codes.csv"), "--into", coded, "--missing-code", "999",
                           "--missing-code", "-9")
    check("hint: missing code followed", status == 0 and "Read as missing: 2" in out, err)
    dated = os.path.join(folder, "dated.csv")
    with open(dated, "w") as file:
        file.write("patient_id,date,nrs\nA1,2024-01-02,5\nA1,2024-02-02,4\n")
    status, out, err = run("import", dated, "--into", never)
    check("hint: index date", status == 1 and one_line(err) and "inclusion_date" in err
          and "treatments" in err and not os.path.exists(never), err)
    included = os.path.join(folder, "included.csv")
    with open(included, "w") as file:
        file.write("patient_id,inclusion_date\nA1,2024-01-02\n")
    status, out, err = run("import", dated, included, "--into",
                           os.path.join(folder, "dated.cohort"))
    check("hint: index date followed", status == 0 and "scores 2" in out, out + err)

    for name, arguments, word, expected in (
        ("question", [os.path.join(DATA, "labor_pain.csv")], "--time", 1),
        ("redcap", [table("redcap_export.csv")], "REDCap", 1),
        ("missing file", [table("nothing.csv")], "nothing.csv", 1),
        ("empty", [table("empty.csv")], "empty.csv", 1),
        ("no such column", [table("duplicates_clean.csv"), "--patient", "who"], "--patient", 1),
        ("bad value", [table("duplicates_clean.csv"), "--decimal", "dot"], "--decimal", 2),
        ("bad kind", [table("duplicates_clean.csv"), "--as", "duplicates_clean.csv=sheet"], "--as",
         2),
        ("unknown option", [table("duplicates_clean.csv"), "--colour", "x"], "--colour", 2),
    ):
        target = os.path.join(folder, name.replace(" ", "-") + ".cohort")
        status, out, err = run("import", *arguments, "--into", target)
        check(name, status == expected and one_line(err) and word in err
              and not os.path.exists(target), f"{status} {err}")
    status, out, err = run("import", table("duplicates_clean.csv"))
    check("no --into", status == 2 and one_line(err), err)
    status, out, err = run("import", table("duplicates_clean.csv"), "--into", table("numbers.csv"))
    check("not a cohort", status == 1 and one_line(err), err)

    labour = os.path.join(folder, "labour.cohort")
    status, out, err = run("import", os.path.join(DATA, "labor_pain.csv"), "--into", labour,
                           "--as", "labor_pain.csv=scores", "--patient", "id",
                           "--time", "time_min", "--time-unit", "minute", "--measure",
                           "pain_mm:0:100", "--arm", "treatment")
    check("labour pain", status == 0, err)
    status, out, err = run("analyze", "summary", labour, "--format", "json")
    rows = json.loads(out)["rows"] if status == 0 else []
    for minute in (30, 60, 90, 120, 150, 180):
        with open(os.path.join(CASES, "summary",
                               f"summary__labor_pain__by_time__time_min_{minute}.json")) as file:
            mean = json.load(file)["expected"]["mean"]
        ours = [r["estimate"] for r in rows if r["statistic"] == "mean" and r["time"] == minute
                and r["group"] in (None, "", "all")]
        check(f"labour pain, mean at {minute} min", len(ours) == 1 and abs(ours[0] - mean) < 1e-9,
              f"{ours} {mean} {err}")
    status, out, err = run("import", table("measurements.csv"), "--mapping", table("map.ini"),
                           "--into", os.path.join(folder, "m.cohort"))
    check("mapping file", status == 0, err)


def whole(path):
    """What of the sample is in a cohort that is there."""
    with sqlite3.connect(path) as db:
        return [db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("patient", "score",
                "treatment", "adverse_event")]


def kill_while_making(folder, n):
    """Killed at any moment, the command leaves the whole cohort or none; the next one tidies up."""
    cohort = os.path.join(folder, "new.cohort")
    sample = [os.path.join(SAMPLE, name + ".csv") for name in ("patients", "assessments",
                                                               "treatments", "adverse_events")]
    command = [PROGRAM, "import", *sample, "--into", cohort]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": ENV}
    began = time.monotonic()
    subprocess.run(command, timeout=300, check=True, **quiet)
    lasts = time.monotonic() - began
    complete = whole(cohort)
    os.remove(cohort)
    chance = random.Random(136)
    partial, stale, made = [], 0, 0
    for i in range(n):
        process = subprocess.Popen(command, **quiet)
        if i % 2 == 0:
            time.sleep(chance.uniform(0.2, 1.1) * lasts)
        else:  # while it writes
            until = time.monotonic() + 20
            while (time.monotonic() < until and process.poll() is None
                   and not any(f.startswith(".cohort-new-") for f in os.listdir(folder))):
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.3) * lasts)
        process.kill()
        process.wait()
        stale += any(f.startswith(".cohort-new-") for f in os.listdir(folder))
        private = all(os.stat(os.path.join(folder, f)).st_mode & 0o077 == 0
                      for f in os.listdir(folder))
        if not private:
            partial.append("readable by others")
        if os.path.exists(cohort):
            made += 1
            if whole(cohort) != complete:
                partial.append(whole(cohort))
            os.remove(cohort)
    check("killed while making a cohort", not partial, partial)
    check("some were killed while writing", stale > 0, f"{stale} of {n}, {made} made")
    subprocess.run(command, timeout=300, check=True, **quiet)
    check("left-overs are removed", os.listdir(folder) == ["new.cohort"]
          and whole(cohort) == complete, os.listdir(folder))


with tempfile.TemporaryDirectory() as scratch:
    kill_while_making(scratch, int(os.environ.get("KTM_KILLS", "10")))
with tempfile.TemporaryDirectory() as scratch:
    in_folder(scratch)
sys.exit(1 if failures else 0)
