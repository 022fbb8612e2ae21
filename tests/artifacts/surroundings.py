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
            self.transport.write(self.respond(fields, rest[:length]))

    def respond(self, fields: dict[str, str], body: bytes) -> bytes:
        raise NotImplementedError


class OpenConnections(Server):
    """`@connections` of an API to which every connection ID is connected. It accepts all frames."""

    def respond(self, fields, body):
        return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class CachedTables(Server):
    """A cache in front of tables. It repeats their first response to each request."""

    def __init__(self, endpoint: str, responses: dict[tuple[str, bytes], bytes]):
        self.address, self.responses = endpoint.removeprefix("http://"), responses

    def respond(self, fields, body):
        request = fields["x-amz-target"], body
        if request not in self.responses:
            connection = http.client.HTTPConnection(self.address)
            names = ["authorization", "content-type", "x-amz-date", "x-amz-target"]
            connection.request("POST", "/", body, {name: fields[name] for name in names})
            response = connection.getresponse()
            content = response.read()
            head = f"HTTP/1.1 {response.status} {response.reason}\r\ncontent-length: {len(content)}\r\n"
            headers = [f"{name}: {value}\r\n" for name, value in response.getheaders() if name.startswith("x-amz")]
            self.responses[request] = "".join([head, *headers, "\r\n"]).encode() + content
        return self.responses[request]


def _serve(pipe, protocol, arguments):
    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: protocol(*arguments), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def _start(protocol, *arguments) -> str:
    """Starts a server in its own process, which ends with this one, and returns its address."""
    receiver, sender = multiprocessing.Pipe()
    multiprocessing.Process(target=_serve, args=(sender, protocol, arguments), daemon=True).start()
    return f"http://127.0.0.1:{receiver.recv()}"


def gateway() -> str:
    return f"{_start(OpenConnections)}/live"


def cached_tables(dynamodb: str) -> str:
    return _start(CachedTables, dynamodb, {})
