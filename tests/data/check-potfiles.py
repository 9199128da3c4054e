#!/usr/bin/python3
"""Checks that po/POTFILES.in names every file with text for people, and none that is gone.

A file missing there is a file whose text nobody can translate, and nothing else would tell.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ("app", "data", "model", "widgets")

# The keywords of po/meson.build and of GLib's preset, before a string.
IN_C = re.compile(r'(?<!\w)(?:_|N_|Q_|C_|NC_|g?ettext|ngettext|g_d[nc]?p?gettext2?'
                  r'|ktm_text_new_plural|ktm_lang_plural)'
                  r'\s*\((?:[^()"]*,)?\s*"')
IN_UI = re.compile(r'\stranslatable="(?:yes|true|1)"')
IN_SCHEMA = re.compile(r"<(?:summary|description)>")
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|("(?:\\.|[^"\\\n])*")', re.S)


def has_text(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        text = file.read()
    if path.endswith((".c", ".h")):
        return IN_C.search(COMMENT.sub(lambda m: m.group(1) or " ", text)) is not None
    if path.endswith(".ui"):
        return IN_UI.search(text) is not None
    return IN_SCHEMA.search(text) is not None


def sources():
    for top in FOLDERS:
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                if name.endswith((".c", ".h", ".ui", ".gschema.xml")):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


def main():
    with open(os.path.join(ROOT, "po", "POTFILES.in"), encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    listed, marked = set(lines), {path for path in sources() if has_text(path)}
    bad = [f"po/POTFILES.in: add {path}: it has text for people"
           for path in sorted(marked - listed)]
    bad += [f"po/POTFILES.in: remove {path}: there is no such file" for path in sorted(listed)
            if not os.path.exists(os.path.join(ROOT, path))]
    print("\n".join(bad) if bad else f"{len(marked)} files with text for people, all listed")
    return 1 if bad else 0


sys.exit(main())
