"""Sizes and cold starts of the functions, beside the least that Rust and Node need. Holds them to the bounds below, and
writes infra/artifacts.md."""

import datetime
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from functions import ROOT, functions, lambdas
from runtime_api import Cold
from surroundings import Tables, gateway

ROUNDS = 25
# A bare function in Rust takes at least half as long as ours, one in Node with its SDK at least ten times as long.
MOST_OF_HELLO, LEAST_OF_NODE = 2.0, 10.0
MOST_MEMORY = 16 * 2**20

MEBIBYTE = 2**20
HERE = Path(__file__).parent
# The first event of a function: of every kind an ordinary one, that reads or writes tables and hashes no password.
FIRST = {
    "Http": "http-list-notes",
    "WebSocket": "websocket-join-home",
    "Stream": "stream-note-created",
    "KeepAlive": "keepalive-scheduled",
}


@dataclass
class Contender:
    name: str
    command: list[str]
    variables: dict[str, str]
    event: bytes
    size: int
    ours: bool = False
    runs: list[Cold] = field(default_factory=list)

    def run(self):
        cold = Cold(self.command, self.variables, self.event)
        answer = cold.answer
        if isinstance(answer, dict) and ("errorType" in answer or answer.get("statusCode", 200) != 200):
            raise SystemExit(f"{self.name}: {answer}")
        self.runs.append(cold)

    @property
    def seconds(self) -> float:
        return median(run.seconds for run in self.runs)

    @property
    def ready(self) -> float:
        return median(run.ready for run in self.runs)

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
    variables = lambdas("hello", 256) | {"AWS_ENDPOINT_URL_DYNAMODB": dynamodb}
    yield Contender("hello-world in Rust", [bare], variables, event, Path(bare).stat().st_size)
    yield Contender("Node with its SDK", ["node", "--no-warnings", node], variables, event, size_of(HERE / "node/node_modules"))
    for function in functions(dynamodb, gateway()):
        own = (ROOT / f"events/{FIRST[function.name]}.json").read_bytes()
        program = str(function.bootstrap)
        yield Contender(function.name, [program], function.variables, own, function.bootstrap.stat().st_size, ours=True)


def table(all_of_them: list[Contender]) -> str:
    hello, node = all_of_them[:2]
    lines = ["| | size (MiB) | cold start (ms) | of it before the event (ms) | to hello-world | Node takes | peak memory (MiB) |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    for one in all_of_them:
        lines.append(f"| {one.name} | {one.size / MEBIBYTE:.1f} | {one.seconds * 1000:.1f} "
                     f"| {one.ready * 1000:.1f} | {one.seconds / hello.seconds:.2f}x | {node.seconds / one.seconds:.1f}x "
                     f"| {one.memory / MEBIBYTE:.1f} |")
    return "\n".join(lines)


def broken(all_of_them: list[Contender]) -> list[str]:
    """The bounds that are not held."""
    hello, node, *ours = all_of_them
    found = []
    for one in ours:
        if one.seconds > MOST_OF_HELLO * hello.seconds:
            found.append(f"{one.name} takes {one.seconds / hello.seconds:.2f} times hello-world's cold start,"
                         f" not {MOST_OF_HELLO:.0f} at most")
        if node.seconds < LEAST_OF_NODE * one.seconds:
            found.append(f"Node takes {node.seconds / one.seconds:.1f} times as long as {one.name},"
                         f" not {LEAST_OF_NODE:.0f} at least")
        if one.memory >= MOST_MEMORY:
            found.append(f"{one.name} needs {one.memory / MEBIBYTE:.1f} MiB, not less than {MOST_MEMORY // MEBIBYTE}")
    return found


def document(all_of_them: list[Contender], unmet: list[str]) -> str:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    verdict = "All bounds are held." if not unmet else "Not held:\n\n" + "\n".join(f"- {one}" for one in unmet)
    return f"""# What is deployed

Written by `tests/artifacts/run`, {datetime.date.today()}, on {platform.machine()} with Node {node}: medians of {ROUNDS}
interleaved rounds, from the start of a process until its first answer has reached the Runtime API. On this machine only
the ratios mean something.

{table(all_of_them)}

Bounds for each of ours: at most {MOST_OF_HELLO:.0f} times hello-world's cold start, at least {LEAST_OF_NODE:.0f} times as fast as Node, and less than
{MOST_MEMORY // MEBIBYTE} MiB before a password was hashed. {verdict}

- Ours answer an event of `events/`, with what they do in Init and their calls of DynamoDB (the local cloud's). The
  other two call nobody: hello-world is the bare `lambda_http`, built with the same profile; Node only loads
  `client-dynamodb` and `lib-dynamodb`, makes a client, and says hello, over a Runtime API client of a few lines.
  Its size is that of `node_modules`, without Node.
- Before the event a process is loaded and initialised: the SDK parses all certificates that the system trusts, once
  for each client, and, but for KeepAlive, a first call opens the connections. The rest is the event, of which the
  tables' part is the local cloud's, built for development.
- The stopwatch adds some tenths of a millisecond to all of them alike.
- These are x86_64. **arm64, the template's default, is not built here**: that needs the standard library of
  `aarch64-unknown-linux-gnu` (`rustup target add`), or Rust's source to build it from; {os.environ["ARM64"]}.
"""


def main():
    dynamodb = os.environ["NOTES_DYNAMODB"]
    Tables(dynamodb).begin_the_samples_session()
    all_of_them = list(contenders(dynamodb))
    for one in all_of_them:
        # Once unmeasured, so that nobody pays for reading from the disk.
        Cold(one.command, one.variables, one.event)
    for _ in range(ROUNDS):
        for one in all_of_them:
            one.run()
    unmet = broken(all_of_them)
    (ROOT / "infra/artifacts.md").write_text(document(all_of_them, unmet))
    print(table(all_of_them), *unmet, sep="\n")
    sys.exit(bool(unmet))


if __name__ == "__main__":
    main()
