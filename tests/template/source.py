"""What the functions' sources ask of the template: which variables they read, which keys and indexes they use."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ROOT / "functions"

# What an SDK reads of itself, by the crate that brings it.
READ_BY_SDKS = {
    # There is no endpoint of @connections that it could work out: each API has its own.
    "aws-sdk-apigatewaymanagement": "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI",
}

# What is read, and not for the template to set.
SET_BY_OTHERS = {
    "AWS_SAM_LOCAL": "`sam local` sets it.",
    "AWS_LAMBDA_LOG_FORMAT": "Lambda sets it, to what LoggingConfig says.",
    "AWS_LAMBDA_LOG_LEVEL": "Lambda sets it, to what LoggingConfig says.",
    "AWS_REGION": "Lambda sets it.",
    "RUST_LOG": "It is for whoever runs a function on a laptop.",
    "SSL_CERT_DIR": "It is for whoever puts an endpoint or a proxy between a function and AWS.",
    "SSL_CERT_FILE": "As SSL_CERT_DIR.",
}

# Where the code of a table is, by the variable that names the table to functions.
CODE_OF_TABLES = {
    "NOTES_TABLE": ["shared/notes/src/notes_store.rs", "shared/notes/src/comments.rs", "shared/notes/src/archive", "stream/src/pushes.rs"],
    "USERS_TABLE": ["shared/notes/src/accounts.rs", "shared/notes/src/attempts.rs", "shared/notes/src/pseudonyms.rs"],
    "SESSIONS_TABLE": ["shared/notes/src/sessions.rs"],
    "CONNECTIONS_TABLE": ["shared/socketio/src/connections.rs", "shared/socketio/src/connection.rs"],
}

# Tables that hold what nobody can make again.
LASTING = ["NOTES_TABLE", "USERS_TABLE"]

# The attribute that ends a row, wherever code writes one.
TTL = "expires"


class Unreadable(Exception):
    """The source is written in a way that this file does not know: a pattern of it needs another look."""


@dataclass
class Table:
    """What the code asks of a table."""

    keys: set[frozenset[str]] = field(default_factory=set)  # whole keys of items, by attributes
    partitions: dict[str | None, set[str]] = field(
        default_factory=dict
    )  # what is queried for, by index; None: the table
    indexes: set[str] = field(default_factory=set)
    sorts: set[str] = field(default_factory=set)  # what an index is sorted by, where the code says so
    images: set[str] = field(default_factory=set)  # which images of its records are read: "new", "old"
    ends: bool = False  # whether it writes rows that end
    words: set[str] = field(default_factory=set)  # every name in it, of attributes among them


@cache
def crates():
    """The crates of ours, by name: their folders, and what they depend on."""
    found = {}
    for manifest in sorted([*FUNCTIONS.glob("*/Cargo.toml"), *FUNCTIONS.glob("shared/*/Cargo.toml")]):
        read = tomllib.loads(manifest.read_text())
        found[read["package"]["name"]] = (manifest.parent, set(read["dependencies"]))
    return found


@cache
def code(path: Path) -> str:
    """A file's code, without its comments and what is compiled for tests alone."""
    text = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE)
    return re.split(r"^#\[cfg\(test\)\]\n(?:pub(?:\([^)]*\))? )?mod tests \{", text, maxsplit=1, flags=re.MULTILINE)[0]


@cache
def files(folder: Path) -> list[Path]:
    """A folder's files of code, without modules that are for tests alone."""
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*.rs"))
    for_tests = set()
    for path in paths:
        inside = path.parent if path.stem in ("lib", "main", "mod") else path.with_suffix("")
        for module in re.findall(
            r"^#\[cfg\(test\)\]\n(?:pub(?:\([^)]*\))? )?mod (\w+);", path.read_text(), re.MULTILINE
        ):
            for_tests |= {inside / f"{module}.rs", inside / module}
    return [path for path in paths if not for_tests & {path, *path.parents}]


