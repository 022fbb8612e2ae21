"""Checks the structure of the Rust crates: no import circles, and no library that knows its users."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# These libraries run any SAM template.
GENERAL = ["infra/sam-template", "infra/local-service", "infra/local-dynamodb", "infra/local-cloud"]


def modules(crate: Path) -> dict[str, Path]:
    """Returns the files of a crate by module path, such as `lambda::pool`."""
    found = {}
    for path in sorted((crate / "src").rglob("*.rs")):
        parts = list(path.relative_to(crate / "src").with_suffix("").parts)
        if parts[-1] in ("mod", "lib", "main"):
            parts.pop()
        found["::".join(parts)] = path
    return found


def paths(tree: str) -> Iterator[str]:
    """Returns the paths of a use tree: `a::{b, c::d}` has `a::b` and `a::c::d`."""
    brace = tree.find("{")
    if brace == -1:
        yield tree.split(" as ")[0].strip()
        return
    prefix, inner, depth, start = tree[:brace], tree[brace + 1 : tree.rindex("}")], 0, 0
    for index, character in enumerate(inner + ","):
        depth += (character == "{") - (character == "}")
        if character == "," and depth == 0:
            if part := inner[start:index].strip():
                yield from (prefix + path for path in paths(part))
            start = index + 1


def imports(module: str, text: str) -> Iterator[str]:
    """Returns the paths that a module imports from its crate. Re-exports only list the contents of a module."""
    text = re.split(r"^#\[cfg\(test\)\]\nmod tests \{", text, maxsplit=1, flags=re.MULTILINE)[0]
    text = re.sub(r"//.*", "", text)
    for tree in re.findall(r"^\s*use ((?:crate|super|self)::[^;]+);", text, re.MULTILINE):
        for path in paths(re.sub(r"\s+", " ", tree)):
            root, *rest = path.split("::")
            parent = module.split("::")[:-1] if root == "super" else module.split("::") if root == "self" else []
            yield "::".join([part for part in parent if part] + rest)


def imported_file(path: str, files: dict[str, Path]) -> str | None:
    """Returns the module that a path leads to: the longest prefix that is a file."""
    parts = path.split("::")
    while parts and "::".join(parts) not in files:
        parts.pop()
    return "::".join(parts) if parts else None


def circle(edges: dict[str, set[str]]) -> list[str] | None:
    """Returns the modules of a circle, if there is one."""
    done: set[str] = set()

    def visit(module: str, way: list[str]) -> list[str] | None:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return None
        for other in sorted(edges.get(module, ())):
            if found := visit(other, [*way, module]):
                return found
        done.add(module)
        return None

    return next((found for module in sorted(edges) if (found := visit(module, []))), None)


def complaints() -> Iterator[str]:
    for manifest in sorted(ROOT.glob("functions/**/Cargo.toml")) + sorted(ROOT.glob("infra/*/Cargo.toml")):
        if "node_modules" in manifest.parts or not (manifest.parent / "src").is_dir():
            continue
        files = modules(manifest.parent)
        edges = {}
        for module, path in files.items():
            targets = (imported_file(name, files) for name in imports(module, path.read_text()))
            edges[module] = {target for target in targets if target and target != module}
        if found := circle(edges):
            yield f"{manifest.parent.relative_to(ROOT)} has an import circle: {' -> '.join(found)}"
    for folder in [*GENERAL, "functions/shared/notes", "functions/shared/socketio"]:
        manifest = tomllib.loads((ROOT / folder / "Cargo.toml").read_text())
        named = {*manifest.get("dependencies", {}), *manifest.get("dev-dependencies", {})}
        users = {name for name in named if name.endswith("-function") or name == "notes-dev"}
        users |= named & {"local-cloud"} if folder.startswith("functions/") else set()
        for user in sorted(users):
            yield f"{folder} depends on {user}, which depends on it"
    for folder in GENERAL:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".rs", ".toml", ".yaml") and re.search(r"\bnotes?\b", path.read_text(), re.IGNORECASE):
                yield f"{path.relative_to(ROOT)} mentions Notes, and belongs to a library for any template"
    for path in sorted((ROOT / "functions/shared/socketio").rglob("*.rs")):
        if re.search(r'"[^"]*\.\./\.\./\.\.', path.read_text()):
            yield f"{path.relative_to(ROOT)} reads a file outside the crate's folder"


if __name__ == "__main__":
    said = list(complaints())
    print("\n".join(said), file=sys.stderr)
    sys.exit(bool(said))
