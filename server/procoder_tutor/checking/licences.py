"""Which words the operations of code license: the words of a row need one of its labels.

A word that stands in no row needs a name, text or comment of the code that holds it, unless it is
one of the plain words that fit any code. The labels are those of traits.py; a word in several
rows needs any one of their labels. The rows were collected from true sentences of small models.
"""

from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from types import MappingProxyType

from procoder_tutor.checking.stems import stem

_ROWS: tuple[tuple[str, str], ...] = (
    # Control flow
    ("iterate iteration loop cycle traverse repeat repeatedly walk", "loop recursion"),
    ("while until", "while loop"),
    ("continue stop skip", "loop continue break return raise call:next"),
    ("break exit terminate", "break return loop raise method:close call:exit"),
    ("verify validate", "condition raise try call"),
    ("otherwise else", "condition try or"),
    ("compare comparison", "compare call:sorted method:sort"),
    ("recursive recursion recursively", "recursion method:rglob call:walk"),
    ("itself", "recursion name:self"),
    ("comprehension", "comprehension"),
    ("generator lazily yield", "yield genexp"),
    ("lambda anonymous", "lambda"),
    ("decorator decorate wrap wrapper", "decorated inner-function"),
    ("asynchronous asynchronously coroutine await", "async"),
    ("nest nested", "nested-loop inner-function call:isinstance"),
    ("inner outer", "nested-loop inner-function"),
    ("catch suppress", "try call:suppress"),
    ("raise throw", "raise assert"),
    # Values and containers
    ("list", "loop-over-unknown param:tuple method:values list listcomp call:list call:sorted param:list shape:list method:append method:split"),
    ("array", "list param:list param:indexable"),
    ("dictionary dict mapping", "dict call:dict param:dict shape:dict call:defaultdict call:Counter"
     " method:items method:setdefault"),
    ("tuple", "tuple call:tuple call:zip method:items param:tuple call:divmod unpack"
     " call:enumerate method:partition"),
    ("integer", "int param:int param:number call:int call:len op:FloorDiv call:range shape:int"),
    ("float decimal", "float param:float call:float op:Div call:round"),
    ("number numeric", "int float param:int param:float param:number op:Add op:Sub op:Mult op:Div"
     " op:Mod op:FloorDiv call:len call:int call:float call:sum op:Lt op:Gt op:LtE op:GtE"),
    ("boolean", "bool shape:bool call:bool"),
    ("none null", "none return implicit-none"),
    ("byte", "bytes call:bytes method:encode method:read_bytes"),
    ("iterator iterable", "yield genexp call:iter loop param:iterable param:iterator shape:iterator"),
    ("queue deque", "call:deque method:popleft"),
    ("stack", "method:append method:pop"),
    ("instance object", "call class method attribute-set module:json"),
    ("path", "param:path call:Path call:open module:os"),
    # Arithmetic
    ("add addition", "op:Add method:append method:add method:extend method:insert item-set"
     " method:update method:setdefault call:sum"),
    ("sum total", "op:Add call:sum method:append"),
    ("accumulate", "op:Add augmented method:append"),
    ("increment", "op:Add"),
    ("decrement decrease reduce subtract difference deduct minus", "op:Sub"),
    ("multiply product", "op:Mult"),
    ("divide division quotient ratio average mean half halve", "op:Div op:FloorDiv"),
    ("remainder modulo divisible odd even", "op:Mod op:BitAnd call:divmod"),
    ("power square exponent raise", "op:Pow op:Mult call:pow"),
    ("round", "call:round op:FloorDiv call:floor call:ceil"),
    ("absolute", "call:abs"),
    ("count", "op:Add call:len method:count call:Counter call:sum"),
    ("percent percentage", "const:100 op:Div"),
    ("negative", "op:USub op:Lt op:LtE against:0"),
    ("positive", "op:Gt op:GtE against:0 against:1 op:LtE"),
    ("zero", "const:0 const:0.0 against:0"),
    # Order and extremes
    ("descending", "descending backwards"),
    ("alphabetical alphabetically", "call:sorted method:sort"),
    ("reverse backward backwards", "backwards keyword:reverse"),
    ("metadata docstring", "call:wraps"),
    ("largest biggest highest longest latest",
     "call:max op:Gt op:GtE descending op:USub op:Lt call:nlargest"),
    ("minimum lowest shortest earliest",
     "call:min op:Lt op:LtE ascending op:Gt call:nsmallest"),
    ("greater larger bigger higher exceed exceeding above longer",
     "op:Gt op:GtE op:Lt op:LtE call:max"),
    ("less smaller lower fewer below shorter", "op:Lt op:LtE op:Gt op:GtE call:min"),
    ("equal equality equals identical", "op:Eq op:NotEq op:Is op:LtE call:zip"
     " call:match call:fullmatch call:search method:match op:In"),
    ("different", "op:NotEq op:Eq"),
    # Collections: changing and choosing
    ("append push", "method:append method:add method:appendleft"),
    ("insert", "method:insert method:append item-set method:add"),
    ("extend", "method:extend op:Add"),
    ("remove delete discard drop pop", "delete method:remove method:pop method:discard"
     " method:popleft method:clear method:strip method:lstrip method:rstrip method:unlink"
     " method:rmdir comprehension yield method:sub call:sub method:popitem method:removeprefix"
     " method:removesuffix method:replace call:filter"),
    ("clear empty", "method:clear op:Not empty-display condition"),
    ("replace", "method:replace call:sub method:sub item-set"),
    ("update modify change mutate", "augmented item-set attribute-set method:update method:append"
     " delete mutates method:sort method:extend"),
    ("filter exclude", "if comprehension call:filter"),
    ("distinct duplicate", "call:set set op:NotIn setcomp call:Counter dict op:NotEq"),
    ("merge combine join concatenate", "op:Add method:join method:extend method:update op:BitOr"
     " star method:append call:chain fstring"),
    ("split divide separate tokenize", "method:split slice method:partition call:split"
     " method:splitlines call:divmod"),
    ("slice slicing", "slice"),
    ("group", "call:defaultdict method:setdefault call:groupby item-set method:append"),
    ("flatten", "nested-loop method:extend call:chain recursion"),
    ("copy clone", "method:copy call:copy call:list call:dict slice call:deepcopy star"),
    ("swap exchange", "unpack"),
    ("shuffle random randomly", "module:random call:shuffle call:choice call:random"),
    ("map transform", "call:map comprehension dict"),
    ("cast", "call:int call:float call:str call:list call:dict call:tuple"
     " call:set method:lower method:upper method:encode method:decode fstring method:join"
     " call:round call:loads call:dumps comprehension method:isoformat"),
    ("format", "fstring method:format op:Mod method:ljust method:rjust call:format method:join"
     " keyword:indent method:strftime str"),
    ("create build construct generate make produce", "list dict set tuple call comprehension"
     " fstring class yield"),
    ("store save keep record", "assign item-set attribute-set method:append method:add call:dump"
     " method:write dict list"),
    ("cache memoize memoization", "decorated:cache"),
    ("uppercase", "method:upper method:isupper method:capitalize method:title const:A"),
    ("lowercase", "method:lower method:islower method:casefold"),
    ("case", "method:lower method:upper method:casefold match condition"),
    ("whitespace", "method:strip method:split method:lstrip method:rstrip const:' '"),
    ("leading", "method:lstrip method:strip call:match"),
    ("trailing", "method:rstrip method:strip"),
    ("colon colons", "char::"),
    ("comma commas", "char:,"),
    ("semicolon", "char:;"),
    ("hyphen hyphens dash dashes", "char:-"),
    ("underscore underscores", "char:_"),
    ("slash slashes", "char:/"),
    ("newline newlines", "char:n method:splitlines method:strip method:rstrip method:isspace call:print"
     " call:open call:TextWrapper"),
    ("tab tabs", "char:t method:expandtabs method:strip method:lstrip method:split method:isspace"),
    ("digit", "method:isdigit method:isdecimal const:d"),
    ("regular regex pattern", "module:re"),
    ("expression", "module:re genexp lambda"),
    ("escape", "call:escape method:replace method:translate"),
    ("encode", "method:encode call:dumps"),
    ("decode", "method:decode call:loads"),
    # The world outside
    ("print display show output console", "call:print method:write"),
    ("log logging", "module:logging method:info method:warning method:error method:debug"),
    ("write", "method:write method:write_text call:dump call:open call:print method:writelines"
     " call:writer"),
    ("open", "call:open method:open"),
    ("close", "method:close with"),
    ("file", "call:open method:open method:read_text method:write_text method:read method:write"
     " param:path param:file module:os call:fspath method:is_file module:shutil"),
    ("division", "op:Div op:FloorDiv op:Mod"),
    ("directory folder", "param:path method:iterdir keyword:cwd method:rglob call:listdir call:walk"
     " method:is_dir method:mkdir module:os call:glob"),
    ("json", "module:json"),
    ("csv", "module:csv"),
    ("xml html", "module:html module:xml"),
    ("database sql query", "module:sqlite3 method:execute method:cursor"),
    ("network server url http", "module:urllib module:requests module:socket"
     " module:http module:httpx"),
    ("lock", "module:threading method:acquire"),
    ("sleep delay", "module:time call:sleep module:datetime method:wait"),
    ("date day month year", "module:datetime module:calendar call:date"),
    ("command process subprocess", "module:subprocess module:sys"),
    ("hash", "module:hashlib call:hash"),
    ("temporary", "module:tempfile"),
    ("email password image database security encrypt encryption", "never"),
    # Objects
    ("attribute property field", "attribute-set attribute class"),
    ("inherit subclass superclass parent", "subclass call:super"),
    ("constructor", "init call"),
    ("timeout socket gui api dynamic", "never"),
    ("default", "default if condition method:get keyword:default call:defaultdict call:next constant-argument"
     " except"),
    ("optional", "default"),
    ("keyword", "keywords"),
)  # fmt: skip

