"""Every function, as built, is given each sample event that is its own, by Lambda's runtime interface emulator."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import samcli.local.rapid

from functions import ROOT, Function, functions
from surroundings import Tables, gateway

EMULATOR = Path(samcli.local.rapid.__path__[0]) / "aws-lambda-rie-x86_64"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def emulated(function: Function):
    """The function under the emulator, which can't be told to take free ports, and says nothing when it listens."""
    port, api = free_port(), free_port()
    with tempfile.TemporaryFile() as log:
        command = [EMULATOR, "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
                   "--runtime-api-address", f"127.0.0.1:{api}", function.bootstrap]
        # A group of its own: what the emulator has started ends with it.
        process = subprocess.Popen(command, env=function.variables, stdout=log, stderr=log, start_new_session=True)
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    if process.poll() is not None:
                        raise SystemExit(f"the emulator ended with {process.returncode}") from None
                    time.sleep(0.02)
            yield port
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace"))
            raise
        finally:
            os.killpg(process.pid, 9)
            process.wait()


def invoke(port: int, event: bytes, timeout: int):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout + 5)
    connection.request("POST", "/2015-03-31/functions/function/invocations", event)
    return json.loads(connection.getresponse().read())


def fault(answer) -> bool:
    """A function error; and what a function says of itself that amounts to one."""
    if not isinstance(answer, dict):
        return answer is not None
    return "errorType" in answer or answer.get("statusCode", 200) >= 500 or bool(answer.get("batchItemFailures"))


def order(event: Path) -> tuple[bool, str]:
    # An account is there before the others ask for it.
    return event.stem != "http-sign-up", event.stem


def main():
    dynamodb = os.environ["NOTES_DYNAMODB"]
    tables, invoked, failed = Tables(dynamodb), set(), []
    for function in functions(dynamodb, gateway()):
        with emulated(function) as port:
            for event in sorted(function.events, key=order):
                # Some of them end it.
                tables.begin_the_samples_session()
                answer = invoke(port, event.read_bytes(), function.timeout)
                invoked.add(event)
                told = answer.get("statusCode", answer) if isinstance(answer, dict) else answer
                print(f"{function.name}: {event.stem}: {told}")
                if fault(answer):
                    failed.append(f"{event.stem}: {json.dumps(answer)[:500]}")
            if not function.events:
                failed.append(f"{function.name} has no event")
    failed += [f"{event.stem} is of no function" for event in set((ROOT / "events").glob("*.json")) - invoked]
    print(f"{len(invoked)} events, {len(failed)} failed", *failed, sep="\n")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
