"""Uses a running GTK 4 program as a person would: finds things by role and name, acts, and reads
back what came of it.

Every step waits for its effect and, where a mouse or a key may have been lost, does it again. """
import subprocess
import sys
import time
import warnings

warnings.simplefilter("ignore")
import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

WINDOW = Atspi.CoordType.WINDOW  # asking for SCREEN makes GTK warn
EDGE = 5  # the border GTK draws where there is no compositor
LEAVES = {"label", "push button", "page tab", "tree table", "image", "scroll bar", "check box"}
START = time.time()


def fail(text):
    print(f"{time.time() - START:6.2f} FAIL {text}", flush=True)
    sys.exit(1)


def step(text):
    print(f"{time.time() - START:6.2f} ok   {text}", flush=True)


def box(node):
    e = node.get_extents(WINDOW)
    return e.x, e.y, e.width, e.height


def walk(node):
    """What is laid out: GTK 4.8 has no state "showing", so by size."""
    yield node
    if node.get_role_name() in LEAVES:
        return
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child and ("Component" not in child.get_interfaces() or box(child)[2] > 0):
            yield from walk(child)


def until(test, what, seconds=10.0):
    end = time.time() + seconds
    while time.time() < end:
        try:
            result = test()
            if result:
                return result
        except Exception:  # noqa: BLE001  an object may vanish between two calls
            pass
        time.sleep(0.05)
    fail(f"waited {seconds} s for {what}")


def again(do, test, what, tries=5, seconds=3.0):
    """Does it until it has an effect: keys and clicks can come before the window is ready for
    them."""
    for _ in range(tries):
        do()
        end = time.time() + seconds
        while time.time() < end:
            try:
                result = test()
                if result:
                    return result
            except Exception:  # noqa: BLE001
                pass
            time.sleep(0.05)
    fail(f"{what}: no effect after {tries} tries")


def application(name):
    desktop = Atspi.get_desktop(0)
    return until(lambda: next(c for c in (desktop.get_child_at_index(i)
                                          for i in range(desktop.get_child_count()))
                              if c and c.get_name() == name), f"program {name}", 20)


def first(root, role, match):
    """match: the name, or a function of it."""
    test = match if callable(match) else (lambda name: name == match)
    return next((n for n in walk(root) if n.get_role_name() == role and test(n.get_name())), None)


def find(root, role, match, seconds=10.0):
    return until(lambda: first(root, role, match),
                 f"{role} {match if isinstance(match, str) else ''}", seconds)


def act(node, name="click"):
    names = [Atspi.Action.get_action_name(node, i) for i in range(Atspi.Action.get_n_actions(node))]
    if name not in names:
        fail(f"{node.get_name()} can only {names}")
    Atspi.Action.do_action(node, names.index(name))


def is_checked(node):
    return node.get_state_set().contains(Atspi.StateType.CHECKED)


def is_selected(node):
    return node.get_state_set().contains(Atspi.StateType.SELECTED)


def xdotool(*args):
    return subprocess.run(["xdotool", *map(str, args)], capture_output=True, text=True,
                          check=True).stdout


def x_window(title):
    return until(lambda: xdotool("search", "--onlyvisible", "--name", title).split()[0],
                 f"window {title}")


def focus(window):
    xdotool("windowfocus", window)


def point(window, x, y):
    """Moves the pointer to a place of the window's content."""
    origin = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell",
                                                      window).split())
    xdotool("mousemove", "--sync", int(origin["X"]) + EDGE + int(x),
            int(origin["Y"]) + EDGE + int(y))


def click(window, node=None, at=None):
    x, y, w, h = box(node) if node else (*at, 0, 0)
    point(window, x + w / 2, y + h / 2)
    time.sleep(0.05)
    xdotool("click", 1)


def key(window, *names):
    focus(window)
    xdotool("key", *names)


def text_of(node):
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
