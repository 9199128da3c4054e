#!/usr/bin/python3
"""run-cli.py PROGRAM COHORT DOCUMENT: every analysis on the sample by the command line, and every
way to ask wrongly."""
import csv
import io
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAM, COHORT, DOCUMENT = sys.argv[1:4]
ENV = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
ENV["LANG"] = "C.UTF-8"
ENV.pop("LANGUAGE", None)
KEYS = ["group", "versus", "time", "statistic", "n", "n2", "estimate", "se", "low", "high",
        "level", "test", "df", "df2", "p",
        "p_adjusted", "method", "note"]


def run(*args, status=0):
    done = subprocess.run([PROGRAM, *args], env=ENV, capture_output=True, timeout=300)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == status, (args, done.returncode, err)
    if status:
        assert out == "" and err.count("\n") == 1 and \
            err.startswith("ketamine-viewer: "), (args, out, err)
    return err if status else out


def refuse(constant):
    raise ValueError(constant)


def analyze(name, *args):
    return json.loads(run("analyze", name, COHORT, "--format", "json", *args),
                      parse_constant=refuse)


def row(report, statistic, group=None, subject=None, time=None, versus=None):
    for r in report["rows"]:
        if (r["statistic"] == statistic and r["group"] == group
                and (subject is None or r["subject"] == subject)
                and (time is None or r["time"] == time)
                and (versus is None or r["versus"] == versus)):
            return r
    raise AssertionError((report["analysis"], statistic, group, subject))


def close(value, expected, step):
    assert abs(value - expected) <= step / 2 + 1e-9, (value, expected)


def check_by_number():
    r = analyze("change", "--by", "age", "--no-model")  # R: t.test(d[age <= median(age)])
    assert r["selection"]["by"] == "age"
    for group, n, change in (("Age up to 52", 47, -0.5745), ("Age above 52", 40, -1.275)):
        assert row(r, "mean_diff", group, time=12)["n"] == n
        close(row(r, "mean_diff", group, time=12)["estimate"], change, 0.0001)
    # R: oneway.test(d ~ cut(age, c(-Inf, 40, 60, Inf)))
    r = analyze("compare", "--by", "age:40,60")
    close(row(r, "welch_f", time=12)["p"], 0.09241, 0.00001)
    assert {g["group"] for g in r["rows"]} >= {"Age up to 40", "Age above 40 to 60", "Age above 60"}


def check_numbers():
    r = analyze("change", "--by", "pain_type", "--to", "12")
    assert r["schema"] == "ketamine-viewer/analysis/1"
    assert r["measure"] == "nrs" and r["seed"] is None
    r2 = analyze("summary", "--by", "sex", "--groups", "F, M")
    assert r2["selection"]["groups"] == ["F", "M"]
    for words in ("in F", "in (F)", 'in ("F")'):
        assert row(analyze("table1", "--where", "sex " + words), "n")["n"] == 175
    assert r["selection"] == {"where": [], "by": "pain_type", "from": 0, "to": 12,
                              "missing": "available"}
    assert r["excluded"] == [{"reason": "no score at month 12", "n": 163},
                             {"reason": "no score at baseline", "n": 6}]
    for group, n, effect in ((None, 87, 0.46), ("neuropathic", 35, 0.60),
                             ("fibromyalgia", 33, 0.55), ("CRPS", 5, 0.83)):
        d = row(r, "d_av", group, time=12)
        assert d["n"] == n and list(d) == KEYS
        close(d["estimate"], effect, 0.01)
    close(row(r, "mmrm_change")["estimate"], -1.0, 0.1)
    assert row(r, "mmrm_change")["n"] == 254
    r = analyze("responder")
    assert (row(r, "proportion", subject=">= 30%")["n"],
            row(r, "proportion_missing_no", subject=">= 30%")["n"]) == (87, 256)
    r = analyze("change", "--where", "sex = F", "--where", "age >= 50", "--missing", "locf",
                "--no-model", "--level", "0.9")
    assert r["selection"]["where"] == ["sex = F",
                                       "age >= 50"] and r["selection"]["missing"] == "locf"
    assert row(r, "mean_diff")["level"] == 0.9 and r["warnings"]
    assert analyze("change", "--resamples", "500", "--seed", "7") == analyze("change",
            "--resamples", "500", "--seed", "7")
    r = analyze("responder", "--definition", 'nrs >= 50% and not stop "lack of effect"')
    assert {x["statistic"] for x in r["rows"]} >= {"proportion", "condition", "condition_left"}
    check_response()


