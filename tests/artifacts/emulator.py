"""Lambda's runtime interface emulator, from SAM's package: a function in one process, invoked over HTTP."""

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
# The state of a listening socket in /proc/net/tcp.
LISTENING = "0A"


def free_port() -> int:
    """Returns a port that is free now. Another process may take it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def listening_ports(process: int) -> set[int]:
    """Returns the TCP ports on which a process listens."""
    try:
        links = [os.readlink(link) for link in Path(f"/proc/{process}/fd").iterdir()]
        sockets = Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]
    except OSError:
        # The process has ended.
        return set()
    inodes = {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}
    rows = [row.split() for row in sockets]
    return {int(row[1].split(":")[1], 16) for row in rows if row[3] == LISTENING and row[9] in inodes}


class Emulator:
    """The emulator with a function, which it starts for the first event. Use it in a `with` statement."""

    def __init__(self, command: list, variables: dict[str, str]):
        self.command, self.variables = command, variables
        self.connection = None

    def __enter__(self):
        while (port := self.start(free_port())) is None:
            pass
        self.port = port
        self.connection = socket.create_connection(("127.0.0.1", port))
        return self

    def start(self, api: int) -> int | None:
        """Starts the emulator with its Runtime API on this port, and returns the port for events.

        It chooses the port for events itself. It cannot choose that of the Runtime API, since it passes the number to
        the function unchanged. Returns None if another process has that port.
        """
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self.process = subprocess.Popen(
            [
                EMULATOR,
                "--log-level",
                "info",
                "--runtime-interface-emulator-address",
                "127.0.0.1:0",
                "--runtime-api-address",
                f"127.0.0.1:{api}",
                *self.command,
            ],
            env=self.variables,
            stdout=self.log,
            stderr=self.log,
            # The emulator gets its own process group, so that its child processes end with it.
            start_new_session=True,
        )
        while self.process.poll() is None:
            ports = listening_ports(self.process.pid)
            # The function needs the Runtime API, so wait for both.
            if api in ports and len(ports) == 2:
                [port] = ports - {api}
                return port
            time.sleep(0.005)
        if "address already in use" in self.output():
            return None
        raise SystemExit(f"the emulator ended with {self.process.returncode}: {self.output()}")

    def __exit__(self, kind, *_):
        os.killpg(self.process.pid, 9)
        self.process.wait()
        if kind:
            sys.stderr.write(self.output())
        if self.connection:
            self.connection.close()
        self.log.close()

    def invoke(self, event: bytes, timeout: int):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout + 5)
        # The first event uses the open connection.
        connection.sock, self.connection = self.connection, connection.sock
        connection.request("POST", "/2015-03-31/functions/function/invocations", event)
        return json.loads(connection.getresponse().read())

    def output(self) -> str:
        """Returns the output of the emulator and the function."""
        # Read without a seek, because the emulator writes at the position of this file.
        return os.pread(self.log.fileno(), os.fstat(self.log.fileno()).st_size, 0).decode(errors="replace")

    def init(self) -> float:
        """Returns the seconds of Init: from the start of the process until it asks for an event."""
        [milliseconds] = re.findall(r"INIT REPORT\(durationMs: ([\d.]+)\)", self.output())
        return float(milliseconds) / 1000

    def memory(self) -> int:
        """Returns the peak resident memory of the function, in bytes."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        [child] = [child for task in children for child in task.read_text().split()]
        status = Path(f"/proc/{child}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024
