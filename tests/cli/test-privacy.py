#!/usr/bin/env python3
"""What leaves the program on purpose or by accident holds no patient code, no path and no user
name: figures, recipes, results, messages, logs, temporary files.  And files are their owner's
alone.

usage: test-privacy.py VIEWER"""
import os, re, resource, signal, subprocess, sys, tempfile, zlib

VIEWER = os.path.abspath(sys.argv[1])
CODE, FOLDER, USER = "QZKODE", "QZFOLDER", "QZUSER"
CHARTS = ["trajectories", "heatmap", "small-multiples", "waterfall", "before-after", "distribution",
          "responder-curve", "relief", "subgroups"]
ANALYSES = ["summary", "change", "table1", "missingness", "mixed-model", "compare", "responder"]
failures = []


def check(ok, what):
    if not ok:
        failures.append(what)
        print("not ok -", what)


def unpacked(data):
    """A PDF's and a PNG's compressed streams as well."""
    parts = [data]
    for start in re.finditer(rb"stream\r?\n", data):
        try:
            parts.append(zlib.decompressobj().decompress(data[start.end():]))
        except zlib.error:
            pass
    return b"\n".join(parts)


def assert_clean(data, what, words=(CODE, FOLDER, USER)):
    data = unpacked(data)
    for word in words:
        for form in (word.encode(), word.encode("utf-16-be"), word.encode("utf-16-le"),
                     word.encode().hex().encode(), word.lower().encode()):
            check(form not in data, f"{what} holds {word}")


class Place:
    def __init__(self, root):
        self.folder = os.path.join(root, FOLDER)
        self.temp = os.path.join(root, "temp")
        os.makedirs(self.folder)
        os.makedirs(self.temp)
        self.env = dict(os.environ, TMPDIR=self.temp, G_MESSAGES_DEBUG="all", USER=USER,
                        LOGNAME=USER,
                        HOME=os.path.join(root, "home-" + USER), LANG="C.UTF-8", LC_ALL="C.UTF-8")

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args, status=0):
        done = subprocess.run([VIEWER, *args], env=self.env, capture_output=True, timeout=300,
                              stdin=subprocess.DEVNULL)
        check(done.returncode == status,
              f"{args[0]} ended with {done.returncode}: {done.stderr[:300]!r}")
        return done


def write_tables(place):
    with open(place.path("patients.csv"), "w") as out:
        out.write("patient_id,sex,age,centre\n")
        for i in range(40):
            out.write(f"{CODE}{i:03},{'FM'[i % 2]},{30 + i},Centre {'AB'[i % 3 > 0]}\n")
    with open(place.path("scores.csv"), "w") as out:
        out.write("patient_id,month,nrs\n")
        for i in range(40):
            for month in (0, 1, 3, 6):
                out.write(f"{CODE}{i:03},{month},{8 if month == 0 else 3 + (i + month) % 4}\n")


def check_figures(place, cohort):
    for chart in CHARTS:
        for ending in ("png", "svg", "pdf"):
            figure = place.path(f"{chart}.{ending}")
            colour = ["--colour-by", "sex"] if chart == "small-multiples" else []
            done = place.run("chart", chart, cohort, "--output", figure, "--width-mm", "85",
                             "--height-mm", "70",
                             "--dpi", "96", *colour)
            assert_clean(done.stdout + done.stderr, f"the messages of {chart}")
            if os.path.exists(figure):
                assert_clean(open(figure, "rb").read(), f"{chart}.{ending}")
    place.run("chart", "patient", cohort, "--patient", CODE + "001", "--output",
              place.path("patient.svg"))
    assert_clean(open(place.path("patient.svg"), "rb").read(), "patient.svg")
    done = place.run("chart", "--recipe", place.path("heatmap.svg"), cohort, "--output",
                     place.path("again.pdf"))
    assert_clean(done.stdout + done.stderr, "the messages of a recipe")


