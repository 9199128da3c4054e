#!/bin/sh
# run-display.sh COMMAND…: runs it on its own X server, with everything that could differ between machines fixed.
# No bus: GTK's file chooser would ask it for cloud providers, and libcloudproviders 0.3.1 loses the folders it looks
# in (load_cloud_providers(), by g_build_filename(): 256 bytes for the leak check; none of our code is on the stack).
set -eu
home=$(mktemp -d)
mkdir -m 700 "$home/run"
export HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" XDG_DATA_HOME="$home/data"
export DBUS_SESSION_BUS_ADDRESS=disabled: GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory GIO_USE_VFS=local ADW_DISABLE_PORTAL=1
export GTK_A11Y="${GTK_A11Y:-test}" LANG="${LANG:-C.UTF-8}" G_DEBUG="${G_DEBUG-fatal-warnings}"
unset WAYLAND_DISPLAY LC_ALL LC_MESSAGES
rc=0
xvfb-run -a -s "-screen 0 ${SCREEN:-2560x1440}x24 -nolisten tcp" "$@" || rc=$?
rm -rf "$home"
exit $rc
