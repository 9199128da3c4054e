#!/usr/bin/python3
"""run-meta.py PROGRAM SAMPLE REFERENCE EXAMPLE: published studies imported and pooled by the
command line, against results computed elsewhere (REFERENCE), and every way a study table can be
wrong."""
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAM, SAMPLE, REFERENCE, EXAMPLE = sys.argv[1:5]
ENV = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
ENV["LANG"] = "C.UTF-8"
ENV.pop("LANGUAGE", None)
FOLDER = tempfile.mkdtemp()


def run(*args, status=0):
    done = subprocess.run([PROGRAM, *args], env=ENV, capture_output=True, timeout=300)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == status, (args, done.returncode, out, err)
    return err if status else out


def cohort(name, text=None, source=None, sample=False, options=()):
    """A cohort file with the studies of a table."""
    path = os.path.join(FOLDER, name + ".cohort")
    if sample:
        shutil.copyfile(SAMPLE, path)
        os.chmod(path, 0o600)
    if text is not None:
        source = os.path.join(FOLDER, name + ".csv")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
    run("import", source, "--into", path, *options)
    return path


def analyze(path, *args):
    def refuse(constant):
        raise ValueError(constant)
    return json.loads(run("analyze", "meta-analysis", path, "--format", "json", *args),
                      parse_constant=refuse)


def rows(report, statistic, subject=None, group=None):
    return [r for r in report["rows"] if r["statistic"] == statistic
            and (subject is None or r.get("subject") == subject)
            and (group is None or r["group"] == group)]


def near(value, expected, what, rel=1e-9):
    assert value is not None and abs(value - expected) <= rel * max(1, abs(expected)), (what,
            value, expected)


def reference(name):
    with open(os.path.join(REFERENCE, "cases", name), encoding="utf-8") as file:
        return json.load(file)["expected"]


def check_ways(path, effect, expected, ratio, sign):
    """All six results and the common effect, heterogeneity, intervals of tau2 and I2,
    predictions."""
    printed = math.exp if ratio else (lambda x: sign * x)
    for tau2 in ("dl", "reml", "pm"):
        for ci in ("wald", "hksj"):
            report = analyze(path, "--effect", effect, "--tau2", tau2, "--ci", ci, "--no-own")
            key = tau2 if ci == "wald" else tau2 + "_hksj"
            rel = 1e-6 if tau2 != "dl" else 1e-9
            for r in (rows(report, "pooled_" + effect)[0],
                      rows(report, "pooled_" + effect, f"{tau2} {ci}")[0]):
                low, high = printed(expected[key + "_ci_lo"]), printed(expected[key + "_ci_hi"])
                near(r["estimate"], printed(expected[key + "_estimate"]), key, rel)
                near(r["low"], min(low, high), key, rel)
                near(r["high"], max(low, high), key, rel)
            near(rows(report, "tau2")[0]["estimate"], expected[tau2 + "_tau2"], key, rel)
            near(rows(report, "tau2")[0]["low"], expected[tau2 + "_tau2_qprofile_lo"], key, rel)
            near(rows(report, "tau2")[0]["high"], expected["reml_tau2_qprofile_hi"], key,
                 1e-5)    # R cuts DL's
            near(rows(report, "i2_percent")[0]["estimate"], expected[tau2 + "_i2"], key, 1e-6)
            near(rows(report, "cochran_q")[0]["estimate"], expected["dl_q"], key)
            prediction = rows(report, "prediction_interval")[0]
            if ci == "hksj":
                low, high = printed(expected[key + "_pi_lo"]), printed(expected[key + "_pi_hi"])
            elif tau2 != "pm":
                low, high = printed(expected[tau2 + "_pi_hts_tkm2_lo"]), printed(expected[tau2
                        + "_pi_hts_tkm2_hi"])
            else:
                continue
            near(prediction["low"], min(low, high), key, 1e-6)
            near(prediction["high"], max(low, high), key, 1e-6)
    report = analyze(path, "--effect", effect, "--tau2", "none")
    near(rows(report, "pooled_" + effect)[0]["estimate"], printed(expected["fe_estimate"]),
         "common")
    near(rows(report, "i2_percent")[0]["estimate"], expected["fe_i2"], "common")


def check_leave_one_out(path, effect, expected, ratio, sign):
    report = analyze(path, "--effect", effect, "--tau2", "dl", "--ci", "wald")
    found = [r["estimate"] for r in rows(report, "pooled_" + effect, "leave-one-out")]
    wanted = [math.exp(x) if ratio else sign * x for x in expected["leave1out_dl_estimate"]]
    assert len(found) == len(wanted)
    for a, b in zip(found, wanted):
        near(a, b, "leave one out")


