#!/usr/bin/python3
"""Checks that arrows between the floors only go down (HACKING.md, "Floors").

The build already keeps a floor from linking what it may not use; this finds the includes that
compiler flags let through: our own headers, gsl/, sqlite3.h, GLib in model/stats, GTK below
widgets. """
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# floor: (floors whose headers it may include, libraries it may include)
FLOORS = {
    "model/stats": ([], ["libc", "gsl"]),
    "model/store": ([], ["libc", "glib", "sqlite3"]),
    "model/cohort": (["model/store", "model/stats"], ["libc", "glib", "sqlite3"]),
    "model/analysis": (["model/stats"], ["libc", "glib"]),
    "widgets/chart": (["model/stats"], ["libc", "glib", "json", "cairo", "pango", "png"]),
    "widgets": (["widgets/chart", "model/analysis", "model/cohort", "model/store", "model/stats"],
                ["libc", "glib", "json", "cairo", "pango", "gtk"]),
    "app": (["widgets", "widgets/chart", "model/analysis", "model/cohort", "model/store",
             "model/stats"],
            ["libc", "glib", "json", "cairo", "pango", "gtk"]),
}

LIBRARIES = [
    ("gtk", r"(gtk|gdk|gsk|adwaita)[./]|gtk-4|gdk/"),
    ("glib", r"(glib|gio|gobject|gmodule)[./-]"),
    ("json", r"json-glib/"),
    ("gsl", r"gsl/"),
    ("sqlite3", r"sqlite3\.h"),
    ("cairo", r"cairo(-[a-z]+)?\.h"),
    ("pango", r"pango/"),
    ("png", r"png\.h"),
]


def floor_of(path):
    folder = os.path.dirname(path)
    return max((f for f in FLOORS if folder == f or folder.startswith(f + "/")), key=len,
               default=None)


def library_of(header):
    for name, pattern in LIBRARIES:
        if re.match(pattern, header):
            return name
    return "libc"


def sources():
    for floor in ("model", "widgets", "app"):
        for folder, _, names in os.walk(os.path.join(ROOT, floor)):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


def main():
    files = list(sources())
    home = {os.path.basename(f): floor_of(f) for f in files if f.endswith(".h")}
    bad = []
    for path in files:
        floor = floor_of(path)
        below, libraries = FLOORS[floor]
        with open(os.path.join(ROOT, path), encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                own = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
                system = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
                if own:
                    target = home.get(os.path.basename(own.group(1)))
                    if target and target != floor and target not in below:
                        bad.append(f"{path}:{number}: {floor} may not include {own.group(1)} "
                                   f"of {target}")
                elif system:
                    library = library_of(system.group(1))
                    if library not in libraries:
                        bad.append(f"{path}:{number}: {floor} may not include "
                                   f"<{system.group(1)}> ({library})")
    print("\n".join(bad) if bad else f"{len(files)} files keep to their floors")
    return 1 if bad else 0


sys.exit(main())