def check_response():
    """The numbers of independent scripts for the sample cohort."""
    r = analyze("responder", "--by", "pain_type", "--definition",
                "nrs >= 30% and nrs >= 2 and no event severe")
    rates = {"proportion": (22, 87), "proportion_missing_no": (22, 256),
             "proportion_last_state": (64, 256)}
    for statistic, (yes, n) in rates.items():
        found = row(r, statistic, group=None, time=12)
        assert found["n"] == n
        close(found["estimate"], yes / n, 1e-9)
    alone = [round(x["estimate"] * x["n"]) for x in r["rows"] if x["statistic"] == "condition"]
    left = [round(x["estimate"] * x["n"]) for x in r["rows"] if x["statistic"] == "condition_left"]
    assert (alone, left) == ([26, 30, 76], [26, 25, 22])
    for statistic, value, low, high in (("rd", 0.19, -0.02, 0.38), ("rr", 2.04, 0.88, 4.74),
                                        ("or", 2.66, 0.87, 8.14)):
        found = row(r, statistic, group="neuropathic", versus="fibromyalgia")
        assert (found["n"], found["n2"]) == (35, 33)
        for key, want in (("estimate", value), ("low", low), ("high", high)):
            close(found[key], want, 0.01)
    close(row(r, "fisher", group="neuropathic", versus="fibromyalgia")["p"], 0.11, 0.01)
    close(row(r, "fisher", group=None, time=6)["p"], 0.001, 0.001)
    close(row(r, "fisher", group=None, time=12)["p"], 0.079, 0.001)
    table = {"neuropathic": "25/73 22/65 24/48 13/35", "fibromyalgia": "16/76 16/63 8/49 6/33",
             "nociceptive": "3/29 5/22 8/21 1/14", "CRPS": "6/25 11/21 10/18 2/5"}
    for group, cells in table.items():
        for time, cell in zip((1, 3, 6, 12), cells.split()):
            found = [x for x in r["rows"] if (x["statistic"], x["group"],
                                              x["time"]) == ("proportion", group, time)]
            yes, n = map(int, cell.split("/"))
            assert len(found) == 1 and found[0]["n"] == n, (group, time, found)
            assert round(found[0]["estimate"] * n) == yes, (group, time, found)
    text = run("analyze", "responder", COHORT, "--by", "pain_type")
    assert "months        1" in text and "24/48" not in text, text
    assert "25/48 · 52 % [38, 66]" in text, text
    close(row(r, "kappa")["estimate"], 0.36, 0.01)
    assert row(r, "kappa")["n"] == 80  # one more would have no baseline
    r = analyze("pgic")
    for time, n, improved, much in ((1, 210, 100, 58), (3, 174, 99, 53), (6, 130, 75, 39),
                                    (9, 110, 57, 34), (12, 85, 36, 13)):
        for statistic, x in (("improved", improved), ("much_improved", much)):
            found = row(r, statistic, group=None, time=time)
            assert found["n"] == n
            close(found["estimate"], x / n, 1e-9)
    r = analyze("pgic", "--by", "pain_type")
    for group, n, improved, much in (("neuropathic", 35, 17, 6), ("fibromyalgia", 32, 12, 5),
                                     ("nociceptive", 13, 4, 1),
                                     ("CRPS", 5, 3, 1)):
        for statistic, x in (("improved", improved), ("much_improved", much)):
            found = row(r, statistic, group=group, time=12)
            assert found["n"] == n
            close(found["estimate"], x / n, 1e-9)


