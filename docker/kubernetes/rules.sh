#!/bin/sh
# Makes base/prometheus-rule.yaml of the rules in docker/prometheus/rules.
set -eu
cd "$(dirname "$0")"
{
  cat <<'END'
# Made from docker/prometheus/rules by docker/kubernetes/rules.sh.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: procoder
spec:
  groups:
END
  for file in ../prometheus/rules/*.yml; do
    sed -n '/^groups:/,$p' "$file" | sed -e 1d -e 's/^./  &/'
  done
} >base/prometheus-rule.yaml
