"""Make a data set from Python code: functions without their docstrings, and what these say.

    python make_dataset.py FOLDER... --output pairs.jsonl

A prompt is, to the letter, what ProCoder asks the model in that style (`prompt_style` of
/v1/models: "purpose" for models that complete, "docstring" for those that chat); the completion is
the first paragraph of the docstring, with its closing quotes.
"""

import argparse
import ast
import json
from collections.abc import Iterator
from pathlib import Path

from procoder_tutor.prompts import PROFILES, Excerpt
from procoder_tutor.questions import Level

_LONGEST = 2_000
"""Characters of code: a longer function would not fit a small model's window."""
_SHORTEST = 20
"""Characters of docstring: less says nothing."""


def pairs_of(source: str, style: str) -> Iterator[dict[str, str]]:
    """Yield a prompt and its completion for each function that explains itself."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or len(node.body) < 2:
            continue
        paragraph = (ast.get_docstring(node) or "").partition("\n\n")[0]
        docstring, indent = node.body[0], node.col_offset
        header = [line[indent:] for line in lines[node.lineno - 1 : docstring.lineno - 1]]
        body = [line[indent:] for line in lines[docstring.end_lineno : node.end_lineno]]
        code = "\n".join(header + body)
        if len(paragraph) < _SHORTEST or '"""' in paragraph or len(code) > _LONGEST or not header:
            continue
        excerpt = Excerpt(kind="function", code=code, header="\n".join(header))
        prompt = PROFILES[style].render(excerpt, Level.INTERMEDIATE, "en")
        yield {"prompt": prompt, "completion": " ".join(paragraph.split()) + '"""'}


def main() -> None:
    """Write one JSON object a line; equal ones once."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sources", nargs="+", type=Path, help="folders or files of Python code")
    parser.add_argument("--output", type=Path, default=Path("pairs.jsonl"))
    parser.add_argument("--style", choices=("docstring", "purpose"), default="purpose")
    options = parser.parse_args()
    files = [
        file
        for source in options.sources
        for file in (sorted(source.rglob("*.py")) if source.is_dir() else [source])
    ]
    found = {}
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
            found |= {pair["prompt"]: pair for pair in pairs_of(text, options.style)}
        except (SyntaxError, ValueError) as error:
            print(f"{file}: left out ({error})")
    options.output.write_text("".join(json.dumps(pair) + "\n" for pair in found.values()))
    print(f"{len(found)} pairs of {len(files)} files in {options.output}")


if __name__ == "__main__":
    main()
