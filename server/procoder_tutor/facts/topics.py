"""The concepts that are taught: their ids, their titles, and the page that treats each.

Ids are stable: they are stored in caches and name the files of the lessons.
"""

from dataclasses import dataclass

from procoder_tutor.documentation.inventory import python_inventory


@dataclass(frozen=True, slots=True)
class Topic:
    """One concept as it is taught."""

    title: str
    target: str | None
    """Its place in Python's inventory; None where no official page treats it."""

    @property
    def url(self) -> str | None:
        """The official page."""
        return python_inventory().url(self.target) if self.target else None


TOPICS: dict[str, Topic] = {
    "abstract-base-class": Topic("abstract base class", "std:term:abstract base class"),
    "any-all": Topic("any and all", "py:obj:any"),
    "assertion": Topic("assertion", "std:label:assert"),
    "assignment-expression": Topic(
        "assignment expression (walrus)", "std:token:python-grammar:assignment_expression"
    ),
    "async": Topic("coroutine", "std:term:coroutine"),
    "caching": Topic("caching results", "py:obj:functools.cache"),
    "chained-comparison": Topic("chained comparison", "std:label:comparisons"),
    "class-method": Topic("class method", "py:obj:classmethod"),
    "cleanup": Topic("finally", "std:label:tut-cleanup"),
    "closure": Topic("closure", "std:term:nested scope"),
    "concurrent-tasks": Topic("concurrent tasks", "py:obj:asyncio.gather"),
    "conditional-expression": Topic(
        "conditional expression", "std:token:python-grammar:conditional_expression"
    ),
    "context-manager": Topic("context manager", "std:term:context manager"),
    "counter": Topic("Counter", "py:obj:collections.Counter"),
    "custom-exception": Topic("custom exception", "std:label:tut-userexceptions"),
    "dataclass": Topic("dataclass", "py:obj:dataclasses"),
    "decorator": Topic("decorator", "std:term:decorator"),
    "default-argument": Topic("default argument", "std:label:tut-defaultargs"),
    "default-dict": Topic("defaultdict", "py:obj:collections.defaultdict"),
    "dict-comprehension": Topic("dict comprehension", "std:term:dictionary comprehension"),
    "enum": Topic("enumeration", "py:obj:enum.Enum"),
    "enumerate": Topic("enumerate", "py:obj:enumerate"),
    "exception-chaining": Topic("exception chaining", "std:label:tut-exception-chaining"),
    "exception-handling": Topic("exception handling", "std:label:tut-handling"),
    "f-string": Topic("f-string", "std:label:tut-f-strings"),
    "generator": Topic("generator", "std:term:generator"),
    "generator-expression": Topic("generator expression", "std:term:generator expression"),
    "generics": Topic("type parameters", "std:term:generic type"),
    "global": Topic("global statement", "std:label:global"),
    "identity-test": Topic("identity test (is)", "std:token:python-grammar:comp_operator"),
    "inheritance": Topic("inheritance", "std:label:tut-inheritance"),
    "iterator": Topic("iterator class", "std:label:tut-iterators"),
    "lambda": Topic("lambda", "std:label:tut-lambda"),
    "list-comprehension": Topic("list comprehension", "std:label:tut-listcomps"),
    "loop-else": Topic("else on a loop", "std:label:tut-break"),
    "main-guard": Topic("main guard", "std:label:name_equals_main"),
    "map-filter": Topic("map and filter", "py:obj:map"),
    "multiple-return-values": Topic("returning several values", "std:label:tut-tuples"),
    "named-tuple": Topic("named tuple", "std:term:named tuple"),
    "nested-function": Topic("nested function", "std:label:naming"),
    "nonlocal": Topic("nonlocal statement", "std:label:nonlocal"),
    "operator-overloading": Topic("operator overloading", "std:label:specialnames"),
    "own-context-manager": Topic("custom context manager", "py:obj:contextlib.contextmanager"),
    "partial-application": Topic("partial application", "py:obj:functools.partial"),
    "pattern-matching": Topic("match statement", "std:label:tut-match"),
    "property": Topic("property", "py:obj:property"),
    "protocol": Topic("protocol", "py:obj:typing.Protocol"),
    "raising": Topic("raising an exception", "std:label:tut-raising"),
    "recursion": Topic("recursion", None),
    "regular-expression": Topic("regular expression", "std:label:regex-howto"),
    "set-comprehension": Topic("set comprehension", "std:term:set comprehension"),
    "set-operation": Topic("set operation", "std:label:tut-sets"),
    "slicing": Topic("slicing", "std:term:slice"),
    "sort-key": Topic("sorting with a key", "std:label:sortinghowto"),
    "special-parameters": Topic("positional-only or keyword-only parameters", "std:term:parameter"),
    "starred-assignment": Topic("unpacking the rest", "std:label:assignment"),
    "static-method": Topic("static method", "py:obj:staticmethod"),
    "string-join": Topic("joining strings", "py:obj:str.join"),
    "super": Topic("super", "py:obj:super"),
    "type-hint": Topic("type hint", "std:term:type hint"),
    "unpacking": Topic("unpacking", "std:label:tut-tuples"),
    "unpacking-arguments": Topic("unpacking arguments", "std:label:tut-unpacking-arguments"),
    "variadic-parameters": Topic("any number of arguments", "std:label:tut-arbitraryargs"),
    "zip": Topic("zip", "py:obj:zip"),
}
