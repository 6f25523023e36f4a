#!/usr/bin/env bash
# Unpacks Debian's Neovim 0.7 and 0.10, with all the libraries that they need, beside the system:
# into $PROCODER_EDITORS, by default .venv/editors. Needs apt and the Debian keyring, but no root.
set -euo pipefail
cd "$(dirname "$0")/../.."
editors=${PROCODER_EDITORS:-$PWD/.venv/editors}

# apt with lists, archives and a status of its own: no package counts as installed, so all are fetched.
apt_beside() {
  local apt=$1
  shift
  apt-get -qq -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status" \
    -o "Dir::Cache=$apt/cache" -o "Dir::Etc::sourcelist=$apt/sources.list" \
    -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o "APT::Sandbox::User=$(id -un)" -o APT::Install-Recommends=false -o Debug::NoLocking=true "$@"
}

# unpack VERSION SUITE: make $editors/neovim-VERSION/nvim from the packages of a release of Debian.
unpack() {
  local folder=$editors/neovim-$1 suite=$2
  local apt=$folder/apt root=$folder/root
  [ -x "$folder/nvim" ] && return
  rm -rf "$folder"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$root"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
    "http://deb.debian.org/debian $suite main" >"$apt/sources.list"
  apt_beside "$apt" update
  apt_beside "$apt" --download-only --yes install neovim
  local package
  for package in "$apt"/cache/archives/*.deb; do
    dpkg-deb --extract "$package" "$root"
  done
  write_starter "$folder" "$root"
  rm -r "$apt"
}

# The release's own loader and libraries run it, for those of the system may be older.
write_starter() {
  local folder=$1 root=$2 loader libraries
  loader=$(cd "$root" && find . -name 'ld-linux*.so.*' -print -quit)
  libraries=$(cd "$root" && find . -name '*-linux-gnu' -path '*/lib/*' -printf '$root/%P:')
  cat >"$folder/starter" <<EOF
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")/root
export VIMRUNTIME="\$root/usr/share/nvim/runtime"
exec "\$root/$loader" --library-path "${libraries%:}" \\
  "\$root/usr/bin/nvim" --cmd "set rtp+=\$root/usr/lib/nvim" "\$@"
EOF
  chmod +x "$folder/starter"
  mv "$folder/starter" "$folder/nvim"
}

unpack 0.7 bookworm
unpack 0.10 trixie
for version in 0.7 0.10; do
  "$editors/neovim-$version/nvim" --version | grep --max-count=1 "^NVIM v${version//./\\.}\."
done