def check_events():
    path = cohort("lee", source=os.path.join(REFERENCE, "data", "meta_lee2004_ponv.csv"))
    for effect in ("rr", "or", "rd"):
        expected = reference(f"meta/meta__meta_lee2004_ponv__{effect.upper()}.json")
        check_ways(path, effect, expected, effect != "rd", 1)
        check_leave_one_out(path, effect, expected, effect != "rd", 1)
        report = analyze(path, "--effect", effect)
        near(rows(report, "egger_intercept")[0]["estimate"], expected["egger_lm_intercept"],
             "egger", 1e-8)
        near(rows(report, "egger_intercept")[0]["p"], expected["egger_lm_p"], "egger", 1e-8)
        report = analyze(path, "--effect", effect, "--method", "mh")
        expected = reference("meta_mantel_haenszel/meta_mantel_haenszel__meta_lee2004_ponv__mh__"
                             f"{effect.upper()}.json")
        pooled = rows(report, "pooled_" + effect)[0]
        near(pooled["estimate"], math.exp(expected["estimate"]) if effect != "rd"
             else expected["estimate"], "mh")
        near(pooled["low"], math.exp(expected["ci_lo"]) if effect != "rd" else expected["ci_lo"],
             "mh")
        near(pooled["p"], expected["p"], "mh", 1e-7)
        near(rows(report, "cochran_q")[0]["estimate"], expected["q"], "mh")
    expected = reference("meta_mantel_haenszel/"
                         "meta_mantel_haenszel__meta_lee2004_ponv__mh__PETO.json")
    pooled = rows(analyze(path, "--effect", "or", "--method", "peto"), "pooled_or")[0]
    near(pooled["estimate"], math.exp(expected["estimate"]), "peto")
    near(pooled["high"], math.exp(expected["ci_hi"]), "peto")
    slope = rows(analyze(path, "--effect", "rr", "--moderator", "year"), "meta_regression_slope")[0]
    assert slope["n"] == 16 and 0 < slope["p"] < 1


def check_means():
    source = os.path.join(REFERENCE, "data", "meta_normand1999_los.csv")
    path = cohort("normand", source=source, options=["--as", source + "=studies"])
    for effect, sign in (("md", 1),
                         ("smd", -1)):    # a standardised effect is positive for improvement
        expected = reference(f"meta/meta__meta_normand1999_los__{effect.upper()}.json")
        check_ways(path, effect, expected, False, sign)
        check_leave_one_out(path, effect, expected, False, sign)
    report = analyze(path)
    assert not rows(report, "egger_intercept")
    weights = [r["estimate"] for r in rows(report, "weight_percent")]
    near(sum(weights), 100, "weights")
    normand = reference("meta/meta__meta_normand1999_los__MD.json")
    for weight, wanted in zip(weights, normand["reml_weights_percent"]):
        near(weight, wanted, "weights", 1e-6)


def check_published():
    """The printed results of the four studies, and the cohort's own row by the function of the
    change card."""
    path = cohort("sample", source=EXAMPLE, sample=True)    # which has them already
    report = analyze(path)
    pooled = rows(report, "pooled_md")[0]
    assert [round(pooled[x], 2) for x in ("estimate", "low", "high")] == [-1.64, -2.58, -0.69]
    assert (pooled["n"], pooled["n2"]) == (142, 140)
    review = rows(report, "md", "pooled", "Orhurhu 2019")[0]
    assert (review["estimate"], review["low"], review["high"]) == (-1.83, -2.35, -1.31)
    near(review["se"], reference("published/published__orhurhu__md_nrs.json")["se"], "Orhurhu",
         1e-4)
    okapi = rows(report, "mean_change") + rows(report, "md", "single-arm", "OKAPI (Corriger 2022)")
    near(okapi[-1]["estimate"], -1.1, "OKAPI")
    near(okapi[-1]["se"], math.sqrt(1.8 ** 2 / 240 + 1.8 ** 2 / 93), "OKAPI")
    share = rows(report, "proportion", "single-arm", "Dendermonde (Vallé 2024)")[0]
    expected = reference("published/published__dendermonde__responders.json")
    near(share["low"], expected["wilson_lo"], "Dendermonde")
    near(share["high"], expected["wilson_hi"], "Dendermonde")
    own = rows(report, "mean_change", "cohort")[0]
    change = json.loads(run("analyze", "change", SAMPLE, "--format", "json", "--no-model"))
    card = [r for r in change["rows"] if r["statistic"] == "mean_diff" and r["time"] == 12][0]
    assert all(own[x] == card[x] for x in ("n", "estimate", "se", "low", "high"))
    ratio = analyze(path, "--effect", "rr")
    assert not rows(ratio, "pooled_rr", "reml hksj")
    review = rows(ratio, "rr", "pooled")[0]
    expected = reference("published/published__orhurhu__rr_responder.json")
    near(review["se"], expected["se_log"], "Orhurhu", 1e-4)
    assert (review["low"], review["high"]) == (1.1, 5.4)
    words = run("analyze", "meta-analysis", path)
    assert "RR 2.43 [1.10, 5.40]" in words and "51.3 % of the treated against 19.4 %" in words
    change = analyze(path, "--effect", "change")
    assert len(rows(change, "mean_change", "single-arm")) == 2 and rows(change,
            "pooled_change")[0]["n"] == 329
    assert any("made up" in w for w in report["warnings"]) and not any("made up" in w
            for w in change["warnings"])
    with_groups = analyze(path, "--by", "pain_type", "--groups", "neuropathic")
    assert {r["group"] for r in rows(with_groups, "mean_change", "cohort")} == {None, "neuropathic"}
    assert rows(with_groups, "pooled_md")[0]["estimate"] == pooled["estimate"]
    assert [r["n"] for r in rows(with_groups, "mean_change", "cohort")] == [87, 35]
    for chart, args in (("evidence", []), ("evidence", ["--effect", "rr"]),
                        ("evidence", ["--effect", "change"]),
                        ("evidence", ["--effect", "smd", "--lang", "fr"]), ("funnel", []),
                        ("evidence", ["--moderator", "year"]),
                        ("evidence", ["--by", "pain_type", "--groups", "neuropathic", "--width-mm",
                                      "85"])):
        figure = os.path.join(FOLDER, "figure.svg")
        run("chart", chart, path, "--output", figure, *args)
        run("chart", "--recipe", figure, path, "--output", os.path.join(FOLDER, "again.svg"))


