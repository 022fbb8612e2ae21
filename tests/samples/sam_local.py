"""Runs the visit through `sam local start-lambda`, beside a local cloud that has only tables.

`sam_local.py ADDRESS OPTION...`

ADDRESS is this machine's address for containers. NOTES_DYNAMODB is the address of the tables. The options are SAM's.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import visit


class StartLambda:
    """`sam local start-lambda` on a free port. Use it in a `with` statement."""

    def __init__(self, options: list[str]):
        self.options = options
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process

    def __enter__(self):
        # SAM does not accept port 0. If another process takes the port first, try the next one.
        while not self.start(visit.free_port()):
            if "already in use" not in self.said():
                raise SystemExit(f"sam local start-lambda ended: {self.said()}")
        return self

    def start(self, port: int) -> bool:
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            ["sam", "local", "start-lambda", "--port", str(port), *self.options], stdout=self.log, stderr=self.log
        )
        while self.process.poll() is None:
            try:
                urllib.request.urlopen(self.address)
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.2)
        return False

    def __exit__(self, kind, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        if kind:
            sys.stderr.write(self.said())
        elif "Traceback" in self.said():
            raise SystemExit(f"sam local start-lambda ended with a stack trace: {self.said()}")

    def said(self) -> str:
        return os.pread(self.log.fileno(), os.fstat(self.log.fileno()).st_size, 0).decode(errors="replace")

    def invoke(self, function: str, event: bytes):
        with urllib.request.urlopen(f"{self.address}/2015-03-31/functions/{function}/invocations", event) as answer:
            return json.loads(answer.read() or b"null")


def main():
    address, options = sys.argv[1], sys.argv[2:]
    dynamodb = os.environ["NOTES_DYNAMODB"]
    connections = visit.Connections.serve(address)
    parameters = {
        "Edge": "no",
        "DynamoDbEndpoint": f"http://host.docker.internal:{dynamodb.rsplit(':', 1)[1]}",
        "ConnectionsEndpoint": f"http://host.docker.internal:{connections}/live",
        "Origin": visit.ORIGIN,
        # The visit expects pushes from the function behind the streams.
        "EarlyPushSockets": "0",
    }
    options += ["--warm-containers", "LAZY", "--parameter-overrides", *map("=".join, parameters.items())]
    with StartLambda(options) as functions:
        visit.run(functions.invoke, visit.Tables(dynamodb))


if __name__ == "__main__":
    main()