def check_results(place, cohort):
    for analysis in ANALYSES:
        for form in ("text", "json", "csv"):
            done = place.run("analyze", analysis, cohort, "--format", form, "--by", "sex")
            assert_clean(done.stdout + done.stderr, f"analyze {analysis} as {form}")
    done = place.run("info", cohort, "--format", "json")
    assert_clean(done.stdout + done.stderr, "info")


def check_report(place, cohort):
    pdf = place.path("report.pdf")
    done = place.run("report", cohort, "--output", pdf, "--no-model", "--by", "sex")
    assert_clean(done.stdout + done.stderr, "the messages of report")
    data = open(pdf, "rb").read()
    assert_clean(data, "report.pdf")
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, timeout=300).stdout
    assert_clean(text, "the text of report.pdf")
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, timeout=300).stdout
    assert_clean(info, "the metadata of report.pdf")
    check(b"Author:" not in info, "the PDF names an author")


def check_classes(place, cohort):
    """The checklist of trajectory classes with its tables, figures and recipe; and a saved
    model."""
    folder, model = place.path("grolts"), place.path("model.json")
    how = ("--classes", "2", "--degree", "1", "--starts", "2")
    done = place.run("analyze", "trajectory-classes", cohort, *how, "--grolts", folder, "--save",
                     model)
    assert_clean(done.stdout + done.stderr, "the messages of --grolts")
    names = sorted(os.listdir(folder))
    check(len(names) >= 5 and "recipe.json" in names, f"--grolts writes {names}")
    for name in names:
        assert_clean(open(os.path.join(folder, name), "rb").read(), f"grolts/{name}")
    assert_clean(open(model, "rb").read(), "model.json")
    pdf = place.path("grolts.pdf")
    place.run("analyze", "trajectory-classes", cohort, *how, "--grolts", pdf)
    assert_clean(open(pdf, "rb").read(), "grolts.pdf")
    done = place.run("analyze", "class-outlook", cohort, *how, "--patient", CODE + "001")
    assert_clean(done.stdout + done.stderr, "the outlook of a patient")


def check_crash(place, cohort):
    """Aborted in the middle: no word of a patient, and no memory left on the disk, whatever the
    limit was."""
    def wide():
        os.chdir(place.temp)
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)

    def start():
        return subprocess.Popen([VIEWER, "analyze", "trajectory-classes", cohort, "--starts",
                                 "5000", "--blrt", "1000"],
                                env=place.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                preexec_fn=wide)

    if resource.getrlimit(resource.RLIMIT_CORE)[1] != resource.RLIM_INFINITY:
        print("# this machine allows no core files: only the messages are looked at")
        wide = None
    for number in (signal.SIGABRT, signal.SIGSEGV):
        program = start()
        try:  # it has read the cohort once it searches
            program.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            program.send_signal(number)
        out, err = program.communicate(timeout=300)
        check(program.returncode != 0, "it ended before it was made to crash")
        assert_clean(out + err, f"what it says when it ends by {number}")
        check(os.listdir(place.temp) == [], f"a crash leaves {os.listdir(place.temp)}")


def check_refusals(place, cohort):
    bad = place.path("bad.cohort")
    with open(cohort, "rb") as source, open(bad, "wb") as out:
        out.write(source.read()[:9000])
    for args in (("info", bad), ("info", place.path("none.cohort")),
                 ("info", place.path("scores.csv")),
                 ("chart", "heatmap", cohort, "--output", place.path("none/x.png")),
                 ("import", place.path("none.csv"), "--into", cohort),
                 ("import", place.path("scores.csv"), "--into", bad)):
        done = place.run(*args, status=1)
        assert_clean(done.stderr, f"the refusal of {args[0]}")


def check_modes(place):
    for name in os.listdir(place.folder):
        if name.endswith(".cohort") and name != "bad.cohort":
            mode = os.stat(place.path(name)).st_mode & 0o777
            check(mode == 0o600, f"{name} has mode {mode:o}")
        check(not name.startswith("."), f"{name} stays behind")
    check(os.listdir(place.temp) == [], f"temporary files stay behind: {os.listdir(place.temp)}")


