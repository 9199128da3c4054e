#!/usr/bin/python3
"""run-report.py PROGRAM COHORT PDFTOTEXT: the report of the sample, whole, French, bilingual, of
few, and refused."""
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAM, COHORT, PDFTOTEXT = sys.argv[1:4]
PROGRAM, COHORT = os.path.realpath(PROGRAM), os.path.realpath(COHORT)
ENV = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY",
        "LANGUAGE")}
ENV.update(LANG="C.UTF-8", SOURCE_DATE_EPOCH="1700000000")


def run(*args, status=0):
    done = subprocess.run([PROGRAM, "report", *args], env=ENV, capture_output=True, timeout=300)
    assert done.returncode == status, (args, done.returncode, done.stderr.decode())
    if status:
        assert done.stderr.decode().count("\n") == 1, done.stderr.decode()
    return done.stderr.decode()


def text(path):
    out = subprocess.run([PDFTOTEXT, "-layout", path, "-"], capture_output=True,
                         check=True).stdout.decode()
    return " ".join(out.split())


def expect(what, *words):
    for word in words:
        assert word in what, word


def check_whole():
    run(COHORT, "--output", "a.pdf", "--no-model")
    run(COHORT, "--output", "b.pdf", "--no-model")
    with open("a.pdf", "rb") as a, open("b.pdf", "rb") as b:
        first, second = a.read(), b.read()
    assert first == second, "the same report twice differs"
    assert first.startswith(b"%PDF-")
    assert first.count(b"/Subtype /Image") == 0, "figures are vectors"
    assert b"/FontFile" in first, "fonts are embedded"
    said = text("a.pdf")
    expect(said, "Cohort report", "2023-11-14", "256: all who were included", "Patient flow",
           "Screened: n = 280", "Change", "Response",
           "Duration of relief", "Safety", "Methods", "References", "Table 1.", "Figure 1.",
           "Every measure, before and after",
           "All numbers and figures were made with Ketamine Viewer")
    expect(said, "Published studies", "Pooled, REML + HKSJ", "Orhurhu 2019",
           "Does the method matter? (the same 6 trials)",
           "RR 2.43 [1.10, 5.40] against control, as published (3 trials; 51.3 % of the treated "
           "against 19.4 % of the controls).")
    assert said.count("Left out: never asked about adverse events (15).") == 1
    assert "Refractory pain" not in said, "the cohort's title"
    assert not any(f"K{number:03d}" in said for number in range(1, 281)), "a patient's code"
    return said


def check_languages():
    run(COHORT, "--output", "fr.pdf", "--no-model", "--lang", "fr", "--where", "pain_type = CRPS",
        "--by", "sex", "--title", "Essai")
    said = text("fr.pdf")
    expect(said, "Essai", "pain_type = CRPS", "Pourquoi des patients ont arrêté", "Variation")
    assert "Why patients stopped" not in said
    run(COHORT, "--output", "both.pdf", "--no-model", "--lang", "en,fr", "--where",
        "pain_type = CRPS")
    expect(text("both.pdf"), "Table 1.", "Why patients stopped", "Pourquoi des patients ont arrêté")


def check_classes():
    """Only where asked for, or where the cohort keeps a model of them."""
    run(COHORT, "--output", "classes.pdf", "--no-model", "--classes")
    expect(text("classes.pdf"), "Trajectory classes", "Are the classes clear?",
           "Correlation of changes")
    run(COHORT, "--output", "plain.pdf", "--no-model")
    assert "Are the classes clear?" not in text("plain.pdf")
    shutil.copyfile(COHORT, "kept.cohort")
    subprocess.run([PROGRAM, "analyze", "trajectory-classes", "kept.cohort", "--classes", "2",
                    "--save", "Two"], env=ENV, check=True,
                   capture_output=True, timeout=300)
    run("kept.cohort", "--output", "kept.pdf", "--no-model", "--lang", "fr")
    expect(text("kept.pdf"), "Classes de trajectoires")


def check_empty():
    """Sections that have no data say so; nothing else fails."""
    run(COHORT, "--output", "one.pdf", "--where", "age > 200")
    expect(text("one.pdf"), "No patient is selected")
    run(COHORT, "--output", "few.pdf", "--where", "age > 78", "--lang", "fr")
    expect(text("few.pdf"), "Ketamine Viewer")


def check_bare():
    """One measure, nobody asked about harms, no studies; then one patient; then no baseline."""
    def imported(name, patients, months):
        lines = [f"P{i},F,M{m},{m},{(5 * i + 3 * m) % 8 + 1}" for i in range(patients)
                 for m in months]
        with open(name + ".csv", "w", encoding="utf-8") as file:
            file.write("\n".join(["patient,sex,visit,month,nrs", *lines]) + "\n")
        subprocess.run([PROGRAM, "import", name + ".csv", "--into", name + ".cohort"], env=ENV,
                       check=True, capture_output=True, timeout=300)
        run(name + ".cohort", "--output", name + ".pdf", "--no-model")
        return text(name + ".pdf")

    said = imported("bare", 12, (0, 1, 3))
    assert "Published studies" not in said
    assert said.count("adverse events and no events are recorded here") == 1
    expect(imported("single", 1, (0, 1)), "One patient has both scores")
    expect(imported("late", 9, (1, 3, 6)), "Month 1 Month 6")


def check_refusals():
    for status, says, args in ((2, "--output", []), (1, ".pdf", ["--output", "n.txt"]),
                               (1, "folder", ["--output", "no/n.pdf"]),
                               (2, "--lang", ["--output", "n.pdf", "--lang", "xx"]),
                               (2, "--format", ["--output", "n.pdf", "--format", "csv"]),
                               (2, "comma", ["--output", "n.pdf", "--decimal-mark", "dot"]),
                               (1, "vas", ["--output", "n.pdf", "--measure", "vas"]),
                               (1, "--where", ["--output", "n.pdf", "--where", "x = 1"])):
        err = run(COHORT, *args, status=status)
        assert says in err, (says, err)
    assert not os.path.exists("n.pdf") and not os.path.exists("n.txt")
    assert not [name for name in os.listdir(".") if name.endswith(".part")]


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    check_whole()
    check_languages()
    check_classes()
    check_empty()
    check_bare()
    check_refusals()
print("ok")