_PLAIN_WORDS = """
a an the this that these those it its they them their there here which who whose what when where how
why and or but nor so yet if then than as at by for from in into of off on onto out over to up with
without within through via per under across along among against about is are was were be been being
am do does did done doing has have had having can could will would shall should may might must not
no nor only just also both either neither all any some such another other others own very too well
more many much few several one two three once twice rest whole entire part parts kind type way ways
used use uses using given give gives specified specify provided provide provides passed pass passing
based base corresponding correspond respectively respective appropriate particular certain specific
function functions method class code script program python value values item items element elements
input inputs argument arguments parameter parameters result results output outputs return returns
returned returning take takes taking taken accept accepts receive receives get gets call calls called
calling perform performs operation operations implement implements implementation define defines
defined definition designed design simple simply basic helper utility purpose task work works working
set sets step steps process processes processed data information content contents collection sequence
current original new resulting final finally first second next begin begins start starts end ends
apply applies applied make makes made allow allows let lets help helps need needs needed want
desired requested required expected represent represents representing representation describe
describes contain contains containing include includes including consist consists refer refers
mean means meaning indicate indicates indicating denote case cases condition conditions otherwise
instead directly automatically effectively efficiently efficient easy easily breakdown example
name names named object objects instance set up run runs running execute executes executed
variable variables built-in builtin standard library module package python's provide determine
follow follows following above below back go goes going come comes before after during still already
now again always never ever whenever since because due while until up down keep keeps store stored
compute computes computed calculate calculates calculated calculation evaluate find finds found
create creates created add adds added available possible successful successfully associated
sort sorted sorting string strings text character characters index position beginning front top middle
same match matches different maximum minimum least greatest size length unique exist exists existing
already attempt attempts attempting handles handling handle error errors exception convert converts parse
read reads reading ignoring ignore time times letter letters pair pairs row rows column columns keep track
each every check checks checking ensure ensures verify key keys value present exist missing absent valid
invalid whether initialize initializes initializing initialization extract extracts retrieve retrieves
search searching look looks locate select selects selected attribute attributes property assign assigns
assigned access accesses true false occurrence occurrences appear appears avoid avoids preserve preserves
criteria correct last previous next length sizes first each range global slice indicates technique
raised become becomes vice versa control controls approach smallest users encountered process system structure state manage located location within environment place
related respective amount more most between end ends custom message messages meet meets
requirement requirements money previously order count single item user you your additional provided entire
number numbers true false none handle handles whose itself themselves
""".split()


@lru_cache(maxsize=1)
def licences() -> Mapping[str, frozenset[str]]:
    """Return the labels that license each stem of the table."""
    table: dict[str, set[str]] = {}
    for words, labels in _ROWS:
        for word in words.split():
            table.setdefault(stem(word), set()).update(labels.split())
    return MappingProxyType({word: frozenset(labels) for word, labels in table.items()})


@lru_cache(maxsize=1)
def plain_stems() -> Set[str]:
    """Stems of words that fit any code and need no licence."""
    return frozenset(stem(word) for word in _PLAIN_WORDS)


@lru_cache(maxsize=1)
def plain_words() -> Set[str]:
    """The same words as they are written."""
    return frozenset(_PLAIN_WORDS)


def all_rows() -> Iterator[tuple[str, str]]:
    """Yield the rows, for tests that hold the table to the labels there are."""
    yield from _ROWS
