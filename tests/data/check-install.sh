#!/bin/sh
# check-install.sh BUILD SOURCE: `meson install` into an empty folder gives a complete application.
set -eu
build=$1
dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT
DESTDIR=$dest meson install -C "$build" --no-rebuild --quiet
fail () { echo "missing after install: $1"; exit 1; }
for pattern in '*/bin/ketamine-viewer' '*/ketamine-viewer/ketamine-viewer-commands.*' \
  '*/ketamine-viewer/ketamine-viewer-window.*' '*/applications/org.ketamine.Viewer.desktop' \
  '*/metainfo/org.ketamine.Viewer.metainfo.xml' '*/mime/packages/org.ketamine.Viewer.xml' \
  '*/glib-2.0/schemas/org.ketamine.Viewer.gschema.xml' '*/scalable/apps/org.ketamine.Viewer.svg' \
  '*/symbolic/apps/org.ketamine.Viewer-symbolic.svg' '*/locale/fr/LC_MESSAGES/ketamine-viewer.mo' \
  '*/man1/ketamine-viewer.1' '*/bash-completion/completions/ketamine-viewer'; do
  [ -n "$(find "$dest" -path "$pattern")" ] || fail "$pattern"
done
glib-compile-schemas --strict --dry-run "$(dirname "$(find "$dest" -name 'org.ketamine.Viewer.gschema.xml')")"
# The modules are found from the program, whatever folder it was installed into; commands load no toolkit.
program=$(find "$dest" -path '*/bin/ketamine-viewer')
commands=$(find "$dest" -name 'ketamine-viewer-commands.*')
window=$(find "$dest" -name 'ketamine-viewer-window.*')
"$program" --version
"$program" list charts >/dev/null
if readelf -d "$program" "$commands" | grep -E 'NEEDED.*(libgtk|libadwaita)'; then echo "a command loads the toolkit"; exit 1; fi
"$program" --help | grep -q -- --sample || { echo "--help does not come from the window"; exit 1; }
# Without it there are still the commands, their help, and a sentence.
rm "$window"
"$program" --help | grep -q 'chart CHART COHORT' || { echo "no help without the window"; exit 1; }
status=0
said=$("$program" --sample 2>&1) || status=$?
case $status:$said in 1:*"The window cannot be loaded"*) ;; *) echo "without the window: $status $said"; exit 1 ;; esac
