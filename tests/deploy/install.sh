#!/usr/bin/env bash
# What checks docker/ and .github/: programs from Debian (needs root where one is missing), and the
# rest from the Python package index, pinned, into .venv-deploy. About a minute the first time.
# With --lock: resolve tools.in anew.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=${PROCODER_DEPLOY_TOOLS:-$PWD/.venv-deploy}

if [ "${1:-}" = --lock ]; then
  exec .venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate \
    --python-version 3.11 --custom-compile-command "tests/deploy/install.sh --lock" \
    -o tests/deploy/tools.lock tests/deploy/tools.in
fi

missing=()
for program in prometheus docker-compose caddy; do # the packages have these names too
  command -v "$program" >/dev/null || missing+=("$program")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

if ! cmp -s tests/deploy/tools.lock "$tools/installed.lock"; then
  "${PYTHON:-python3}" -m venv "$tools"
  "$tools/bin/python" -m pip --disable-pip-version-check --quiet install \
    --require-hashes -r tests/deploy/tools.lock
  cp tests/deploy/tools.lock "$tools/installed.lock"
fi
