"""The sample events as one visit: what each finds in the tables, and what its function returns, posts and deletes.

`visit.json` lists the steps in order. A step names its event. It may have:

- `given`: rows of rows.json to write first. The session's row is written before every step.
- `status` and `body`: the status of the response, and a part of its body.
- `frames`: the beginning of each posted frame, in order; "closed" if the connection is closed.
- `gone`: rows of rows.json that must not exist afterwards.
"""

import base64
import json
import socket
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import unquote

import boto3

ROOT = Path(__file__).resolve().parents[2]
ROWS = json.loads((Path(__file__).parent / "rows.json").read_text())
FUNCTIONS = {"http": "Http", "websocket": "WebSocket", "stream": "Stream", "merge": "Merge", "keepalive": "KeepAlive"}
# The origin of the events.
ORIGIN = "https://frontdoor.cloudfront.net"
# The connection of the events.
CONNECTION = "L0SM9cOFvHcCIhw="


@dataclass(frozen=True)
class Step:
    event: str
    status: int | None = None
    body: str = ""
    given: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def function(self) -> str:
        return FUNCTIONS[self.event.split("-")[0]]

    @property
    def payload(self) -> bytes:
        return (ROOT / "events" / f"{self.event}.json").read_bytes()


def steps() -> list[Step]:
    """Returns all steps. Exits if an event has no step."""
    listed = [Step(**step) for step in json.loads((Path(__file__).parent / "visit.json").read_text())]
    events = {path.stem for path in (ROOT / "events").glob("*.json")}
    if missing := events - {step.event for step in listed}:
        raise SystemExit(f"tests/samples/visit.json does not say what these events are for: {sorted(missing)}")
    return listed


class Tables:
    """The tables of a local cloud, with credentials that may do everything."""

    def __init__(self, endpoint: str):
        self.client = boto3.client(
            "dynamodb",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="samples",
            aws_secret_access_key="samples",
        )

    def write(self, row: str) -> None:
        self.client.put_item(TableName=ROWS[row]["table"], Item=ROWS[row]["item"])

    def has(self, row: str) -> bool:
        table, item = ROWS[row]["table"], ROWS[row]["item"]
        keys = self.client.describe_table(TableName=table)["Table"]["KeySchema"]
        key = {part["AttributeName"]: item[part["AttributeName"]] for part in keys}
        return "Item" in self.client.get_item(TableName=table, Key=key, ConsistentRead=True)


class Connections(BaseHTTPRequestHandler):
    """`@connections` of an API with the one connection of the events. It records the posted frames."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    frames: ClassVar[list[str]] = []

    def do_POST(self):
        self.frames.append(self.rfile.read(int(self.headers["content-length"])).decode())
        self.answer(200)

    def do_DELETE(self):
        self.frames.append("closed")
        self.answer(204)

    def do_GET(self):
        self.answer(200)

    def answer(self, status: int):
        is_open = unquote(self.path).endswith(f"/@connections/{CONNECTION}")
        self.send_response(status if is_open else 410)
        body = b"" if is_open and status == 204 else b"{}"
        if not is_open:
            self.send_header("x-amzn-errortype", "GoneException")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    @classmethod
    def serve(cls, address: str) -> int:
        """Serves on a free port of an address until this process ends, and returns the port."""
        server = ThreadingHTTPServer((address, 0), cls)
        Thread(target=server.serve_forever, daemon=True).start()
        return server.server_port


def free_port() -> int:
    """Returns a port that is free now. Another process may take it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def run(invoke, tables: Tables) -> None:
    """Runs the visit with `invoke(function, event)`, which returns the result. Exits if a step fails."""
    failed = 0
    for step in steps():
        for row in ("session", *step.given):
            tables.write(row)
        Connections.frames.clear()
        faults = find_faults(step, invoke(step.function, step.payload), tables)
        failed += bool(faults)
        print(f"{step.event}: {'; '.join(faults) or 'ok'}", flush=True)
    if failed:
        raise SystemExit(f"{failed} of {len(steps())} steps of tests/samples/visit.json failed")


def find_faults(step: Step, result, tables: Tables) -> list[str]:
    faults = []
    if not is_expected(step, result):
        faults.append(f"it returns {json.dumps(result)[:1000]}")
    frames = Connections.frames
    if len(frames) != len(step.frames) or not all(map(str.startswith, frames, step.frames)):
        faults.append(f"it posts {frames}, not {list(step.frames)}")
    faults += [f"the {row} still exists" for row in step.gone if tables.has(row)]
    return faults


def is_expected(step: Step, result) -> bool:
    if step.function == "Stream":
        return result == {"batchItemFailures": []}
    if step.function == "KeepAlive":
        return result is None
    if not isinstance(result, dict) or result.get("statusCode") != step.status:
        return False
    body = result.get("body") or ""
    return step.body in (base64.b64decode(body).decode(errors="replace") if result.get("isBase64Encoded") else body)