def check_flow():
    """Counted in R from the tables of the sample."""
    r = analyze("flow")
    def at(statistic, time=None, subject=None):
        return next(x["estimate"] for x in r["rows"] if (x["statistic"], x["time"],
                                                         x["subject"]) == (statistic, time,
                                                                 subject))
    assert (at("n_screened"), at("n_excluded"), at("n_included")) == (280, 24, 256)
    assert at("n_excluded", subject="several ketamine procedures") == 19
    for time, seen, missed, gone in ((1, 217, 8, 31), (3, 181, 7, 68), (6, 144, 10, 102),
                                     (12, 93, 0, 163)):
        assert (at("n_seen", time), at("n_missed", time), at("n_gone", time)) == (seen, missed,
                gone)
    reasons = {"adverse events": 8, "lack of effect": 11, "lost to follow-up": 23, "other": 2,
               "pain relieved": 6}
    for reason, n in reasons.items():
        assert at("n_stopped", 1, reason) == n
    assert (at("n_baseline"), at("n_followed"), at("n_analysed", 12)) == (240, 225, 87)
    r = analyze("flow", "--where", "sex = F", "--by", "pain_type")
    assert (at("n_selected"), row(r, "n_analysed", "fibromyalgia")["n"]) == (175,
            row(r, "n_baseline", "fibromyalgia")["n"])


def check_measures():
    """t.test, wilcox.test, cor.test and p.adjust of R 4.2 on the tables of the sample."""
    r = analyze("measures")
    assert r["measure"] is None
    for m, n, before, after, change, of_means, individual, d, p in (
            ("nrs", 87, 6.54023, 5.643678, -0.8965517, -13.70826, -8.821839, 0.4642157,
             0.0007093567),
            ("hads_d", 73, 9.821918, 9.547945, -0.2739726, -2.7894, 10.09504, 0.06524946, 1),
            ("sf12_pcs", 82, 32.41098, 33.75976, 1.34878, 4.161493, 9.144847, 0.218983,
             0.7451291787),
            ("npsi", 35, 48.25714, 41.45714, -6.8, -14.09118, -12.05403, 0.4344964, 0.0178819364)):
        for statistic, expected in (("mean_x", before), ("mean_y", after), ("mean_diff", change),
                                    ("d_av", d),
                                    ("percent_change_of_means", of_means),
                                    ("mean_percent_change", individual)):
            found = row(r, statistic, subject=m)
            assert found["n"] == n and found["time"] == 12
            assert math.isclose(found["estimate"], expected, rel_tol=1e-6), (m, statistic,
                    found["estimate"])
        test = row(r, "wilcoxon_v" if m == "nrs" else "t", subject=m)
        assert math.isclose(test["p_adjusted"], p, rel_tol=1e-6)
    for pair, n, rho in (("nrs × npsi", 35, 0.7244765), ("nrs × hads_a", 81, 0.2973899),
                         ("hads_d × sf12_mcs", 59, -0.1916905)):
        found = row(r, "spearman_rho", subject=pair)
        assert found["n"] == n and math.isclose(found["estimate"], rho, rel_tol=1e-6)
    assert row(r, "mean", subject="pgic")["n"] == 85
    assert row(analyze("measures", "--adjust", "none"), "t", subject="npsi")["p_adjusted"] is None
    assert "sign" in run("analyze", "measures", COHORT, "--test", "anova", status=1)


def check_formats():
    listed = json.loads(run("list", "analyses", "--format", "json"))
    known = {s["statistic"] for s in listed["statistics"]}
    with open(DOCUMENT, encoding="utf-8") as file:
        text = file.read()
    for key in known | {entry["id"] for entry in listed["analyses"]}:
        assert f"| `{key}` |" in text, f"docs/analyses.md does not name {key}"
    for entry in listed["analyses"]:
        options = ["--by", "sex"]
        if "class" in entry["id"]:
            options = ["--classes", "2", "--starts", "5"]
        report = analyze(entry["id"], *options)
        assert report["rows"], entry["id"]
        assert {r["statistic"] for r in report["rows"]} <= known, {r["statistic"]
                for r in report["rows"]} - known
        if "class" in entry["id"]:  # slow, and printed by the same code
            continue
        text = run("analyze", entry["id"], COHORT, *options)
        assert "Methods" in text and "nan" not in text and "{1}" not in text
        table = list(csv.reader(io.StringIO(run("analyze", entry["id"], COHORT, "--format", "csv",
                                                *options), newline="")))
        assert len(table) == len(report["rows"]) + 1 and len({len(line) for line in table}) == 1
        at = table[0].index("estimate")
        for line, r in zip(table[1:], report["rows"]):
            assert (line[at] == "") == (r["estimate"] is None)
            assert r["estimate"] is None or math.isclose(float(line[at]), r["estimate"])
    info = json.loads(run("info", COHORT, "--format", "json"))
    assert (info["patients"], info["screened"], info["centres"]) == (256, 280, 30)
    assert "256" in run("info", COHORT) and run("info", COHORT, "--format",
                                                "csv").startswith("what,id,")
    assert "trajectories" in run("list", "charts")


