"""Which calls and attributes reach outside the program's memory, by their full names.

Source: the library reference of Python 3.14, and the documentation of the packages named.
"""

from procoder_tutor.facts.model import TouchKind

_OS_FILES = (
    "access chmod chown link listdir lstat makedirs mkdir mkfifo open readlink remove removedirs "
    "rename renames replace rmdir scandir stat symlink truncate unlink utime walk fwalk "
    "path.exists path.lexists path.isfile path.isdir path.islink path.ismount path.getsize "
    "path.getmtime path.getatime path.getctime path.samefile"
)
_OS_PROCESSES = (
    "system popen fork forkpty kill execl execle execlp execlpe execv execve execvp execvpe "
    "spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe posix_spawn posix_spawnp "
    "startfile"
)
_CLOCKS = (
    "time time_ns sleep monotonic monotonic_ns perf_counter perf_counter_ns process_time "
    "process_time_ns thread_time thread_time_ns"
)

CALLS: dict[str, TouchKind] = {
    **{f"os.{name}": "file" for name in _OS_FILES.split()},
    **{f"os.{name}": "subprocess" for name in _OS_PROCESSES.split()},
    **{f"time.{name}": "clock" for name in _CLOCKS.split()},
    **dict.fromkeys(("builtins.open", "io.open", "codecs.open"), "file"),
    **dict.fromkeys(("gzip.open", "bz2.open", "lzma.open", "tarfile.open"), "file"),
    **dict.fromkeys(("zipfile.ZipFile", "glob.glob", "glob.iglob", "fileinput.input"), "file"),
    **dict.fromkeys(("shelve.open", "dbm.open", "sqlite3.connect"), "database"),
    **dict.fromkeys(("psycopg2.connect", "psycopg.connect", "pymysql.connect"), "database"),
    **dict.fromkeys(("asyncpg.connect", "aiosqlite.connect", "duckdb.connect"), "database"),
    **dict.fromkeys(("sqlalchemy.create_engine", "pymongo.MongoClient"), "database"),
    **dict.fromkeys(("redis.Redis", "redis.from_url"), "database"),
    **dict.fromkeys(("os.getenv", "os.putenv", "os.unsetenv", "os.chdir"), "environment"),
    **dict.fromkeys(("builtins.print", "builtins.input", "getpass.getpass"), "console"),
    **dict.fromkeys(("datetime.datetime.now", "datetime.datetime.today"), "clock"),
    **dict.fromkeys(("datetime.datetime.utcnow", "datetime.date.today"), "clock"),
    **dict.fromkeys(("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"),
                    "subprocess"),
    **dict.fromkeys(("asyncio.open_connection", "asyncio.start_server"), "network"),
    **dict.fromkeys(("uuid.uuid1", "uuid.uuid4", "os.urandom"), "random"),
}  # fmt: skip
"""Functions and classes that touch something when called."""

MODULES: dict[str, TouchKind] = {
    **dict.fromkeys(("shutil", "tempfile"), "file"),
    **dict.fromkeys(("socket", "urllib.request", "http.client", "xmlrpc.client"), "network"),
    **dict.fromkeys(("smtplib", "ftplib", "imaplib", "poplib", "telnetlib"), "network"),
    **dict.fromkeys(("requests", "httpx", "aiohttp", "websockets"), "network"),
    "subprocess": "subprocess",
    **dict.fromkeys(("random", "secrets", "numpy.random"), "random"),
}
"""Modules whose every call counts, but for those of `HARMLESS` and exceptions."""

HARMLESS = frozenset({
    "urllib.request.Request", "requests.Request", "httpx.Request", "httpx.URL", "httpx.Timeout",
    "httpx.Headers", "aiohttp.ClientTimeout", "subprocess.list2cmdline", "secrets.compare_digest",
    "socket.inet_aton", "socket.inet_ntoa", "socket.inet_pton", "socket.inet_ntop",
    "socket.htons", "socket.htonl", "socket.ntohs", "socket.ntohl",
    "shutil.ignore_patterns", "shutil.get_archive_formats",
})  # fmt: skip
"""Calls of these modules that only compute or make a value."""

OBJECTS: dict[str, TouchKind] = {
    **dict.fromkeys(("os.environ", "os.environb"), "environment"),
    **dict.fromkeys(("sys.stdout", "sys.stderr", "sys.stdin"), "console"),
    **dict.fromkeys(("sys.__stdout__", "sys.__stderr__", "sys.__stdin__"), "console"),
}
"""Objects whose mere use counts."""

PATH_METHODS = frozenset({
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "exists", "is_file", "is_dir",
    "is_symlink", "is_mount", "mkdir", "rmdir", "unlink", "rename", "replace", "touch", "iterdir",
    "glob", "rglob", "walk", "stat", "lstat", "chmod", "symlink_to", "hardlink_to", "readlink",
    "samefile", "owner", "group", "copy", "copy_into", "move", "move_into",
})  # fmt: skip
"""Methods of `pathlib.Path` that ask the file system."""

PATH_PARTS = frozenset({
    "joinpath", "with_name", "with_stem", "with_suffix", "absolute", "resolve", "expanduser",
    "relative_to",
})  # fmt: skip
"""Methods of `pathlib.Path` that give another path."""


def touched_by_call(full_name: str) -> TouchKind | None:
    """Return what a call of that full name touches; None where it touches nothing we know."""
    if full_name in CALLS:
        return CALLS[full_name]
    module, _, name = full_name.rpartition(".")
    is_error = name.endswith(("Error", "Exception", "Expired", "Warning"))
    while module and not is_error and full_name not in HARMLESS:
        if module in MODULES:
            return MODULES[module]
        module = module.rpartition(".")[0]
    return None
