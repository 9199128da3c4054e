#!/usr/bin/python3
"""The whole main job: open the sample, make a subgroup, find a patient, change the measure, export,
look at the file."""
import os
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from driver import (act, again, application, box, click, fail, find, first, is_checked, key, step,
                    text_of, until,  # noqa: E402
                    walk, x_window, xdotool, Atspi)

PID, WORK = int(sys.argv[1]), sys.argv[2]


def png_facts(path):
    """(width, height, dots per metre, text of the chunks)"""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        fail(f"{path} is not a PNG")
    at, facts = 8, {"text": b""}
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            facts["size"] = struct.unpack(">II", body[:8])
        if kind == b"pHYs":
            facts["density"] = struct.unpack(">II", body[:8])
        if kind in (b"iTXt", b"tEXt"):
            facts["text"] += body
        at += length + 12
    return facts


def label(match):
    return lambda: first(app, "label", match)


app = application("ketamine-viewer")
act(find(app, "push button", "Explore the sample cohort"))
window = x_window("Simulated|cohort|Cohort")
find(app, "label", "256 of 256 patients", 20)
find(app, "label", lambda name: name.startswith("256 patients · 30 centres"))
step("the sample is open")

check = find(app, "check box", lambda name: name.lower().startswith("fibromyalgia"))
again(lambda: click(window, check) if is_checked(check) else None, label("154 of 256 patients"),
      "untick fibromyalgia")
step("filtered: 154 of 256 patients")
again(lambda: key(window, "ctrl+z"), label("256 of 256 patients"), "undo")
step("undone")
again(lambda: key(window, "ctrl+shift+z"), label("154 of 256 patients"), "redo")
step("done again")

search = find(app, "entry", "Search patients")


def type_code():
    key(window, "ctrl+f")
    time.sleep(0.2)
    Atspi.EditableText.set_text_contents(search, "K012")
    until(lambda: text_of(search) == "K012", "the search to hold K012", 3)
    time.sleep(0.3)
    key(window, "Return")


again(type_code, lambda: first(app, "label", "Visits with a score") and first(app, "label",
        "K012"), "find patient K012")
step("patient K012 is picked")


def next_measure():
    measure = first(app, "combo box", lambda name: name.startswith("Measure:"))
    act(measure.get_child_at_index(0))
    time.sleep(0.3)
    key(window, "Down")
    key(window, "Return")


before = find(app, "combo box", lambda name: name.startswith("Measure:")).get_name()
after = again(next_measure, lambda: first(app, "combo box",
                                          lambda name: name.startswith("Measure:")
                                          and name != before),
              "choose another measure").get_name()
step(f"{before} became {after}")

chart = find(app, "image", lambda name: "CI" in name or "patients" in name)
if "patients" not in chart.get_description() + chart.get_name():
    fail(f"the chart is not described: {chart.get_name()!r} {chart.get_description()!r}")
step("the chart is described")


figure = os.path.join(WORK, "figure.png")


def open_export():
    if not xdotool_finds("Export figure"):
        key(window, "ctrl+e")


def xdotool_finds(title):
    try:
        return xdotool("search", "--onlyvisible", "--name", title).split()
    except Exception:  # noqa: BLE001  it fails when it finds nothing
        return []


again(open_export, lambda: xdotool_finds("Export figure") and first(app, "push button",
        "Save PNG…"), "open the export dialog")
dialog = x_window("Export figure")


def save():
    choosers = [w for w in xdotool_finds(".*[Ss]ave.*|.*[Ff]igure.*") if w not in (dialog, window)]
    if not choosers:
        act(first(app, "push button", "Save PNG…"))
        choosers = until(lambda: [w for w in xdotool_finds(".*[Ss]ave.*|.*[Ff]igure.*")
                                  if w not in (dialog, window)],
                         "the file chooser", 5)
    time.sleep(0.4)
    key(choosers[0], "ctrl+a")
    xdotool("type", "--delay", "4", figure)
    time.sleep(0.3)
    xdotool("key", "Return")


again(save, lambda: os.path.exists(figure), "save the figure", 4, 6)
facts = png_facts(figure)
if facts["size"] != (4110, 2835) or facts["density"] != (23622, 23622):
    fail(f"the figure is {facts['size']} at {facts['density']}")
if b"hads" not in facts["text"] or b"fibromyalgia" in facts["text"].split(b"where")[0]:
    fail(f"the recipe says {facts['text'][:300]}")
if b"K012" in facts["text"]:
    fail("the recipe names a patient")
step(f"exported: {facts['size']} pixels at 600 dpi, with its recipe")


def close_export():
    if xdotool_finds("Export figure"):
        key(dialog, "Escape")


again(close_export, lambda: not xdotool_finds("Export figure"), "close the export dialog")


def is_gone():
    try:
        os.kill(PID, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{PID}/stat", encoding="ascii") as stat:
        return stat.read().split()[2] == "Z"


again(lambda: key(window, "ctrl+q") if not is_gone() else None, is_gone, "quit")
step("closed")
