"""Measures sizes and cold starts of the functions in Lambda's runtime interface emulator.

Compares them with minimal functions in Rust and Node, and checks the bounds below. `--write` writes infra/artifacts.md.
"""

import datetime
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import visit
from emulator import Emulator
from functions import ROOT, functions, lambda_variables
from surroundings import cached_tables, gateway

ROUNDS = 25
# Maximum repetitions of all rounds. They repeat only while a bound is exceeded.
MOST_TIMES = 4
# Ours may take twice as long as a minimal function in Rust, and a tenth of one in Node with its SDK.
MOST_OF_HELLO, LEAST_OF_NODE = 2.0, 10.0
# Pages have the edits before Merge does. So the first bound is not for it.
NOBODY_WAITS_FOR = {"Merge"}
MOST_MEMORY = 16 * 2**20

MEBIBYTE = 2**20
HERE = Path(__file__).parent
TIMEOUT = 30
# The first event of each function: the one with the fewest calls to others. None hashes a password.
FIRST = {
    "Http": "http-page",
    "WebSocket": "websocket-ping",
    "Stream": "stream-session-ended",
    "Merge": "merge-edit-stored",
    "KeepAlive": "keepalive-scheduled",
}


@dataclass(frozen=True)
class Cold:
    """A cold start: from the event that starts the process until the result. Init is a part of it."""

    seconds: float
    init: float
    memory: int


@dataclass
class Candidate:
    name: str
    command: list[str]
    variables: dict[str, str]
    event: bytes
    size: int
    ours: bool = False
    runs: list[Cold] = field(default_factory=list)

    def run(self) -> Cold:
        with Emulator(self.command, self.variables) as emulator:
            began = time.perf_counter()
            answer = emulator.invoke(self.event, TIMEOUT)
            seconds = time.perf_counter() - began
            if isinstance(answer, dict) and ("errorType" in answer or answer.get("statusCode", 200) != 200):
                raise SystemExit(f"{self.name}: {answer}")
            return Cold(seconds, emulator.init(), emulator.memory())

    @property
    def seconds(self) -> float:
        return statistics.median(run.seconds for run in self.runs)

    @property
    def init(self) -> float:
        return statistics.median(run.init for run in self.runs)

    def times(self, other: "Candidate") -> float:
        """Returns how many times as long as another candidate it takes: the median of all rounds.

        A round runs every candidate once, so both had the same machine. The quotient of the two shortest times would
        be that of two strokes of luck: that of hello-world alone is one and a half times as long in one minute as in another.
        """
        pairs = zip(self.runs, other.runs, strict=True)
        return statistics.median(own.seconds / others.seconds for own, others in pairs)

    @property
    def memory(self) -> int:
        return max(run.memory for run in self.runs)


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def candidates(dynamodb: str) -> list[Candidate]:
    """Yields hello-world, Node, then our functions."""
    event = (ROOT / "events/http-list-notes.json").read_bytes()
    bare = os.environ["HELLO"]
    node = str(HERE / "node/runtime.mjs")
    variables = lambda_variables("hello", 256)
    yield Candidate("hello-world in Rust", [bare], variables, event, Path(bare).stat().st_size)
    yield Candidate(
        "Node with its SDK", ["node", "--no-warnings", node], variables, event, size_of(HERE / "node/node_modules")
    )
    for function in functions(cached_tables(dynamodb), gateway()):
        own = (ROOT / f"events/{FIRST[function.name]}.json").read_bytes()
        program = str(function.bootstrap)
        yield Candidate(function.name, [program], function.variables, own, function.bootstrap.stat().st_size, ours=True)


