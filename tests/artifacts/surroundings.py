"""Servers for measurements: `@connections` of an API, and tables that respond at once."""

import asyncio
import http.client
import multiprocessing


class Server(asyncio.Protocol):
    """A small HTTP server: it turns whole requests into whole responses."""

    def connection_made(self, transport):
        self.transport, self.received = transport, b""

    def data_received(self, data):
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, rest = self.received.split(b"\r\n\r\n", 1)
            _, *lines = head.decode().split("\r\n")
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(fields.get("content-length", 0))
            if len(rest) < length:
                return
            self.received = rest[length:]
            self.transport.write(self.answer(fields, rest[:length]))

    def answer(self, fields: dict[str, str], body: bytes) -> bytes:
        raise NotImplementedError


class OpenConnections(Server):
    """`@connections` of an API to which every connection ID is connected. It accepts all frames."""

    def answer(self, fields, body):
        return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class CachedTables(Server):
    """A cache in front of tables. It repeats their first response to each request."""

    def __init__(self, endpoint: str, answers: dict[tuple[str, bytes], bytes]):
        self.address, self.answers = endpoint.removeprefix("http://"), answers

    def answer(self, fields, body):
        asked = fields["x-amz-target"], body
        if asked not in self.answers:
            connection = http.client.HTTPConnection(self.address)
            said = ["authorization", "content-type", "x-amz-date", "x-amz-target"]
            connection.request("POST", "/", body, {name: fields[name] for name in said})
            answer = connection.getresponse()
            content = answer.read()
            head = f"HTTP/1.1 {answer.status} {answer.reason}\r\ncontent-length: {len(content)}\r\n"
            said = [f"{name}: {value}\r\n" for name, value in answer.getheaders() if name.startswith("x-amz")]
            self.answers[asked] = "".join([head, *said, "\r\n"]).encode() + content
        return self.answers[asked]


def _serve(pipe, protocol, arguments):
    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: protocol(*arguments), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def _start(protocol, *arguments) -> str:
    """Starts a server in its own process, which ends with this one, and returns its address."""
    ours, theirs = multiprocessing.Pipe()
    multiprocessing.Process(target=_serve, args=(theirs, protocol, arguments), daemon=True).start()
    return f"http://127.0.0.1:{ours.recv()}"


def gateway() -> str:
    return f"{_start(OpenConnections)}/live"


def cached_tables(dynamodb: str) -> str:
    return _start(CachedTables, dynamodb, {})