HEADER = "study,kind,arm,n,mean,sd,events,effect,measure,low,high,se,dose,correlation\n"


def check_edges():
    patients = cohort("empty", "patient,sex\nP1,F\nP2,M\n")
    empty = run("analyze", "meta-analysis", patients)
    assert "no published studies yet" in empty
    one = analyze(cohort("one",
                         HEADER
                         + "A,trial,ketamine,20,4,2,,,,,,,,\nA,trial,placebo,20,5,2,,,,,,,,\n"))
    near(rows(one, "pooled_md")[0]["estimate"], -1, "one")
    assert not rows(one, "tau2") and not rows(one, "prediction_interval")
    zero = analyze(cohort("zero",
                          HEADER + "A,trial,ketamine,20,,,0,,,,,,,\nA,trial,placebo,20,,,0,,,,,,,\n"
                          "B,trial,ketamine,30,,,6,,,,,,,\nB,trial,placebo,30,,,2,,,,,,,\n"),
                   "--effect", "rr")
    assert any("no event in either group" in w for w in zero["warnings"])
    path = cohort("flat", HEADER
                  + "A,trial,ketamine,20,4,0,,,,,,,,\nA,trial,placebo,20,5,0,,,,,,,,\n"
                  "B,trial,ketamine,20,4,1,,,,,,,,\nB,trial,placebo,20,5,1,,,,,,,,\n")
    flat = analyze(path)
    assert rows(flat, "pooled_md")[0]["n"] == 20
    assert flat["excluded"] == [{"reason": "A: its SD is 0", "n": 1}]
    quoted = analyze(cohort("quoted", HEADER
                            + '"O\'Brien ""the first"", et al.",trial,ketamine,20,4,1,,,,,,,low,\n'
                            '"O\'Brien ""the first"", et al.",trial,placebo,20,5,1,,,,,,,low,\n'
                            "B,trial,all,,,,,-1.5,md,-2.5,-0.5,,high,\n"
                            "C,trial,all,,,,,-0.5,,,,0.4,high,\n"
                            "D,trial,control,20,5,1,,,,,,,,\n"
                            "D,trial,racemic ketamine,20,4,1,,,,,,,,\n"),
                     "--moderator", "dose")
    near(rows(quoted, "md", "trial", 'O\'Brien "the first", et al.')[0]["estimate"], -1, "quoted")
    # the control group stood first
    near(rows(quoted, "md", "trial", "D")[0]["estimate"], -1, "D")
    near(rows(quoted, "md", "trial", "B")[0]["se"], 1 / 1.959963984540054, "interval")
    assert {r["group"] for r in rows(quoted, "pooled_md", "subgroup")} == {"low", "high"}
    assert rows(quoted, "q_between")
    paired = analyze(cohort("paired", HEADER
                            + "A,single-arm,before,20,7,2,,,,,,,,0.5\n"
                            "A,single-arm,after,16,5,2,,,,,,,,\n"))
    near(rows(paired, "md", "single-arm")[0]["se"], 0.5, "paired")
    many = HEADER + "".join(f"Study {i},trial,ketamine,{20 + i % 7},{4 + i % 5 / 10},2,,,,,,,,\n"
                            f"Study {i},trial,placebo,{20 + i % 5},5,2,,,,,,,,\n"
                            for i in range(200))
    many = analyze(cohort("many", many))
    assert len(rows(many, "weight_percent")) == 200 and rows(many, "egger_intercept")


def check_refusals():
    path = os.path.join(FOLDER, "one.cohort")
    for args in (["--effect", "x"], ["--tau2", "sj"], ["--ci", "t"], ["--method", "glmm"],
                 ["--moderator", ""]):
        assert "takes" in run("analyze", "meta-analysis", path, *args, status=2)
    assert "events" in run("analyze", "meta-analysis", path, "--method", "mh", status=1)
    assert "odds ratio" in run("analyze", "meta-analysis", path, "--effect", "rr", "--method",
                               "peto", status=1)
    assert "--effect" in run("analyze", "change", SAMPLE, "--effect", "md", status=2)


try:
    check_events()
    check_means()
    check_published()
    check_edges()
    check_refusals()
finally:
    shutil.rmtree(FOLDER)
