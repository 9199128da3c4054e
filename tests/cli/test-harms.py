#!/usr/bin/python3
"""Adverse events of the sample cohort, counted again from the cohort file with other code than the
program's.

usage: test-harms.py VIEWER COHORT """
import json
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
from statistics import NormalDist

VIEWER, COHORT = sys.argv[1:3]
Z = NormalDist().inv_cdf(0.975)


def analyze(name, *options, cohort=COHORT):
    out = subprocess.run([VIEWER, "analyze", name, cohort, "--format", "json", *options],
                         check=True,
                         capture_output=True, timeout=300, env={"LC_ALL": "C.UTF-8"})
    return json.loads(out.stdout)


def rows(report, statistic, subject=None, group=None):
    return [r for r in report["rows"] if r["statistic"] == statistic and r.get("subject") == subject
            and r["group"] == group]


def close(got, wanted, what, tolerance=1e-9):
    assert got is not None and abs(got - wanted) <= tolerance * max(1,
            abs(wanted)), f"{what}: {got}, not {wanted}"


def wilson(x, n):
    p, z2 = x / n, Z * Z
    middle, half = (p + z2 / (2 * n)) / (1 + z2 / n), Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n
            + z2 / (4 * n * n))
    return middle - half, middle + half


def binomial_tail(x, n, p):
    """P(X >= x)"""
    return sum(math.comb(n, k) * p ** k * (1 - p) ** (n - k) for k in range(x, n + 1))


def poisson_cdf(k, mean):
    return sum(math.exp(-mean + j * math.log(mean) - math.lgamma(j + 1))
               for j in range(k + 1)) if mean > 0 else 1.0


def share(row, x, n, what):
    assert row["n"] == n, f"{what}: n {row['n']}, not {n}"
    low, high = wilson(x, n)
    close(row["estimate"], x / n, what)
    close(row["low"], low, what)
    close(row["high"], high, what)


class Counted:
    """Everything by sets of (patient, visit), from SQL."""

    def __init__(self):
        db = sqlite3.connect(f"file:{COHORT}?mode=ro", uri=True)
        stops = db.execute("SELECT id, stop_time, stop_reason FROM patient WHERE included")
        self.patients = {i: (stop, reason) for i, stop, reason in stops}
        self.times = dict(db.execute("SELECT position, time FROM visit"))
        answers = {(p, v): a for p, v, a in
                   db.execute("SELECT patient, visit, any_event FROM safety_visit")
                   if p in self.patients}
        severity, related = ["", "mild", "moderate", "severe"], ["", "no", "possible", "yes"]
        self.events = [(p, v, term, severity[s], related[r], serious) for p, v, term, s, r,
                       serious in db.execute(
            "SELECT patient, visit, term, severity, related, serious FROM adverse_event")
                       if p in self.patients]
        self.asked = set(answers) | {(e[0], e[1]) for e in self.events}
        self.yes = {k for k, a in answers.items() if a} | {(e[0], e[1]) for e in self.events}

    def at(self, pairs, visit):
        return {p for p, v in pairs if v == visit}


def check_visits(c):
    report = analyze("adverse-events")
    by_time = {r["time"]: r for r in rows(report, "proportion") if r["time"] is not None}
    severe = {r["time"]: r for r in rows(report, "proportion", "severe") if r["time"] is not None}
    bad = {(e[0], e[1]) for e in c.events if e[3] == "severe"}
    for visit, time in c.times.items():
        n = len(c.at(c.asked, visit))
        if n == 0:
            assert time not in by_time, f"nobody was asked at {time}"
            continue
        share(by_time[time], len(c.at(c.yes, visit)), n, f"rate at {time}")
        share(severe[time], len(c.at(bad, visit)), n, f"severe at {time}")
    assert len(by_time) == 13
    close(by_time[0.25]["estimate"], 108 / 218, "the drawing's week 1")
    ever, had = {p for p, _ in c.asked}, {p for p, _ in c.yes}
    share(rows(report, "proportion", "any")[0], len(had), len(ever), "any visit")
    assert (len(had), len(ever)) == (190, 241)
    assert [x["n"] for x in report["excluded"]] == [len(c.patients) - len(ever)]
    close(rows(report, "event_rate")[0]["estimate"], 100 * len(c.events) / len(c.asked),
          "events per 100 visits")
    serious = [e for e in c.events if e[5] == 1]
    assert rows(report, "events", "serious")[0]["estimate"] == len(serious)
    assert rows(report, "events", "events")[0]["estimate"] == len(c.events) == 669
    for word, subject in (("yes", "related"), ("possible", "related, possible"),
                          ("no", "related, no")):
        assert rows(report, "events", subject)[0]["estimate"] == sum(e[4] == word
                for e in c.events), subject
    return report


