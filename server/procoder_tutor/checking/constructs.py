"""Claims that the code is written with some construct of the language."""

import re
from collections.abc import Iterator

from procoder_tutor.checking.code import Code
from procoder_tutor.checking.said import Claim, Said

_TABLE: tuple[tuple[str, str, str], ...] = (
    # wording, labels of which one must be there, what is missing
    (r"list comprehensions?", "listcomp", "list comprehension"),
    (r"dict(?:ionary)? comprehensions?", "dictcomp", "dict comprehension"),
    (r"set comprehensions?", "setcomp", "set comprehension"),
    (r"generator expressions?", "genexp", "generator expression"),
    (r"generator functions?", "yield", "`yield`"),
    (r"(?<!number )generator(?! function)(?: objects?)?", "yield genexp shape:iterator", "generator"),
    (r"for[- ]loops?", "for", "`for` loop"),
    (r"while[- ]loops?", "while", "`while` loop"),
    (r"(?:outer|inner|nested) loops?|loops? within", "nested-loop", "loop inside a loop"),
    (r"(?:outer|inner|nested|wrapper) functions?", "inner-function", "function inside"),
    (r"try(?:-|/|\.\.\.| and |…)except|try[- ](?:block|statement)|except (?:block|clause)", "try",
     "`try`"),
    (r"with[- ](?:statement|block)|context managers?", "with method:__enter__", "`with`"),
    (r"if[- ]else|if[- ](?:statement|condition|block)|conditional", "condition", "condition"),
    (r"else[- ](?:statement|block|clause|branch)", "if try loop", "`else`"),
    (r"lambda(?: functions?| expressions?)?", "lambda", "lambda"),
    (r"recursi(?:ve|vely|on)|calls itself|calling itself", "recursion method:rglob call:walk"
     " keyword:recursive", "recursion"),
    (r"sorts|sorted (?:in|by|based|according|from)|(?:alphabetical|lexicographic(?:al)?) order",
     "name:sort call:sorted method:sort call:nlargest call:nsmallest method:most_common call:insort", "sorting"),
    (r"f-strings?|formatted strings?", "fstring call:format method:format op:Mod", "f-string"),
    (r"regular expressions?|regex(?:es)?", "module:re", "regular expression"),
    (r"slic(?:e|es|ing)", "slice call:slice call:islice", "slice"),
    (r"sets? (?:data structure|to (?:store|keep|track))", "set call:set setcomp shape:set", "set"),
    (r"asynchronous(?:ly)?|coroutine", "async", "`async`"),
    (r"decorators?", "decorated inner-function", "decorator"),
    (r"ternary", "ternary", "conditional expression"),
    (r"global variables?", "global", "global variable"),
    (r"assert(?:ion|s)?", "assert", "`assert`"),
    (r"unpack(?:s|ing)?", "unpack star call", "unpacking"),
    (r"(?:ascending|increasing) order", "ascending op:Lt op:LtE name:sort", "sorting in ascending order"),
    (r"(?:descending|decreasing|reverse) order", "descending backwards op:Gt op:GtE",
     "descending order"),
    (r"second[- ](?:to[- ])?last", "item:-2", "second-to-last item"),
    (r"(?:checks|verif\w+|ensures?|validates) (?:if|that|whether) [^,.]* (?:is an? (?:valid )?(?:python )?"
     r"(?:string|list|integer|number|dictionary|tuple|set|float|date))\b", "call:isinstance call:type"
     " except match", "check of a type"),
    (r"(?:two|2) decimal places", "const:2 fstring", "two decimal places"),
    (r"(?:creat|build|construct|initializ)\w* (?:an? )?(?:new )?(?:empty )?(?:dict|dictionary)",
     "dict dictcomp call:dict call:defaultdict call:Counter", "new dictionary"),
    (r"(?:creat|build|construct|initializ)\w* (?:an? )?(?:new )?(?:empty )?list(?! of functions)",
     "list listcomp call:list call:sorted slice method:split method:copy", "new list"),
    (r"(?:creat|build|construct|initializ)\w* (?:an? )?(?:new )?(?:empty )?set\b",
     "set setcomp call:set call:frozenset", "new set"),
    (r"(?:creat|build|construct|initializ)\w* (?:an? )?(?:new )?(?:empty )?tuple\b",
     "tuple call:tuple", "new tuple"),
    (r"thread[- ]safe", "module:threading call:acquire", "lock"),
    (r"(?:a|another) list to (?:store|keep|track|hold)", "list listcomp call:list shape:list", "list"),
    (r"(?:is|as) a decorator|^a decorator", "inner-function", "function inside"),
    (r"(?:creat|initializ|instantiat|construct|return)\w* (?:an? )?new (?:\w+ )?(?:object|instance)",
     "class-call class", "new object"),
    (r"dynamic(?:ally)? (?:resiz\w+|allocat\w+)", "never", "resizing"),
    (r"special case", "never", "special case"),
    (r"binary search", "op:FloorDiv", "halving of a range"),
    (r"linear search", "loop", "loop"),
)  # fmt: skip
_PATTERNS = tuple(
    (re.compile(rf"\b(?:{wording})\b"), frozenset(labels.split()), missing)
    for wording, labels, missing in _TABLE
)


_SEARCHES = re.compile(r"\b(?:occurrence|all|every)\b")
_ALL = re.compile(r"\b(?:all|every|each|any)\b")


def construct_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find constructs that are named; a denied one is not held against anything."""
    if "first-round-only" in code.traits and _SEARCHES.search(said.plain):
        yield Claim("construct", "its loop ends in the first round")
    if "changed-while-iterating" in code.traits and _ALL.search(said.plain):
        yield Claim("construct", "it changes the list while going through it")
    if said.negated:
        return
    for wording, labels, missing in _PATTERNS:
        if wording.search(said.plain):
            yield Claim("construct", "" if labels & code.traits else f"the code has no {missing}")
