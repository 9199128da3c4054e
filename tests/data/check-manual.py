#!/usr/bin/python3
"""check-manual.py PROGRAM MANUAL COMPLETION: every option that --help of a command prints stands in
the manual and in the completion of that command, and neither names an option that no command
has."""
import os
import re
import subprocess
import sys

PROGRAM, MANUAL, COMPLETION = sys.argv[1:4]
ENV = {**os.environ, "LANG": "C.UTF-8", "LANGUAGE": "en"}
COMMANDS = ("import", "info", "analyze", "chart", "report", "list", "share")
OPTION = re.compile(r"--[a-z][a-z0-9-]*")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def mentions(text, option):
    return re.search(re.escape(option) + r"(?![a-z0-9-])", text)


def options(command):
    """--help-all holds the groups of options too."""
    out = subprocess.run([PROGRAM, command, "--help-all"], env=ENV, capture_output=True,
                         timeout=300, check=True).stdout.decode()
    return set(re.findall(r"^\s+(?:-\w, )?(--[a-z][a-z0-9-]*)", out,
                          re.M)) - {"--help"} - set(re.findall(r"--help-[a-z]+", out))


def completed(completion, command):
    """What the completion offers after the command."""
    shared = re.search(r'local selection="([^"]*)"', completion).group(1)
    lines = re.findall(r'^\s+([a-z |]+)\) COMPREPLY\+?=\(\$\(compgen -W "([^"]*)"', completion,
                       re.M)
    words = " ".join(words for commands, words in lines if command in commands.split(" | "))
    return (words or "$selection").replace("$selection", shared)


def main():
    manual, completion = read(MANUAL).replace("\\-", "-"), read(COMPLETION)
    wrong, known = [], {"--help", "--version", "--sample"}
    for command in COMMANDS:
        found = options(command)
        known |= found
        for option in sorted(found):
            if not mentions(manual, option):
                wrong.append(f"{command} {option} is not in the manual")
            if not mentions(completed(completion, command), option):
                wrong.append(f"{command} {option} is not in the completion")
        for option in sorted(set(OPTION.findall(completed(completion,
                                                          command))) - found - {"--help"}):
            wrong.append(f"the completion offers {option} after {command}, which does not take it")
    for option in sorted(set(OPTION.findall(manual)) - known):
        wrong.append(f"the manual has {option}, which no command takes")
    print("\n".join(wrong) or "ok")
    return bool(wrong)


sys.exit(main())