def check_terms(c, report):
    ever, order = {p for p, _ in c.asked}, ["mild", "moderate", "severe"]
    for term in {e[2] for e in c.events}:
        worst = {}
        for e in c.events:
            if e[2] == term:
                worst[e[0]] = max(worst.get(e[0], 0), order.index(e[3]))
        share(rows(report, "event_patients", term)[0], len(worst), len(ever), term)
        for k, grade in enumerate(order):
            share(rows(report, "event_patients", f"{term}, {grade}")[0],
                  sum(w == k for w in worst.values()), len(ever),
                  f"{term} {grade}")
            assert rows(report, "events", f"{term}, {grade}")[0]["estimate"] == \
                sum(e[2] == term and e[3] == grade for e in c.events)
        assert rows(report, "events", term)[0]["estimate"] == sum(e[2] == term for e in c.events)


def check_leaving(c, report):
    week1 = next(v for v, t in c.times.items() if t == 0.25)
    asked, yes = c.at(c.asked, week1), c.at(c.yes, week1)
    left = {p for p, (stop, _) in c.patients.items() if stop is not None and stop < 6}
    a, b, n1, n2 = len(yes & left), len((asked - yes) & left), len(yes), len(asked - yes)
    share(rows(report, "proportion_stopped", "event")[0], a, n1, "left with an event")
    share(rows(report, "proportion_stopped", "no event")[0], b, n2, "left without")
    (l1, u1), (l2, u2), p1, p2 = wilson(a, n1), wilson(b, n2), a / n1, b / n2
    rd = rows(report, "rd")[0]
    close(rd["estimate"], p1 - p2, "risk difference")
    close(rd["low"], p1 - p2 - math.hypot(p1 - l1, u2 - p2), "Newcombe low")
    close(rd["high"], p1 - p2 + math.hypot(u1 - p1, p2 - l2), "Newcombe high")
    assert (a, n1, b, n2) == (44, 108, 36, 110)
    for reason in {r for _, r in c.patients.values() if r}:
        for row in rows(report, "proportion_stopped", reason):
            before = 12 if row["time"] is None else row["time"]
            x = sum(r == reason and s is not None and s < before for s, r in c.patients.values())
            share(row, x, len(c.patients), f"{reason} before {before}")


def check_first(c, report):
    """Kaplan–Meier by hand."""
    last, first = {}, {}
    for p, v in c.asked:
        last[p] = max(last.get(p, 0), c.times[v])
    for p, v in c.yes:
        first[p] = min(first.get(p, 99), c.times[v])
    survival = 1.0
    for row in sorted(rows(report, "first_event"), key=lambda r: r["time"]):
        t = row["time"]
        at_risk = sum(first.get(p, last[p]) >= t for p in last)
        survival *= 1 - sum(first.get(p) == t for p in last) / at_risk
        close(row["estimate"], 1 - survival, f"first event by {t}")
    assert abs(survival - 0.14) < 0.02


def check_exact():
    for row in rows(analyze("adverse-events", "--interval", "exact"), "proportion"):
        if row["time"] is None:
            continue
        n, x = row["n"], round(row["n"] * row["estimate"])
        close(binomial_tail(x, n, row["low"]), 0.025, "Clopper–Pearson low", 1e-7)
        close(1 - binomial_tail(x + 1, n, row["high"]), 0.025, "Clopper–Pearson high", 1e-7)


def check_events(c):
    """Where nobody has two events the limits are Garwood's; else they are wider."""
    for row in rows(analyze("adverse-events", "--count", "events"), "events_per_100"):
        visit = next(v for v, t in c.times.items() if t == row["time"])
        counts = {p: 0 for p in c.at(c.asked, visit)}
        for e in c.events:
            if e[1] == visit:
                counts[e[0]] += 1
        n, x = len(counts), sum(counts.values())
        assert row["n"] == n
        close(row["estimate"], 100 * x / n, f"events at {row['time']}")
        variance = sum((k - x / n) ** 2 for k in counts.values()) / (n - 1)
        spread = max(1.0, variance / (x / n))
        if spread == 1.0:
            close(poisson_cdf(x, row["high"] * n / 100), 0.025, "Garwood high", 1e-7)
            close(1 - poisson_cdf(x - 1, row["low"] * n / 100), 0.025, "Garwood low", 1e-7)
        else:
            assert poisson_cdf(x, row["high"] * n / 100) < 0.025, "wider than Garwood's"


