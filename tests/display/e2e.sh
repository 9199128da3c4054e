#!/bin/sh
# e2e.sh PROGRAM DRIVER: starts the program on its own bus and X server, lets the driver use it as a person would.
set -eu
here=$(dirname "$0")
export GTK_A11Y=atspi NO_AT_BRIDGE=0 SCREEN=1600x1000
if ! command -v dbus-run-session >/dev/null || ! /usr/bin/python3 -c 'import gi; gi.require_version("Atspi", "2.0")' 2>/dev/null; then
  echo "no session bus or no AT-SPI for Python here"
  exit 77
fi
exec "$here/run-display.sh" dbus-run-session -- sh -c '
  program=$1 driver=$2
  mkdir -p "$HOME/work"
  "$program" & app=$!
  rc=0
  timeout 120 env -u G_DEBUG /usr/bin/python3 "$driver" "$app" "$HOME/work" || rc=$?
  # The driver quits the program; what is left after it did not is ended here.
  for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 $app 2>/dev/null || break; sleep 0.2; done
  if kill -0 $app 2>/dev/null; then kill $app; echo "FAIL: the program did not quit"; rc=1; fi
  app_rc=0; wait $app || app_rc=$?
  [ $rc -ne 0 ] || rc=$app_rc
  exit $rc' sh "$1" "$2"
