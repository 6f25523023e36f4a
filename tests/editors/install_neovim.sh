#!/usr/bin/env bash
# Unpacks Debian's Neovim 0.7 and 0.10 beside the system, into $PROCODER_EDITORS, by default
# .venv/editors. Needs no root.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/editors/debian.sh
editors=${PROCODER_EDITORS:-$PWD/.venv/editors}

# install VERSION RELEASE: makes $editors/neovim-VERSION/nvim.
install() {
  local folder=$editors/neovim-$1 root=$editors/neovim-$1/root
  [ -x "$folder/nvim" ] && return
  rm -rf "$folder"
  unpack_debian "$root" "$2" neovim
  if [ -d "$root/lib" ]; then # bookworm's packages still put the C library there
    cp -r "$root/lib/." "$root/usr/lib"
  fi
  write_starter "$folder/nvim" 'export VIMRUNTIME="$root/usr/share/nvim/runtime"' \
    '"$root/usr/bin/nvim" --cmd "set rtp+=$root/usr/lib/nvim"'
}

install 0.7 bookworm
install 0.10 trixie
for version in 0.7 0.10; do
  "$editors/neovim-$version/nvim" --version | grep --max-count=1 "^NVIM v${version//./\\.}\."
done
