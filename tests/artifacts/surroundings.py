"""What the functions find around them: tables in which the sample events' session is, and an API without connections."""

import asyncio
import multiprocessing
import time

import boto3

# The SHA-256 of the token that the sample events carry.
SESSION = "Do4m69Sljs2zNO3J-Ts4RJAwVGsPJQKZ6cfxJy8yejI"


class Tables:
    def __init__(self, endpoint: str):
        self.client = boto3.client("dynamodb", endpoint_url=endpoint, region_name="us-east-1",
                                   aws_access_key_id="artifacts", aws_secret_access_key="artifacts")

    def begin_the_samples_session(self):
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        texts = {"username": "ada", "id": SESSION, "displayName": "Ada Lovelace", "created": now, "lastSeen": now,
                 "address": "203.0.113.7", "agent": "A browser"}
        item = {name: {"S": text} for name, text in texts.items()}
        self.client.put_item(TableName="Sessions", Item=item | {"expires": {"N": str(int(time.time()) + 3600)}})


class Gone(asyncio.Protocol):
    """`@connections` of an API that nobody is connected to: API Gateway answers 410, and the functions know what that
    means. So does the local cloud. The events name connections that never were."""

    ANSWER = (b"HTTP/1.1 410 Gone\r\nx-amzn-errortype: GoneException\r\ncontent-type: application/json\r\n"
              b"content-length: 2\r\n\r\n{}")

    def connection_made(self, transport):
        self.transport, self.received = transport, b""

    def data_received(self, data):
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, rest = self.received.split(b"\r\n\r\n", 1)
            fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
            length = int(fields.get(b"content-length", 0))
            if len(rest) < length:
                return
            self.received = rest[length:]
            self.transport.write(self.ANSWER)


def _serve(pipe):
    async def serve():
        server = await asyncio.get_running_loop().create_server(Gone, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def gateway() -> str:
    """Starts it, in a process of its own that ends with this one, and gives its address."""
    ours, theirs = multiprocessing.Pipe()
    multiprocessing.Process(target=_serve, args=(theirs,), daemon=True).start()
    return f"http://127.0.0.1:{ours.recv()}/live"
