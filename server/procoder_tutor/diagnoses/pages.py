"""The page of Python's own documentation that treats what a finding is about."""

from typing import Final

from procoder_tutor.documentation.inventory import python_inventory

_PAGES: Final = {
    "AssertTuple": "std:label:assert",
    "BreakOutsideLoop": "std:label:break",
    "ContinueOutsideLoop": "std:label:continue",
    "DefaultExceptNotLast": "std:label:try",
    "DoctestSyntaxError": "py:obj:doctest",
    "DuplicateArgument": "std:label:function",
    "FStringMissingPlaceholders": "std:label:f-strings",
    "ForwardAnnotationSyntaxError": "std:term:annotation",
    "FutureFeatureNotDefined": "std:label:future",
    "IfTuple": "std:label:if",
    "ImportShadowedByLoopVar": "std:label:naming",
    "ImportStarNotPermitted": "std:label:import",
    "ImportStarUsage": "std:label:import",
    "ImportStarUsed": "std:label:import",
    "IndentationError": "py:obj:IndentationError",
    "InvalidEscapeSequence": "std:label:strings",
    "InvalidPrintSyntax": "py:obj:print",
    "IsLiteral": "std:label:is",
    "LateFutureImport": "std:label:future",
    "MultiValueRepeatedKeyLiteral": "std:label:dict",
    "MultiValueRepeatedKeyVariable": "std:label:dict",
    "RaiseNotImplemented": "py:obj:NotImplementedError",
    "RedefinedWhileUnused": "std:label:naming",
    "ReturnOutsideFunction": "std:label:return",
    "SyntaxError": "py:obj:SyntaxError",
    "TabError": "py:obj:TabError",
    "TooManyExpressionsInStarredAssignment": "std:label:assignment",
    "TwoStarredExpressions": "std:label:assignment",
    "UndefinedExport": "std:label:import",
    "UndefinedLocal": "py:obj:UnboundLocalError",
    "UndefinedName": "py:obj:NameError",
    "UnusedAnnotation": "std:label:annassign",
    "UnusedImport": "std:label:import",
    "UnusedIndirectAssignment": "std:label:global",
    "UnusedVariable": "std:label:assignment",
    "YieldOutsideFunction": "std:label:yield",
    "bare-except": "std:label:try",
    "changed-while-iterating": "std:label:for",
    "is-literal": "std:label:is",
    "late-binding": "std:label:naming",
    "mutable-default": "std:label:tut-defaultargs",
    "shadowed-builtin": "std:label:built-in-funcs",
}
"""Targets of Python's inventory, by rule."""
_FAMILIES: Final = {
    "PercentFormat": "std:label:old-string-formatting",
    "StringDotFormat": "std:label:formatstrings",
}
"""The same for all rules whose names begin so."""


def documentation_page(rule: str) -> str | None:
    """Return the address of the page and section; None where no page treats it."""
    family = next((page for start, page in _FAMILIES.items() if rule.startswith(start)), None)
    target = _PAGES.get(rule, family)
    return python_inventory().url(target) if target else None
