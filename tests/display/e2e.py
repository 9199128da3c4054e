#!/usr/bin/python3
"""The whole main job: open the sample, make a subgroup, find a patient, change the measure, export, look at the file."""
import os
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from driver import (act, again, application, box, click, fail, find, first, is_checked, key, step, text_of, until,  # noqa: E402
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
again(lambda: click(window, check), label("154 of 256 patients"), "untick fibromyalgia")
step("filtered: 154 of 256 patients")
key(window, "ctrl+z")
again(lambda: key(window, "ctrl+z") if not label("256 of 256 patients")() else None, label("256 of 256 patients"), "undo")
step("undone")
again(lambda: key(window, "ctrl+shift+z"), label("154 of 256 patients"), "redo")
step("done again")