def check_grolts(folder, cohort):
    """Sixteen items in 21 lines, in a folder and as a PDF; nothing is overwritten, no code gets
    out."""
    target, page = os.path.join(folder, "grolts"), os.path.join(folder, "grolts.pdf")
    asked = ("analyze", "trajectory-classes", cohort, "--classes", "3", "--starts", "5", "--grolts")
    run(*asked, target)
    with open(os.path.join(target, "checklist-en.csv"), encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    numbers = [line[0] for line in lines[1:]]
    assert numbers == ["1", "2", "3a", "3b", "3c", "4", "5", "6a", "6b", "7", "8", "9", "10", "11",
                       "12", "13", "14a", "14b", "14c",
                       "15", "16"], numbers
    assert all(len(line) == 3 and line[2] and "{" not in line[2] and "nan" not in line[2].split()
               for line in lines)
    assert "254" in lines[5][2] and "--seed 1" in lines[-1][2]
    names = set(os.listdir(target))
    assert names >= {"checklist-fr.html", "methods-en.txt", "results.csv", "distributions.csv",
                     "classes.png", "classes.svg",
                     "class-models.png", "class-models.svg", "model.json", "recipe.json"}, names
    for name in names:
        with open(os.path.join(target, name), "rb") as file:
            assert b"K001" not in file.read(), name
    assert "already" in run(*asked, target, status=1)
    run(*asked, page)
    with open(page, "rb") as file:
        assert file.read(5) == b"%PDF-"
    curved = os.path.join(folder, "curved")
    run(*asked[:3], "--classes", "2", "--starts", "4", "--shape", "spline", "--knots", "0,1,6,12",
        "--sigma-by-class", "--grolts",
        curved)
    with open(os.path.join(curved, "recipe.json"), encoding="utf-8") as file:
        recipe = json.load(file)
    assert (recipe["shape"], recipe["knots"], recipe["sigma-by-class"]) == ("spline", "0,1,6,12",
            True), recipe
    again = os.path.join(folder, "curved.svg")
    run("chart", "--recipe", os.path.join(curved, "recipe.json"), cohort, "--output", again)
    with open(again, encoding="utf-8") as one, open(os.path.join(curved, "model.json"),
                                                    encoding="utf-8") as two:
        assert "spline" in one.read() and json.load(two)["shape"] == "spline"


def check_saved_classes(folder):
    """Kept beside the cohort and in it, then used again: the same classes, and no patient in the
    file."""
    copy, model = os.path.join(folder, "copy.cohort"), os.path.join(folder, "MODEL.json")
    shutil.copy(COHORT, copy)
    fitted = json.loads(run("analyze", "trajectory-classes", copy, "--format", "json", "--classes",
                            "3", "--starts", "5", "--save", model))
    run("analyze", "trajectory-classes", copy, "--classes", "2", "--starts", "5", "--save", "Two")
    run("analyze", "trajectory-classes", copy, "--classes", "3", "--starts", "5", "--save", "Three")
    with open(model, encoding="utf-8") as file:
        text = file.read()
    kept = json.loads(text, parse_constant=refuse)
    assert kept["schema"] == "ketamine-viewer/trajectory-classes/1" and "K001" not in text
    close(kept["log_likelihood"], -3420.58, 0.01)
    for source in (["--apply", model], ["--apply", copy, "--saved", "Three"]):
        again = json.loads(run("analyze", "trajectory-classes", copy, "--format", "json", *source))
        for name in ("Mild", "Moderate", "Severe"):
            assert row(again, "class_assigned", name)["n"] == row(fitted, "class_assigned",
                    name)["n"]
    assert "Two" in run("analyze", "trajectory-classes", copy, "--apply", copy, status=1)
    for option in ("--saved", "--model"):
        two = json.loads(run("analyze", "trajectory-classes", copy, "--apply", copy, option, "Two",
                             "--format", "json"))
        assert row(two, "class_assigned", "Mild")["n"] > 0
    check_grolts(folder, copy)
    kept["classes"][0]["share"] = -1
    for name, content in (("DAMAGED", kept), ("FOREIGN", {"schema": "something else"}),
                          ("LATER", {"schema": "ketamine-viewer/trajectory-classes/2"})):
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
            json.dump(content, file)


def check_refusals(folder):
    for status, says, args in (
            (1, "pain_type", ["analyze", "change", COHORT, "--by", "colour"]),
            (1, "ascending", ["analyze", "change", COHORT, "--by", "age:60,40"]),
            (1, "not a number", ["analyze", "change", COHORT, "--by", "sex:1"]),
            (1, "without levels", ["analyze", "change", COHORT, "--by", "age", "--groups", "F"]),
            (1, "hads_a", ["analyze", "change", COHORT, "--measure", "vas"]),
            (1, "0.25", ["analyze", "change", COHORT, "--to", "13"]),
            (1, "F, M", ["analyze", "change", COHORT, "--where", "sex = X"]),
            (1, "--where 'sex = X'", ["analyze", "change", COHORT, "--where", "sex = X"]),
            (1, "fibromyalgia", ["analyze", "compare", COHORT, "--by", "pain_type", "--groups",
                                 "neuropathic,migraine"]),
            (1, "--by", ["analyze", "compare", COHORT]),
            (1, "nrs", ["analyze", "responder", COHORT, "--definition", "vas >= 30%"]),
            (1, "what was put in", ["analyze", "compare", COHORT, "--by", "class"]),
            (1, "hads_a", ["analyze", "trajectory-classes", COHORT, "--measure", "hads_a",
                           "--apply", "MODEL"]),
            (1, "damaged", ["analyze", "trajectory-classes", COHORT, "--apply", "DAMAGED"]),
            (1, "no saved", ["analyze", "trajectory-classes", COHORT, "--apply", COHORT]),
            (1, "no saved", ["analyze", "trajectory-classes", COHORT, "--apply", "FOREIGN"]),
            (1, "later version", ["analyze", "trajectory-classes", COHORT, "--apply", "LATER"]),
            (1, "as many classes", ["analyze", "trajectory-classes", COHORT, "--degree", "1,2"]),
            (1, "no-such-patient", ["analyze", "class-outlook", COHORT, "--patient",
                                    "no-such-patient"]),
            (2, "--degree", ["analyze", "trajectory-classes", COHORT, "--degree", "5"]),
            (2, "--shape", ["analyze", "trajectory-classes", COHORT, "--shape", "wavy"]),
            (2, "without what predicts them", ["analyze", "class-predictors", COHORT, "--steps",
                                               "one", "--save", "X"]),
            (2, "--apply", ["analyze", "trajectory-classes", COHORT, "--apply", "MODEL",
                            "--classes", "3"]),
            (2, "--grolts", ["analyze", "trajectory-classes", COHORT, "--apply", "MODEL",
                             "--grolts", "x.pdf"]),
            (2, "--blrt", ["analyze", "change", COHORT, "--blrt", "9"]),
            (2, "--saved", ["analyze", "trajectory-classes", COHORT, "--saved", "A"]),
            (1, "missing.cohort", ["analyze", "change", "missing.cohort"]),
            (1, "", ["info", PROGRAM]),
            (2, "summary", ["analyze", "nonsense", COHORT]),
            (2, "--missing", ["analyze", "change", COHORT, "--missing", "last"]),
            (2, "--level", ["analyze", "change", COHORT, "--level", "95"]),
            (2, "--from", ["analyze", "change", COHORT, "--from", "1,5"]),
            (2, "--definition", ["analyze", "change", COHORT, "--definition", "nrs >= 2"]),
            (2, "--format", ["info", COHORT, "--format", "xml"]),
            (2, "--nonsense", ["analyze", "change", COHORT, "--nonsense"]),
            (2, "", ["analyze", "change"]),
            (2, "extra", ["info", COHORT, "extra"]),
            (2, "charts", ["list", "patients"])):
        args = [os.path.join(folder, a + ".json") if a in ("MODEL", "DAMAGED", "FOREIGN", "LATER")
                else a for a in args]
        assert says in run(*args, status=status), (args, says)
    for command in ("analyze", "info", "list"):
        assert f"ketamine-viewer {command}" in run(command, "--help")


check_numbers()
check_by_number()
check_flow()
check_measures()
check_formats()
with tempfile.TemporaryDirectory() as scratch:
    check_saved_classes(scratch)
    check_refusals(scratch)
print("ok")