@cache
def variables(binary: str) -> frozenset[str]:
    """What a function reads of its environment, in its own crate and in those of ours that it depends on."""
    ours = crates()
    if binary not in ours:
        raise Unreadable(f"no crate below {FUNCTIONS.name}/ is called {binary}")
    folder, depends = ours[binary]
    folders = [folder, *(ours[name][0] for name in depends if name in ours)]
    texts = [code(path) for folder in folders for path in files(folder / "src")]
    # Functions and closures that read the variable that they are given the name of.
    readers = {
        name
        for text in texts
        for pair in re.findall(
            r"fn (\w+)\(name: &str\)[^}]*?env::var\(name\)|"
            r"let (\w+) = \|name\| env::var\(name\)",
            text,
        )
        for name in pair
        if name
    }
    read = set()
    for text in texts:
        for argument in re.findall(r"env::var(?:_os)?\(([^)]*)\)", text):
            if argument != "name" and not re.fullmatch(r'"[A-Z0-9_]+"', argument):
                raise Unreadable(f"a variable is read by another name than a literal: env::var({argument})")
        called = "|".join(["env::var", "env::var_os", *sorted(readers)])
        read |= set(re.findall(rf'\b(?:{called})\("([A-Z0-9_]+)"\)', text))
    read |= {variable for sdk, variable in READ_BY_SDKS.items() if sdk in depends}
    if not read:
        raise Unreadable(f"{binary} reads no variable in a way that is known here")
    return frozenset(read - set(SET_BY_OTHERS))


@cache
def table(variable: str) -> Table:
    """What the code asks of the table that a variable names."""
    found = Table()
    for path in (path for place in CODE_OF_TABLES[variable] for path in files(FUNCTIONS / place)):
        text = code(path)
        constants = dict(re.findall(r'const (\w+): &str = "([^"]*)"', text))
        found.words |= set(re.findall(r"\w+", text))
        found.ends |= bool(re.search(rf"\b{TTL}: (?:Timestamp|u64),", text))
        found.sorts |= set(re.findall(r'index_key\.insert\("(\w+)"', text))
        found.images |= set(re.findall(r"\bchange\.(new|old)_image\b", text))
        for statement in re.split(r";\s*\n|\n\s*\n", text):
            names = dict(re.findall(r'expression_attribute_names\("(#\w+)", "(\w+)"\)', statement))
            index = re.search(r"\.index_name\(\s*([^)]*)\)", statement)
            if index and index[1] not in constants:
                raise Unreadable(f"{path.name} names an index by something else than a constant of its own: {index[1]}")
            index = constants[index[1]] if index else None
            found.indexes |= {index} - {None}
            for condition in re.findall(r"key_condition_expression\(\s*(.*)", statement):
                queried = re.match(r'"(#?\w+) = :', condition)
                if not queried:
                    raise Unreadable(f"{path.name} queries in a way that is not known here: {condition}")
                found.partitions.setdefault(index, set()).add(names.get(queried[1], queried[1]))
            listed = re.search(r"\b(?:HashMap|Row)::from\(\[(.*?)\]\)", statement, re.DOTALL)
            if listed:
                found.keys.add(frozenset(re.findall(r'\("(\w+)"\.(?:into|to_owned)\(\),', listed[1])))
            keys = frozenset(re.findall(r'\.key\("(\w+)",', statement))
            found.keys |= {keys} - {frozenset()}
    if not found.keys:
        raise Unreadable(f"the code of {variable} names no key in a way that is known here")
    return found


@cache
def security_headers() -> dict[str, str]:
    """The headers that the HTTP function adds to each of its responses."""
    text = code(FUNCTIONS / "http/src/middleware/security_headers.rs")
    texts = {
        name: re.sub(r"\\\n\s*", "", value)
        for name, value in re.findall(r'const (\w+): &str = "((?:[^"\\]|\\.|\\\n)*)";', text)
    }
    [listed] = re.findall(r"SECURITY_HEADERS: .*? = \[(.*?)\];", text, re.DOTALL)
    headers = {}
    for constant, name, value in re.findall(r'\((?:(\w+)|HeaderName::from_static\("([^"]+)"\)), ("[^"]*"|\w+)\)', listed):
        headers[name or constant.lower().replace("_", "-")] = texts[value] if value in texts else value.strip('"')
    if len(headers) != len(re.findall(r"^\s*\(", listed, re.MULTILINE)):
        raise Unreadable("the security headers are written in a way that is not known here")
    return headers


@cache
def partition_of_comments() -> str:
    """What the names of partitions begin with that hold comments."""
    [prefix] = re.findall(r'const PREFIX: &str = "([^"]*)"', code(FUNCTIONS / "shared/notes/src/thread.rs"))
    return prefix


@cache
def metrics() -> frozenset[str]:
    """The names of all that functions count."""
    texts = [code(path) for folder, _ in crates().values() for path in files(folder / "src")]
    counted = r'(?:counter|histogram|gauge)!\(\s*"(\w+)"|\("([A-Z][a-z]+[A-Z]\w+)",'
    return frozenset(name for text in texts for pair in re.findall(counted, text) for name in pair if name)