def check_share(place, cohort):
    copy = place.path("shared.cohort")
    done = place.run("share", cohort, "--output", copy)
    assert_clean(done.stdout + done.stderr, "the messages of share")
    assert_clean(open(copy, "rb").read(), "the shared copy",
                 (CODE, FOLDER, USER, "patients.csv", "Centre A"))
    place.run("share", cohort, "--output", copy, status=1)
    done = place.run("share", cohort, "--output", place.path("dropped.cohort"), "--dates", "drop",
                     "--seed", "7",
                     "--format", "json")
    check(b'"small_groups"' in done.stdout, "share --format json lists the small groups")
    done = place.run("share", cohort, status=2)
    done = place.run("share", cohort, "--output", place.path("x.cohort"), "--dates", "keep",
                     status=2)


def check_full_disk(place, cohort):
    """A disk that takes 2 000 bytes of a file and no more: nothing is left of it, one sentence says
    why."""
    def narrow():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    before = sorted(os.listdir(place.folder))
    for args in (("chart", "heatmap", cohort, "--output", place.path("full.png")),
                 ("chart", "heatmap", cohort, "--output", place.path("full.svg")),
                 ("chart", "heatmap", cohort, "--output", place.path("full.pdf")),
                 ("share", cohort, "--output", place.path("full.cohort")),
                 ("import", place.path("scores.csv"), "--into", place.path("full2.cohort"))):
        done = subprocess.run([VIEWER, *args], env=dict(place.env, G_MESSAGES_DEBUG=""),
                              capture_output=True,
                              timeout=300, preexec_fn=narrow)
        check(done.returncode == 1, f"{args[0]} onto a full disk ended with {done.returncode}")
        check(done.stderr.count(b"\n") == 1, f"{args[0]} onto a full disk says {done.stderr!r}")
        check(sorted(os.listdir(place.folder)) == before,
              f"{args} leaves {os.listdir(place.folder)}")
    with open("/dev/full", "w") as full:
        done = subprocess.run([VIEWER, "analyze", "summary", cohort], env=place.env, stdout=full,
                              stderr=subprocess.PIPE, timeout=300)
    check(done.returncode == 1, "a result that cannot be written is said")


def check_formulas(place):
    """What a spreadsheet would run is led by an apostrophe in everything that becomes a table."""
    with open(place.path("formulas.csv"), "w") as out:
        out.write("patient_id,month,nrs,drug\n")
        for i in range(30):
            out.write(f"P{i},0,{5 + i % 4},{'=cmd|calc' if i % 2 else '@SUM(1)'}\n"
                      f"P{i},1,{3 + i % 4},{'=cmd|calc' if i % 2 else '@SUM(1)'}\n")
    cohort = place.path("formulas.cohort")
    place.run("import", place.path("formulas.csv"), "--into", cohort, "--attribute", "drug")
    for args in (("analyze", "change", cohort, "--by", "drug", "--format", "csv"),
                 ("info", cohort, "--format", "csv"),
                 ("share", cohort, "--output", place.path("formulas-shared.cohort"), "--format",
                  "csv")):
        text = place.run(*args).stdout.decode()
        check(not re.search(r'(^|[,\n"])[=@]', text),
              f"{args[0]} as CSV holds a formula: {text[:200]}")


with tempfile.TemporaryDirectory() as root:
    place = Place(root)
    os.umask(0)
    write_tables(place)
    cohort = place.path("a.cohort")
    done = place.run("import", place.path("patients.csv"), place.path("scores.csv"), "--into",
                     cohort)
    assert_clean(done.stdout + done.stderr, "the messages of import")
    check_figures(place, cohort)
    check_results(place, cohort)
    check_report(place, cohort)
    check_classes(place, cohort)
    check_refusals(place, cohort)
    check_crash(place, cohort)
    check_share(place, cohort)
    check_full_disk(place, cohort)
    check_formulas(place)
    check_modes(place)
print("%d failures" % len(failures))
sys.exit(1 if failures else 0)
