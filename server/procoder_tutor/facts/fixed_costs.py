"""Calls whose work is fixed, whatever they are given. Names are those of the standard library.

Source of the costs of builtins: https://wiki.python.org/moin/TimeComplexity.
"""

_BUILTINS = (
    "abs bool callable chr divmod enumerate hasattr id isinstance issubclass iter len open ord "
    "print range reversed round type zip"
)
"""The work of some of these is done only by the loop that takes items from them."""
_MATH = (
    "acos asin atan atan2 ceil cos degrees exp fabs floor hypot isclose isfinite isinf isnan log "
    "log10 log2 radians sin sqrt tan trunc"
)
_RANDOM = "choice gauss normalvariate randint random randrange triangular uniform"
_CLOCKS = "monotonic monotonic_ns perf_counter perf_counter_ns process_time time time_ns"
_DATES = (
    "date date.fromtimestamp date.today datetime datetime.fromtimestamp datetime.now "
    "datetime.today datetime.utcnow time timedelta"
)
FIXED_FUNCTIONS = frozenset(
    f"{module}.{name}"
    for module, names in (
        ("builtins", _BUILTINS),
        ("math", _MATH),
        ("random", _RANDOM),
        ("secrets", "choice randbelow"),
        ("time", _CLOCKS),
        ("datetime", _DATES),
    )
    for name in names.split()
)
FIXED_METHODS = frozenset({
    "add", "append", "appendleft", "discard", "endswith", "get", "items", "keys", "popitem",
    "popleft", "setdefault", "startswith", "values",
})  # fmt: skip
CONVERSIONS = frozenset({"builtins.float", "builtins.int", "builtins.str", "builtins.repr"})
"""Fixed for numbers and for what is bounded by one item; a long text takes its time."""
