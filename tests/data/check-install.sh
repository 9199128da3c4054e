#!/bin/sh
# check-install.sh BUILD SOURCE: `meson install` into an empty folder gives a complete application.
set -eu
build=$1
dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT
DESTDIR=$dest meson install -C "$build" --no-rebuild --quiet
fail () { echo "missing after install: $1"; exit 1; }
for pattern in '*/bin/ketamine-viewer' '*/applications/org.ketamine.Viewer.desktop' \
  '*/metainfo/org.ketamine.Viewer.metainfo.xml' '*/mime/packages/org.ketamine.Viewer.xml' \
  '*/glib-2.0/schemas/org.ketamine.Viewer.gschema.xml' '*/scalable/apps/org.ketamine.Viewer.svg' \
  '*/symbolic/apps/org.ketamine.Viewer-symbolic.svg' '*/locale/fr/LC_MESSAGES/ketamine-viewer.mo' \
  '*/man1/ketamine-viewer.1' '*/bash-completion/completions/ketamine-viewer'; do
  [ -n "$(find "$dest" -path "$pattern")" ] || fail "$pattern"
done
glib-compile-schemas --strict --dry-run "$(dirname "$(find "$dest" -name 'org.ketamine.Viewer.gschema.xml')")"
"$(find "$dest" -path '*/bin/ketamine-viewer')" --version
