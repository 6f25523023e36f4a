#!/bin/sh
# The keys and passwords of docker/compose.yaml, as files in docker/secrets (or $PROCODER_SECRETS).
#
#   secrets.sh                make what is missing
#   secrets.sh add USER       print a new key for somebody who learns; it is kept nowhere
#   secrets.sh revoke NAME    refuse a key from the next request on; NAME is USER, or a service
#
# Containers read the files under other users than yours. So the files are readable, but only you
# (and root, which mounts them) can enter the folder.
set -eu
folder=${PROCODER_SECRETS:-$(dirname "$0")/secrets}
umask 022
mkdir -p -m 700 "$folder"
mkdir -p "$folder/keys"

random() { openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'; }

# register FILE NAME KEY [SCOPES]: a line as procoder_http.keys reads it. Files are written in
# place: a container that has mounted one goes on seeing it.
register() {
  digest=$(printf %s "$3" | sha256sum | cut -d ' ' -f 1)
  printf '{"name": "%s", "sha256": "%s"%s}\n' "$2" "$digest" "${4:+, \"scopes\": [$4]}" >>"$1"
}

password() { [ -e "$folder/$1" ] || random >"$folder/$1"; }

# service FILE KEYS NAME [SCOPES]: a key that one service shows to another.
service() {
  [ -e "$folder/$1" ] && return
  key=$(random)
  register "$folder/keys/$2" "$3" "$key" "${4:-}"
  printf %s "$key" >"$folder/$1"
}

fit() {
  case $1 in
    '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._@-]*)
      echo "A name has letters, digits and the signs . _ @ -" >&2
      exit 2
      ;;
  esac
}

touch "$folder/keys/host.jsonl" "$folder/keys/api.jsonl"
case ${1:-make} in
  make)
    service host_key host.jsonl api
    service host_metrics_key host.jsonl prometheus
    service api_metrics_key api.jsonl prometheus '"metrics"'
    password redis_password
    password rabbitmq_password
    password grafana_password
    ;;
  add)
    fit "${2:-}"
    if grep -qF "{\"name\": \"$2\"," "$folder/keys/api.jsonl"; then
      echo "There is a key named $2 already." >&2
      exit 1
    fi
    key=$(random)
    register "$folder/keys/api.jsonl" "$2" "$key" '"ask", "batches", "conversations"'
    printf '%s\n' "$key"
    ;;
  revoke)
    fit "${2:-}"
    for keys in "$folder"/keys/*.jsonl; do
      rest=$(grep -vF "{\"name\": \"$2\"," "$keys" || true)
      printf '%s' "${rest:+$rest
}" >"$keys"
    done
    ;;
  *)
    echo "usage: secrets.sh [add USER | revoke NAME]" >&2
    exit 2
    ;;
esac
