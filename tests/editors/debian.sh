# Sourced: unpacks packages of a release of Debian, with all that they need, beside the system.
# Needs apt and the Debian keyring, but no root.

# apt_beside FOLDER ARGUMENTS: apt with lists, archives and a status of its own; to its mind nothing
# is installed, so that it fetches every library.
apt_beside() {
  local apt=$1
  shift
  apt-get -qq -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status" \
    -o "Dir::Cache=$apt/cache" -o "Dir::Etc::sourcelist=$apt/debian.sources" \
    -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o "APT::Sandbox::User=$(id -un)" -o APT::Install-Recommends=false -o Debug::NoLocking=true "$@"
}

# debian_archive: where this system has its packages from.
debian_archive() {
  apt-get indextargets --format '$(REPO_URI)' | grep --invert-match security | sort --unique | head -n 1
}

# unpack_debian FOLDER RELEASE PACKAGE: makes FOLDER from a package and what it depends on.
unpack_debian() {
  local folder=$1 release=$2 package=$3 apt archive file
  archive=$(debian_archive)
  apt=$(mktemp -d)
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$folder"
  : >"$apt/status"
  cat >"$apt/debian.sources" <<END
Types: deb
URIs: $archive
Suites: $release
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
  apt_beside "$apt" update
  apt_beside "$apt" --download-only --yes install "$package"
  for file in "$apt"/cache/archives/*.deb; do
    dpkg-deb --extract "$file" "$folder"
  done
  rm -r "$apt"
}

# write_starter FILE SETTINGS COMMAND: an executable that runs COMMAND by the release's own loader
# and libraries, for those of the system may be older. In both, $root is the folder `root` beside it.
write_starter() {
  cat >"$1.new" <<END
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")/root
libraries=\$root/usr/lib/$(uname -m)-linux-gnu
$2
exec "\$(ls "\$libraries"/ld-linux*.so.*)" --library-path "\$libraries" $3 "\$@"
END
  chmod +x "$1.new"
  mv "$1.new" "$1"
}