def check_chosen(c):
    chosen = {(e[0], e[1]) for e in c.events if e[3] == "severe" and e[4] in ("yes", "possible")}
    report = analyze("adverse-events", "--grade", "severe", "--related", "possible")
    ever = {p for p, _ in c.asked}
    share(rows(report, "proportion", "any")[0], len({p for p, _ in chosen}), len(ever),
          "severe and related")
    for row in rows(report, "proportion"):
        if row["time"] is not None:
            visit = next(v for v, t in c.times.items() if t == row["time"])
            share(row, len(c.at(chosen, visit)), len(c.at(c.asked, visit)),
                  f"chosen at {row['time']}")


def check_arms():
    """CONSORT Harms of a trial of 12 patients in two arms, counted by hand."""
    arm = {p: ("ketamine" if p <= 7 else "placebo") for p in range(1, 13)}
    events = [(1, "nausea", "mild"), (1, "nausea", "severe"), (2, "nausea", "mild"),
              (2, "dizziness", "moderate"),
              (3, "dizziness", "mild"), (4, "dizziness", "mild"), (8, "nausea", "mild"),
              (5, "headache", "mild")]
    with tempfile.TemporaryDirectory() as folder:
        def table(name, *lines):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write("\n".join(lines) + "\n")
            return path
        quiet = {7, 12}  # never asked

        def asked(p, m):
            return "" if m == 0 or p in quiet else int(any(e[0] == p for e in events))

        sources = [
            table("patients.csv", "patient_id,arm,sex",
                  *(f"T{p:02},{a},{'F' if p % 2 else 'M'}" for p, a in arm.items())),
            table("scores.csv", "patient_id,month,nrs,ae_any",
                  *(f"T{p:02},{m},{8 - m if p != 9 else 7},{asked(p, m)}"
                    for p in arm for m in (0, 1))),
            table("events.csv", "patient_id,month,ae_term,ae_severity",
                  *(f"T{p:02},1,{t},{g}" for p, t, g in events))]
        cohort = os.path.join(folder, "trial.cohort")
        done = subprocess.run([VIEWER, "import", *sources, "--into", cohort, "--accept-problems"],
                              capture_output=True,
                              text=True, timeout=300, env={"LC_ALL": "C.UTF-8"})
        assert done.returncode == 0, done.stdout + done.stderr
        report = analyze("consort-harms", cohort=cohort)
    for name, patients, asked in (("ketamine", 7, 6), ("placebo", 5, 4)):
        def count(subject, statistic="events"):
            return rows(report, statistic, subject, name)[0]["estimate"]
        assert (count("patients"), count("asked")) == (patients, asked), name
        mine = [e for e in events if arm[e[0]] == name]
        assert count("events") == len(mine)
        share(rows(report, "proportion", "any", name)[0], len({e[0] for e in mine}), asked,
              f"any, {name}")
        share(rows(report, "proportion", "severe", name)[0],
              len({e[0] for e in mine if e[2] == "severe"}), asked, name)
        for term in ("nausea", "dizziness", "headache"):
            share(rows(report, "event_patients", term, name)[0],
                  len({e[0] for e in mine if e[1] == term}), asked,
                  f"{term}, {name}")
            assert count(f"{term}, events") == sum(e[1] == term for e in mine)
    assert not rows(report, "proportion", "any"), "arms, and no column of everybody"
    for subject, a, b in (("any", 5, 1), ("severe", 1, 0), ("nausea", 2, 1), ("dizziness", 3, 0),
                          ("headache", 1, 0)):
        rd = rows(report, "rd", subject, "ketamine")[0]
        assert (rd["n"], rd["n2"], rd["versus"]) == (6, 4, "placebo")
        (l1, u1), (l2, u2) = wilson(a, 6), wilson(b, 4)
        close(rd["estimate"], a / 6 - b / 4, subject)
        close(rd["low"], a / 6 - b / 4 - math.hypot(a / 6 - l1, u2 - b / 4), subject)
        close(rd["high"], a / 6 - b / 4 + math.hypot(u1 - a / 6, b / 4 - l2), subject)
    assert [x["n"] for x in report["excluded"]] == [2]


def main():
    counted = Counted()
    report = check_visits(counted)
    check_terms(counted, report)
    check_leaving(counted, report)
    check_first(counted, report)
    check_exact()
    check_events(counted)
    check_chosen(counted)
    check_arms()


main()
