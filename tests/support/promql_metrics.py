"""Run by the checkers' own interpreter: which metrics do expressions read?

Reads a JSON list of PromQL expressions from stdin and prints a JSON list with the names of the
metrics in all of them. Ends with an error for what is no PromQL.
"""

import json
import sys

import promql_parser

found: set[str] = set()
for expression in json.load(sys.stdin):
    promql_parser.walk(
        promql_parser.parse(expression),
        lambda node: found.add(node.name) if hasattr(node, "name") else None,
    )
json.dump(sorted(found), sys.stdout)
