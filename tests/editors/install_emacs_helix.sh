#!/usr/bin/env bash
# Installs Debian's Emacs with Eglot 1.9, and tmux; unpacks Emacs 30 and Helix 25.01 beside the
# system, into $PROCODER_EDITORS, by default .venv/editors. The first part needs root.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/editors/debian.sh
editors=${PROCODER_EDITORS:-$PWD/.venv/editors}

if ! dpkg-query --show emacs-nox elpa-eglot tmux >/dev/null 2>&1; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends --yes emacs-nox elpa-eglot tmux
fi

# The package's Emacs looks for its parts in /usr.
emacs_settings='
share=$(echo "$root"/usr/share/emacs/[0-9]*)
parts=$(echo "$root"/usr/libexec/emacs/[0-9]*/*)
export EMACSDATA="$share/etc" EMACSDOC="$share/etc" EMACSPATH="$parts"
export EMACSLOADPATH="$(find "$share/lisp" -type d -printf "%p:")"'
if ! [ -x "$editors/emacs-30/emacs" ]; then
  rm -rf "$editors/emacs-30"
  unpack_debian "$editors/emacs-30/root" trixie emacs-nox
  write_starter "$editors/emacs-30/emacs" "$emacs_settings" \
    '"$root/usr/bin/emacs-nox" --dump-file "$(echo "$parts"/*.pdmp)"'
fi

if ! [ -x "$editors/helix/hx" ]; then
  rm -rf "$editors/helix"
  unpack_debian "$editors/helix/root" trixie hx
  write_starter "$editors/helix/hx" 'export HELIX_RUNTIME="$root/usr/lib/hx/runtime"' '"$root/usr/lib/hx/hx"'
fi

emacs --version | grep --max-count=1 "Emacs"
"$editors/emacs-30/emacs" --version | grep --max-count=1 "Emacs 30\."
"$editors/helix/hx" --version | grep "helix 25\."
