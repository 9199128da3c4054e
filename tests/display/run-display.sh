#!/bin/sh
# run-display.sh COMMAND…: runs it on its own X server, with everything that could differ between machines fixed.
set -eu
home=$(mktemp -d)
mkdir -m 700 "$home/run"
export HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" XDG_DATA_HOME="$home/data"
export GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory GIO_USE_VFS=local ADW_DISABLE_PORTAL=1
export GTK_A11Y="${GTK_A11Y:-test}" LANG="${LANG:-C.UTF-8}" G_DEBUG="${G_DEBUG-fatal-warnings}"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS LC_ALL LC_MESSAGES
rc=0
xvfb-run -a -s "-screen 0 ${SCREEN:-2560x1440}x24 -nolisten tcp" "$@" || rc=$?
rm -rf "$home"
exit $rc
