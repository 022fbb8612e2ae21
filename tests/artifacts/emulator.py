"""Lambda's runtime interface emulator, as `sam` brings it: a function of one process, invoked over HTTP."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import samcli.local.rapid

EMULATOR = Path(samcli.local.rapid.__path__[0]) / "aws-lambda-rie-x86_64"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Emulator:
    """The emulator with a function, whose process it starts for the first event. To be used in a `with` statement."""

    def __init__(self, command: list, variables: dict[str, str]):
        # It can't be told to take free ports.
        self.port, self.api = free_port(), free_port()
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [EMULATOR, "--log-level", "info", "--runtime-interface-emulator-address", f"127.0.0.1:{self.port}",
             "--runtime-api-address", f"127.0.0.1:{self.api}", *command],
            # A group of its own: what the emulator has started ends with it.
            env=variables, stdout=self.log, stderr=self.log, start_new_session=True)

    def __enter__(self):
        # The function may find nobody otherwise.
        self.connect(self.api).close()
        self.connection = self.connect(self.port)
        return self

    def connect(self, port: int) -> socket.socket:
        """As soon as the emulator listens, which it does not say."""
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port))
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    raise SystemExit(f"the emulator ended with {self.process.returncode}: {self.said()}") from None
                time.sleep(0.005)

    def __exit__(self, kind, *_):
        os.killpg(self.process.pid, 9)
        self.process.wait()
        if kind:
            sys.stderr.write(self.said())
        if self.connection:
            self.connection.close()
        self.log.close()

    def invoke(self, event: bytes, timeout: int):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout + 5)
        # The first event takes the connection that is open.
        connection.sock, self.connection = self.connection, connection.sock
        connection.request("POST", "/2015-03-31/functions/function/invocations", event)
        return json.loads(connection.getresponse().read())

    def said(self) -> str:
        """What it and the function have written."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def init(self) -> float:
        """How many seconds Init took: from the start of the function's process until it asks for an event."""
        [milliseconds] = re.findall(r"INIT REPORT\(durationMs: ([\d.]+)\)", self.said())
        return float(milliseconds) / 1000

    def memory(self) -> int:
        """The most of the function that was resident, in bytes."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        [child] = [child for task in children for child in task.read_text().split()]
        status = Path(f"/proc/{child}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024
