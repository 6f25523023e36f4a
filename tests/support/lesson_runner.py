"""Runs pieces of code given as a JSON list, and prints what each wrote or how it failed.

Each piece is a list of sources that run one after the other in one namespace.
"""

import contextlib
import io
import json
import sys


def run(sources: list[str]) -> dict[str, str | None]:
    namespace = {"__name__": "__main__"}
    written = io.StringIO()
    error = None
    with contextlib.redirect_stdout(written):
        try:
            for source in sources:
                exec(compile(source, "<lesson>", "exec"), namespace)
        except Exception as raised:  # noqa: BLE001 (how a piece fails is the answer)
            error = f"{type(raised).__name__}: {raised}"
    return {"output": written.getvalue(), "error": error}


if __name__ == "__main__":
    results = [run(sources) for sources in json.load(sys.stdin)]
    sys.stdout.write(json.dumps(results))
