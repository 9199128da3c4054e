#!/usr/bin/python3
"""Checks that every language of po/LINGUAS says all the program says: freshly extracted, nothing
missing, nothing fuzzy.

Also: placeholders and formats agree; no message is a piece of a sentence as far as that shows in
the text or in the source; French keeps its spaces and apostrophes; the desktop file and the
metainfo have French beside each English text. """
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What meson's preset 'glib' passes; the rest is read from po/meson.build.
PRESET = ["--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2",
          "--keyword=NC_:1c,2",
          "--keyword=g_dcgettext:2", "--keyword=g_dngettext:2,3", "--keyword=g_dpgettext2:2c,3"]
PRINTF = re.compile(r"%(?:\d+\$)?[-+#0]*(?:\d+|\*)?(?:\.\d+)?(?:hh|h|ll|l|z|j)?[diouxXeEfgGcsp%]")
BRACE = re.compile(r"\{\d\}")
STRING = r'"(?:\\.|[^"\\\n])*"'
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|(" + STRING + ")", re.S)

# What shows in C that a sentence is put together, or never reaches the catalogue; each with what to
# do.
SOURCE_FAULTS = [
    (re.compile(r'\b(?:_|N_|C_|ngettext)\s*\(\s*' + STRING + r'\s+(?:G_[A-Z0-9_]+_FORMAT|G_G\w+)'),
     "a format macro cuts the message in two: use %lu or %lld and a cast"),
    (re.compile(r'\bktm_(?:text_new|lang)_plural\s*\((?:\s*\w+\s*,)?\s*N_\s*\('),
     "write both forms as plain strings, without N_(): xgettext knows this function"),
    (re.compile(r'\bktm_text_new\s*\(\s*"(?:[^"\\{]|\{\d\}|\\.)*?[A-Za-z]{3,}[^"]*"'),
     "mark the sentence with N_()"),
    (re.compile(r'\bg_strconcat\s*\([^;]*?\b_\s*\('),
     "do not join pieces of a sentence: one message with placeholders"),
]


def unquote(text):
    escapes = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "r": "\r"}
    return re.sub(r"\\(.)", lambda m: escapes.get(m.group(1), m.group(1)), text)


def read_po(text):
    """{(context, msgid): (msgid_plural or None, [msgstr], fuzzy, place)}"""
    entries = {}
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.split("\n") if not line.startswith("#~")]
        fields, name, fuzzy, place = {}, None, False, ""
        for line in lines:
            if line.startswith("#,"):
                fuzzy = fuzzy or "fuzzy" in line
            elif line.startswith("#:"):
                place = place or line[2:].strip().split(" ")[0]
            elif line.startswith("#"):
                continue
            else:
                match = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*"(.*)"$', line)
                if match:
                    name = match.group(1) or name
                    fields[name] = fields.get(name, "") + unquote(match.group(2))
        if fields.get("msgid"):
            strings = [fields[k] for k in sorted(fields) if k.startswith("msgstr")]
            entries[(fields.get("msgctxt"), fields["msgid"])] = (fields.get("msgid_plural"),
                    strings, fuzzy, place)
    return entries


def extract():
    with open(os.path.join(ROOT, "po", "meson.build"), encoding="utf-8") as file:
        extra = re.findall(r"'(--[^']+)'", file.read())
    done = subprocess.run(["xgettext", *PRESET, *extra, "--directory=" + ROOT,
                           "--add-location=file", "--output=-",
                           "--files-from=" + os.path.join(ROOT, "po", "POTFILES.in")],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return read_po(done.stdout.decode("utf-8"))


def quote(text):
    return "“" + (text if len(text) < 80 else text[:77] + "…").replace("\n", "⏎") + "”"


def formats(text):
    if BRACE.search(text):
        return sorted(set(BRACE.findall(text)))
    found = PRINTF.findall(text)
    return sorted(found) if any("$" in f for f in found) else found


def check_entry(name, key, wanted, got, bad):
    where = f"po/{name}.po: {wanted[3]}: {quote(key[1])}"
    if got is None or not got[1] or not all(got[1]):
        bad.append(f"{where} is not translated")
    elif got[2]:
        bad.append(f"{where} is fuzzy")
    elif wanted[0] != got[0]:
        bad.append(f"{where} has another plural")
    else:
        for text in got[1]:
            # one thing may be said without its number: "one patient"
            allowed = [formats(key[1])] + ([formats(wanted[0])] if wanted[0] else [])
            plain = [re.sub(r"\d+\$", "", f) for f in formats(text)]
            if formats(text) not in allowed and sorted(plain) not in [sorted(a) for a in allowed]:
                bad.append(f"{where}: its placeholders differ in {quote(text)}")
            if text.endswith("\n") != key[1].endswith("\n"):
                bad.append(f"{where}: only one of the two ends a line")


# French: what may not stand, outside a 'quoted example'.
FRENCH_FAULTS = [
    (re.compile("[^\u00a0\u202f][;?!»](?=[\\s)\u00a0]|$)|[^\u00a0\u202f]:(?=\\s|$)"),
     "a no-break space belongs before : ; ? ! and »"),
    (re.compile("«[^\u00a0\u202f]"), "a no-break space belongs after «"),
    (re.compile(r"(?:\d|\}|%[sdu]|%\.0f)[ ]?%%?(?=$|[\s\]).,;:\u00a0])"),
     "a no-break space belongs before %"),
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_«])"), "the apostrophe is ’"),
]


