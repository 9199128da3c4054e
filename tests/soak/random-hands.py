#!/usr/bin/python3
"""random-hands.py PROGRAM COHORT SECONDS [SEED]: clicks, drags, scrolls, keys and words at random in the window of a copy of
COHORT, on the X server it is started on.  Exits 1 when the program crashed; the same seed does the same again."""
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

PROGRAM, COHORT, SECONDS = os.path.abspath(sys.argv[1]), sys.argv[2], float(sys.argv[3])
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else int(time.time())
WIDTH, HEIGHT = 1440, 900
KEYS = """Escape Escape Escape Escape Escape Escape Tab Tab Tab shift+Tab Return space Down Up Left Right Page_Down Home End
  F5 F6 F9 F10 F11 Menu BackSpace Delete plus minus 0 5 a k alt+1 alt+2 alt+3 alt+4 alt+5 alt+6 alt+7 alt+Down alt+Up ctrl+a
  ctrl+b ctrl+c ctrl+comma ctrl+d ctrl+e ctrl+f ctrl+i ctrl+n ctrl+o ctrl+p ctrl+question ctrl+shift+a ctrl+shift+z ctrl+v
  ctrl+z""".split()
WORDS = ["K01", "neuro", "age > 50", "12,5", "x", "é ü", "0.5", '"', "pain_type = CRPS"]


def place(dice):
    x, y = dice.randrange(WIDTH), dice.randrange(90 if dice.random() < .25 else HEIGHT)
    return (WIDTH - 130 if y < 50 and x > WIDTH - 110 else x), y  # not where the window closes


def action(dice):
    """What xdotool is to do next."""
    at = ["mousemove", *map(str, place(dice))]
    kind = dice.random()
    if kind < .25:
        return ["key", dice.choice(KEYS)]
    if kind < .30:
        return ["type", dice.choice(WORDS)]
    if kind < .38:
        other = [str(c) for _ in range(2) for c in ("mousemove", *place(dice))]
        return [*at, "mousedown", "1", *other, "mouseup", "1"]
    if kind < .46:
        return [*at, "click", "--repeat", str(dice.randrange(1, 8)), "--delay", "10", dice.choice("45")]
    if kind < .50:
        return [*at, "click", "3"]
    return [*at, "click", "--repeat", dice.choice("1112"), "--delay", "60", "1"]


def main():
    dice, folder = random.Random(SEED), tempfile.mkdtemp()
    cohort, done = os.path.join(folder, "copy.cohort"), 0
    shutil.copy(COHORT, cohort)
    manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
    # GTK's own complaints about its file chooser are not what is looked for here.
    program = subprocess.Popen([PROGRAM, cohort], cwd=folder, env={**os.environ, "G_DEBUG": ""}, stderr=subprocess.PIPE)
    os.set_blocking(program.stderr.fileno(), False)
    end, said = time.monotonic() + SECONDS, b""
    while time.monotonic() < end and program.poll() is None:
        subprocess.run(["xdotool", *action(dice)], stderr=subprocess.DEVNULL, timeout=60)
        done += 1
        said = (said + (program.stderr.read() or b""))[-4000:]
        time.sleep(dice.choice((.02, .05, .15, .4)))
    crashed = program.poll() not in (None, 0)
    program.kill()
    manager.kill()
    shutil.rmtree(folder)
    print(f"seed {SEED}: {done} actions, {'crashed' if crashed else 'no crash'}")
    if crashed:
        sys.exit(said.decode(errors="replace") or 1)


main()
