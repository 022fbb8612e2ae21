"""Checks that `cargo run` and `cargo test --workspace` use the same features of every crate, so that nothing is compiled twice.

Cargo's unit graph is unstable, so it needs RUSTC_BOOTSTRAP.
"""

import json
import os
import subprocess
import sys


def features(*command: str) -> dict[tuple, set[tuple]]:
    """Returns the feature sets of each crate from a registry, by its id, host or target, and optimization level."""
    run = subprocess.run(
        ["cargo", *command, "--locked", "--unit-graph", "-Z", "unstable-options"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"RUSTC_BOOTSTRAP": "1"},
    )
    found: dict[tuple, set[tuple]] = {}
    for unit in json.loads(run.stdout)["units"]:
        is_library = unit["mode"] == "build" and "lib" in unit["target"]["kind"][0]
        if is_library and "registry" in unit["pkg_id"]:
            crate = (unit["pkg_id"].rsplit("#")[-1], unit["platform"], unit["profile"]["opt_level"])
            found.setdefault(crate, set()).add(tuple(unit["features"]))
    return found


def main() -> None:
    program, tests = features("build", "--package", "notes-dev"), features("test", "--workspace", "--no-run")
    twice = {crate: sets - tests.get(crate, set()) for crate, sets in program.items()}
    twice = {crate: sets for crate, sets in twice.items() if sets}
    for crate, sets in twice.items():
        more = [sorted(set(other) - set(own)) for own in sets for other in tests.get(crate, set())]
        print(f"{crate[0]} is compiled twice: the tests also use {more}", file=sys.stderr)
    if twice:
        sys.exit("Add these features to the list in infra/dev/Cargo.toml.")


if __name__ == "__main__":
    main()