def check_french(key, got, bad):
    for text in got[1]:
        for pattern, advice in FRENCH_FAULTS:
            if pattern.search(re.sub(r"(?<!\w)'[^']*'", "", text)):
                bad.append(f"po/fr.po: {quote(key[1])}: {advice}")


def check_message(key, entry, bad):
    for text in [key[1]] + ([entry[0]] if entry[0] else []):
        if re.match(r"[,;.)\]](?!\w*\{)", text) or text.endswith(" ") or re.match(r" \S", text):
            bad.append(f"{entry[3]}: {quote(text)} is a piece of a sentence: "
                       "make one message of the whole")


def check_sources(bad):
    for top in ("app", "model", "widgets"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in sorted(n for n in names if n.endswith((".c", ".h"))):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    text = COMMENT.sub(lambda m: m.group(1) or re.sub(r"[^\n]", " ", m.group(0)),
                                       file.read())
                for pattern, advice in SOURCE_FAULTS:
                    for match in pattern.finditer(text):
                        line = text.count("\n", 0, match.start()) + 1
                        bad.append(f"{os.path.relpath(path, ROOT)}:{line}: {advice}")


def check_desktop(bad):
    with open(os.path.join(ROOT, "org.ketamine.Viewer.desktop"), encoding="utf-8") as file:
        keys = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    for key in ("Name", "GenericName", "Comment", "Keywords"):
        if key in keys and not keys.get(key + "[fr]"):
            bad.append(f"org.ketamine.Viewer.desktop: {key} has no French")


def check_metainfo(bad):
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    tree = ElementTree.parse(os.path.join(ROOT, "data", "org.ketamine.Viewer.metainfo.xml"))
    for parent in tree.iter():
        for tag in ("summary", "p", "li", "caption"):
            english = [e for e in parent.findall(tag) if e.get(lang) is None]
            french = [e for e in parent.findall(tag) if e.get(lang) == "fr"]
            if len(english) != len(french):
                bad.append(f"data/org.ketamine.Viewer.metainfo.xml: <{parent.tag}> has "
                           f"{len(english)} <{tag}> in English, "
                           f"{len(french)} in French")


def main():
    bad, wanted = [], extract()
    with open(os.path.join(ROOT, "po", "LINGUAS"), encoding="utf-8") as file:
        languages = file.read().split()
    for name in languages:
        path = os.path.join(ROOT, "po", name + ".po")
        checked = subprocess.run(["msgfmt", "--check", "--output-file=" + os.devnull, path],
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT)
        if checked.returncode != 0:
            bad.append(checked.stdout.decode("utf-8").strip())
        with open(path, encoding="utf-8") as file:
            entries = read_po(file.read())
        for key, entry in wanted.items():
            check_entry(name, key, entry, entries.get(key), bad)
            if name == "fr" and entries.get(key) is not None:
                check_french(key, entries[key], bad)
    for key, entry in wanted.items():
        check_message(key, entry, bad)
    check_sources(bad)
    check_desktop(bad)
    check_metainfo(bad)
    print("\n".join(bad) if bad else f"{len(wanted)} messages, all said in {', '.join(languages)}")
    return 1 if bad else 0


sys.exit(main())