def table(all_of_them: list[Candidate]) -> str:
    hello, node = all_of_them[:2]
    lines = [
        "| | size (MiB) | cold start (ms) | of it Init (ms) | to hello-world | Node takes | peak memory (MiB) |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for one in all_of_them:
        lines.append(
            f"| {one.name} | {one.size / MEBIBYTE:.1f} | {one.seconds * 1000:.1f} "
            f"| {one.init * 1000:.1f} | {one.times(hello):.2f}x | {node.times(one):.1f}x "
            f"| {one.memory / MEBIBYTE:.1f} |"
        )
    return "\n".join(lines)


def exceeded(all_of_them: list[Candidate]) -> list[str]:
    """Returns the bounds that are exceeded."""
    hello, node, *ours = all_of_them
    found = []
    for one in ours:
        if one.times(hello) > MOST_OF_HELLO and one.name not in NOBODY_WAITS_FOR:
            found.append(
                f"{one.name} takes {one.times(hello):.2f} times hello-world's cold start,"
                f" not {MOST_OF_HELLO:.0f} at most"
            )
        if node.times(one) < LEAST_OF_NODE:
            found.append(
                f"Node takes {node.times(one):.1f} times as long as {one.name}, not {LEAST_OF_NODE:.0f} at least"
            )
        if one.memory >= MOST_MEMORY:
            found.append(f"{one.name} needs {one.memory / MEBIBYTE:.1f} MiB, not less than {MOST_MEMORY // MEBIBYTE}")
    return found


def document(all_of_them: list[Candidate], violations: list[str]) -> str:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    verdict = "All bounds hold." if not violations else "Exceeded:\n\n" + "\n".join(f"- {one}" for one in violations)
    return f"""# What is deployed

`tests/artifacts/run --write` wrote this on {datetime.date.today()}, on {platform.machine()} with Node {node}, with
Lambda's runtime interface emulator. Each number is the median of {len(all_of_them[0].runs)} rounds, which run everything once.
A cold start is the time from the event that starts a process until its result. Init, as the emulator reports it, is the time
from the start of the process until it asks for the event. Compare only the ratios; the times depend on the machine.

{table(all_of_them)}

Bounds for each of our functions: at most {MOST_OF_HELLO:.0f} times the cold start of hello-world, at least
{LEAST_OF_NODE:.0f} times as fast as Node, and less than {MOST_MEMORY // MEBIBYTE} MiB before it hashes a password. The first is not for
Merge, because nobody waits for it: pages have the edits before it does. {verdict}

- Hello-world is the bare `lambda_http`, built with the same profile. Node loads `client-dynamodb` and `lib-dynamodb`, creates
  a client, and says hello, over a Runtime API client of a few lines. Its size is that of `node_modules`, without Node.
- These two call no service. Our functions handle the sample event with the fewest calls: the page, a ping, the end of a
  session without sockets, the schedule without sockets, an edit of a note that is gone. In Init all but KeepAlive call DynamoDB
  once to open the connection. WebSocket, Stream and Merge also call `@connections`. Then WebSocket calls `@connections` once,
  Stream DynamoDB once, KeepAlive twice, and Merge four times.
- The services are on this machine, without TLS, and respond at once from memory. So a cold start contains what a function
  does for a call, but not the time of the tables or the network.
- These are x86_64. **arm64, the template's default, is not built here.** It needs the standard library of
  `aarch64-unknown-linux-gnu` (`rustup target add`), or Rust's source to build it from; {os.environ["ARM64"]}.
"""


def main():
    dynamodb = os.environ["NOTES_DYNAMODB"]
    visit.Tables(dynamodb).write("session")
    all_of_them = list(candidates(dynamodb))
    for one in all_of_them:
        # Once without measuring, to fill the disk cache and the cache of the tables.
        one.run()
    # A busy machine needs more rounds until the median is right.
    for _ in range(MOST_TIMES):
        for _ in range(ROUNDS):
            for one in all_of_them:
                one.runs.append(one.run())
        violations = exceeded(all_of_them)
        if not violations:
            break
    if "--write" in sys.argv:
        (ROOT / "infra/artifacts.md").write_text(document(all_of_them, violations))
    print(table(all_of_them), *violations, sep="\n")
    sys.exit(bool(violations))


if __name__ == "__main__":
    main()
