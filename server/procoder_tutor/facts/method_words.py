"""Calls that stand alone, in plain words, where the name tells what they do."""

import ast

from procoder_tutor.facts.spans import Spans
from procoder_tutor.facts.wording import Wording

_METHODS: dict[tuple[str, int], str] = {
    ("append", 1): "Adds {0} to the end of {owner}",
    ("appendleft", 1): "Adds {0} to the front of {owner}",
    ("extend", 1): "Adds all items of {0} to the end of {owner}",
    ("insert", 2): "Inserts {1} into {owner} at position {0}",
    ("remove", 1): "Removes {0} from {owner}",
    ("discard", 1): "Removes {0} from {owner} if it is there",
    ("clear", 0): "Empties {owner}",
    ("reverse", 0): "Reverses {owner} in place",
    ("sort", 0): "Sorts {owner} in place",
    ("add", 1): "Adds {0} to {owner}",
    ("update", 1): "Updates {owner} with {0}",
    ("pop", 0): "Takes the last item off {owner}",
    ("popleft", 0): "Takes the first item off {owner}",
    ("pop", 1): "Takes {0} out of {owner}",
    ("pop", 2): "Takes {0} out of {owner}, if it is there",
    ("write", 1): "Writes {0} to {owner}",
    ("close", 0): "Closes {owner}",
}
"""By method and number of arguments."""
_FUNCTIONS: dict[str, str] = {
    "time.sleep": "Waits {0} seconds",
    "sys.exit": "Ends the program",
    "builtins.exit": "Ends the program",
    "builtins.input": "Waits for the user to type a line",
    "os.remove": "Deletes the file {0}",
    "os.makedirs": "Makes the folder {0} with all folders above it",
    "heapq.heappush": "Pushes {1} onto the heap {0}",
    "heapq.heapify": "Makes a heap of {0}, in place",
    "random.shuffle": "Shuffles {0} in place",
    "random.seed": "Starts the random numbers from {0}",
}
_LOGGING = frozenset({"debug", "info", "warning", "error", "critical", "exception"})
_LOGGERS = frozenset({"log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER"})


def method_words(wording: Wording, node: ast.Call) -> str:
    """Return the sentence for a call that is made for its effect; empty for an unknown one."""
    full = wording.called(node)
    plain = not any(isinstance(argument, ast.Starred) for argument in node.args)
    if full == "builtins.print":
        return _print(wording, node) if plain else ""
    if full is not None:
        return _function(wording, node, full) if plain else ""
    if isinstance(node.func, ast.Attribute) and plain:
        return _method(wording, node, node.func)
    return ""


def _print(wording: Wording, node: ast.Call) -> str:
    if not node.args:
        return "Prints an empty line"
    if len(node.args) == 1:
        return f"Prints {wording.noun(node.args[0])}"
    return f"Prints {wording.spans.names(node.args)}"


def _function(wording: Wording, node: ast.Call, full: str) -> str:
    words = _FUNCTIONS.get(full, "")
    if full.startswith("logging.") and full.rpartition(".")[2] in _LOGGING:
        return _logged(wording, node)
    needed = 2 if "{1}" in words else 1 if "{0}" in words else 0
    if not words or len(node.args) < needed:
        return ""
    return words.format(*(wording.noun(argument) for argument in node.args))


def _method(wording: Wording, node: ast.Call, method: ast.Attribute) -> str:
    spans, owner = wording.spans, method.value
    if method.attr == "append" and len(node.args) == 1 and (words := _grouped(spans, node, owner)):
        return words
    if _is_super(owner):
        return f"Lets the base class do its part: {spans.code(node)}"
    is_logger = getattr(owner, "attr", getattr(owner, "id", "")) in _LOGGERS
    if method.attr in _LOGGING and is_logger:
        return _logged(wording, node)
    words = _METHODS.get((method.attr, len(node.args)), "")
    if method.attr == "pop" and len(node.args) == 1 and getattr(node.args[0], "value", 1) == 0:
        words = "Takes the first item off {owner}"
    if not words or (node.keywords and method.attr != "sort"):
        return ""
    text = words.format(*(wording.noun(a) for a in node.args), owner=spans.code(owner))
    return text + _sort_options(spans, node.keywords)


def _sort_options(spans: Spans, keywords: list[ast.keyword]) -> str:
    text = ""
    for keyword in keywords:
        if keyword.arg == "key":
            text += f", compared by {spans.code(keyword.value, 40)}"
        elif keyword.arg == "reverse" and getattr(keyword.value, "value", None) is True:
            text += ", the largest first"
    return text


def _grouped(spans: Spans, node: ast.Call, owner: ast.expr) -> str:
    """`groups.setdefault(key, []).append(item)`."""
    match owner:
        case ast.Call(
            func=ast.Attribute(value=groups, attr="setdefault"), args=[key, ast.List(elts=[])]
        ):
            at = spans.quote(f"{spans.text(groups)}[{spans.text(key)}]")
            return f"Adds {spans.code(node.args[0])} to the list {at}, starting one if it is new"
    return ""


def _logged(wording: Wording, node: ast.Call) -> str:
    return f"Logs {wording.spans.code(node.args[0])}" if node.args else ""


def _is_super(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
    )
