"""Sizes and cold starts of the functions, beside the least that Rust and Node need, under Lambda's runtime interface
emulator. Holds them to the bounds below; `--write` writes infra/artifacts.md."""

import datetime
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import visit
from emulator import Emulator
from functions import ROOT, functions, lambdas
from surroundings import gateway, remembered

ROUNDS = 25
# How often these are run at most: again only where a bound seems not to be held.
MOST_TIMES = 8
# A bare function in Rust takes at least half as long as ours, one in Node with its SDK at least ten times as long.
MOST_OF_HELLO, LEAST_OF_NODE = 2.0, 10.0
MOST_MEMORY = 16 * 2**20

MEBIBYTE = 2**20
HERE = Path(__file__).parent
TIMEOUT = 30
# The first event of a function: the one that asks least of others, as hello-world asks nobody. (None hashes a password.)
FIRST = {
    "Http": "http-page",
    "WebSocket": "websocket-ping",
    "Stream": "stream-session-ended",
    "KeepAlive": "keepalive-scheduled",
}


@dataclass(frozen=True)
class Cold:
    """A process from the event for which the emulator starts it to the answer, of which a part is Init."""

    seconds: float
    init: float
    memory: int


@dataclass
class Contender:
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
        # The quickest, as what else the machine does only adds.
        return min(run.seconds for run in self.runs)

    @property
    def init(self) -> float:
        return min(run.init for run in self.runs)

    @property
    def memory(self) -> int:
        return max(run.memory for run in self.runs)


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def contenders(dynamodb: str) -> list[Contender]:
    """Hello-world, Node, then ours."""
    event = (ROOT / "events/http-list-notes.json").read_bytes()
    bare = os.environ["HELLO"]
    node = str(HERE / "node/runtime.mjs")
    variables = lambdas("hello", 256)
    yield Contender("hello-world in Rust", [bare], variables, event, Path(bare).stat().st_size)
    yield Contender(
        "Node with its SDK", ["node", "--no-warnings", node], variables, event, size_of(HERE / "node/node_modules")
    )
    for function in functions(remembered(dynamodb), gateway()):
        own = (ROOT / f"events/{FIRST[function.name]}.json").read_bytes()
        program = str(function.bootstrap)
        yield Contender(function.name, [program], function.variables, own, function.bootstrap.stat().st_size, ours=True)


def table(all_of_them: list[Contender]) -> str:
    hello, node = all_of_them[:2]
    lines = [
        "| | size (MiB) | cold start (ms) | of it Init (ms) | to hello-world | Node takes | peak memory (MiB) |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for one in all_of_them:
        lines.append(
            f"| {one.name} | {one.size / MEBIBYTE:.1f} | {one.seconds * 1000:.1f} "
            f"| {one.init * 1000:.1f} | {one.seconds / hello.seconds:.2f}x | {node.seconds / one.seconds:.1f}x "
            f"| {one.memory / MEBIBYTE:.1f} |"
        )
    return "\n".join(lines)


def broken(all_of_them: list[Contender]) -> list[str]:
    """The bounds that are not held."""
    hello, node, *ours = all_of_them
    found = []
    for one in ours:
        if one.seconds > MOST_OF_HELLO * hello.seconds:
            found.append(
                f"{one.name} takes {one.seconds / hello.seconds:.2f} times hello-world's cold start,"
                f" not {MOST_OF_HELLO:.0f} at most"
            )
        if node.seconds < LEAST_OF_NODE * one.seconds:
            found.append(
                f"Node takes {node.seconds / one.seconds:.1f} times as long as {one.name},"
                f" not {LEAST_OF_NODE:.0f} at least"
            )
        if one.memory >= MOST_MEMORY:
            found.append(f"{one.name} needs {one.memory / MEBIBYTE:.1f} MiB, not less than {MOST_MEMORY // MEBIBYTE}")
    return found


def document(all_of_them: list[Contender], unmet: list[str]) -> str:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    verdict = "All bounds are held." if not unmet else "Not held:\n\n" + "\n".join(f"- {one}" for one in unmet)
    return f"""# What is deployed

Written by `tests/artifacts/run --write`, {datetime.date.today()}, on {platform.machine()} with Node {node}, under Lambda's runtime interface emulator:
the quickest of {len(all_of_them[0].runs)} interleaved rounds. A cold start is from the event for which a process is started until the answer to it; Init, which
the emulator tells, is from the process's start until it asks for the event. On this machine only the ratios mean something.

{table(all_of_them)}

Bounds for each of ours: at most {MOST_OF_HELLO:.0f} times hello-world's cold start, at least {LEAST_OF_NODE:.0f} times as fast as Node, and less than
{MOST_MEMORY // MEBIBYTE} MiB before a password was hashed. {verdict}

- Hello-world is the bare `lambda_http`, built with the same profile. Node loads `client-dynamodb` and `lib-dynamodb`, makes
  a client, and says hello, over a Runtime API client of a few lines; its size is that of `node_modules`, without Node.
- These two call nobody. Ours answer the one of their sample events that asks least of others: the page, a ping, the end of a
  session that no socket had, the schedule without sockets. In Init all but KeepAlive call DynamoDB once, to have the
  connection, and WebSocket and Stream `@connections`; then WebSocket calls `@connections` once, Stream DynamoDB once, and
  KeepAlive twice.
- What they call is on this machine, without TLS, and answers at once, from memory: a cold start holds what a function does
  for a call, and not what tables do, nor how far away they are.
- These are x86_64. **arm64, the template's default, is not built here**: that needs the standard library of
  `aarch64-unknown-linux-gnu` (`rustup target add`), or Rust's source to build it from; {os.environ["ARM64"]}.
"""


def main():
    dynamodb = os.environ["NOTES_DYNAMODB"]
    visit.Tables(dynamodb).write("session")
    all_of_them = list(contenders(dynamodb))
    for one in all_of_them:
        # Once unmeasured, so that nobody pays for reading from the disk, and the tables' answers are known.
        one.run()
    # A machine that has other things to do needs more rounds until the quickest tells the truth.
    for _ in range(MOST_TIMES):
        for _ in range(ROUNDS):
            for one in all_of_them:
                one.runs.append(one.run())
        unmet = broken(all_of_them)
        if not unmet:
            break
    if "--write" in sys.argv:
        (ROOT / "infra/artifacts.md").write_text(document(all_of_them, unmet))
    print(table(all_of_them), *unmet, sep="\n")
    sys.exit(bool(unmet))


if __name__ == "__main__":
    main()
