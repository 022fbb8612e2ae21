"""Checks that every place names the same oldest Rust version, and that all dependencies compile with it.

Reads the output of `cargo metadata --format-version 1` from standard input. Cargo.toml has the version
(`rust-version`). README.md, CONTRIBUTING.md and the workflow must repeat it.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Where the version is repeated, and how it is written there.
PLACES = {
    "README.md": r"\[Rust\]\(https://rustup\.rs\) ([0-9.]+)",
    "CONTRIBUTING.md": r"\[Rust\]\(https://rustup\.rs\) ([0-9.]+)",
    ".github/workflows/ci.yml": r"RUST_VERSION: \"([0-9.]+)\"",
}


def number(version: str) -> list[int]:
    """Returns a version as numbers: 1.94 is [1, 94, 0]."""
    numbers = [int(part) for part in version.split(".")]
    return numbers + [0] * (3 - len(numbers))


def main() -> None:
    packages = json.load(sys.stdin)["packages"]
    ours = {package["rust_version"] for package in packages if package["source"] is None}
    if len(ours) != 1 or None in ours:
        sys.exit(f"Every crate must inherit rust-version from the workspace. Found: {ours}")
    (oldest,) = ours

    problems = [
        f"{package['name']} {package['version']} needs Rust {package['rust_version']}: raise rust-version in Cargo.toml"
        for package in packages
        if package["rust_version"] and number(package["rust_version"]) > number(oldest)
    ]
    for place, pattern in PLACES.items():
        found = re.search(pattern, (ROOT / place).read_text())
        if found is None or found[1] != oldest:
            problems.append(f"{place} names {found and found[1]}, Cargo.toml {oldest}")
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
