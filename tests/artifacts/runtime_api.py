"""Lambda's Runtime API, for one event of one process, with a stopwatch.

In Python, as nothing of it is heavy: it waits for bytes and sends some that were ready before. Bare sockets and
`posix_spawn` keep what the stopwatch adds to every contender below a millisecond; a server that adds more would flatter
whoever is slow."""

import json
import os
import select
import signal
import socket
import time
from pathlib import Path

REQUEST = "11111111-2222-4333-8444-555555555555"
PATIENCE = 30


class Failed(Exception):
    """No answer came, or one that is an error."""


class Cold:
    """A process from its start to its first answer."""

    def __init__(self, command: list[str], variables: dict[str, str], event: bytes):
        self.connections: dict[socket.socket, bytes] = {}
        self.next = (
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
            f"lambda-runtime-aws-request-id: {REQUEST}\r\n"
            f"lambda-runtime-deadline-ms: {int(time.time() * 1000) + PATIENCE * 1000}\r\n"
            "lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:123456789012:function:artifacts\r\n"
            f"content-length: {len(event)}\r\n\r\n"
        ).encode() + event
        with socket.create_server(("127.0.0.1", 0)) as self.listener:
            api = f"127.0.0.1:{self.listener.getsockname()[1]}"
            variables = variables | {"AWS_LAMBDA_RUNTIME_API": api}
            quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
            self.ready = None
            self.began = began = time.perf_counter()
            self.process = os.posix_spawnp(command[0], command, variables, file_actions=quiet)
            try:
                self.answer = json.loads(self.serve(began + PATIENCE))
                self.seconds = time.perf_counter() - began
                self.memory = peak_memory(self.process)
            finally:
                os.kill(self.process, signal.SIGKILL)
                os.waitpid(self.process, 0)
                for connection in self.connections:
                    connection.close()

    def serve(self, deadline: float) -> bytes:
        """Until the answer is there."""
        while (left := deadline - time.perf_counter()) > 0:
            readable, _, _ = select.select([self.listener, *self.connections], [], [], left)
            for ready in readable:
                if ready is self.listener:
                    connection, _ = ready.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.connections[connection] = b""
                elif (answer := self.read(ready)) is not None:
                    return answer
        raise Failed("no answer in time")

    def read(self, connection: socket.socket) -> bytes | None:
        """Reads on, and acts on a request that is whole. The answer is given back: nothing comes after it."""
        data = connection.recv(1 << 20)
        if not data:
            connection.close()
            del self.connections[connection]
            return None
        received = self.connections[connection] = self.connections[connection] + data
        head, end, body = received.partition(b"\r\n\r\n")
        if not end:
            return None
        request, *fields = head.split(b"\r\n")
        named = {name.lower(): value.strip() for name, _, value in (field.partition(b":") for field in fields)}
        if b"transfer-encoding" in named:
            raise Failed("an answer in chunks, which this does not read")
        if len(body) < int(named.get(b"content-length", 0)):
            return None
        self.connections[connection] = b""
        method, path, _ = request.split(b" ")
        if (method, path) == (b"GET", b"/2018-06-01/runtime/invocation/next"):
            # What comes before this is loading and Init.
            self.ready = self.ready or time.perf_counter() - self.began
            connection.sendall(self.next)
        elif path == f"/2018-06-01/runtime/invocation/{REQUEST}/response".encode():
            return body
        else:
            raise Failed(f"{path.decode()}: {body.decode(errors='replace')}")
        return None


def peak_memory(process: int) -> int:
    """The most that was resident, in bytes."""
    status = Path(f"/proc/{process}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024
