"""Sends the requests as an owner, a reader, or without a session (NOTES_AS=owner, reader or guest), and counts them.

The first account of a cloud is the administrator's, who owns the first board. At the end, the owner lets everybody else only
read it.
"""

import atexit
import json
import os
import re
import urllib.request
import uuid

import schemathesis

ADDRESS = os.environ["NOTES_ADDRESS"]
# The example in the API description. With it, password changes and account deletions succeed.
PASSWORD = "correct horse"

AS = os.environ["NOTES_AS"]
UUID = re.compile("[0-9a-f-]{36}")

# The cookies of the shared sessions.
sessions: list[str] = []

# These requests end their own session, so each gets a new one.
ENDS_THE_SESSION = {
    ("POST", "/api/users"),
    ("POST", "/api/session"),
    ("DELETE", "/api/session"),
    ("DELETE", "/api/sessions"),
    ("DELETE", "/api/sessions/{id}"),
    ("PUT", "/api/account/password"),
    ("POST", "/api/account/deletion"),
}


def sign_up() -> str:
    """Creates an account and returns the cookie of its session."""
    account = {"username": f"schema-{uuid.uuid4().hex[:20]}", "password": PASSWORD}
    request = urllib.request.Request(
        f"{ADDRESS}/api/users",
        data=json.dumps(account).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return response.headers["set-cookie"].split(";")[0]


class Session:
    """The session that requests use."""

    def __init__(self) -> None:
        self._shared = sign_up()
        sessions.append(self._shared)

    def get(self, case, _context) -> str:
        own = (case.method.upper(), case.path) in ENDS_THE_SESSION
        return sign_up() if own else self._shared

    def set(self, case, cookie: str, _context) -> None:
        case.headers["cookie"] = cookie


if AS != "guest":
    schemathesis.auth(refresh_interval=None)(Session)


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value) -> bytes:
    """Returns text unchanged, and any other value as a line of JSON."""
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="replace")


@schemathesis.hook
def map_path_parameters(_context, path_parameters):
    """Sends most requests for boards to the first one. The others go to a board that does not exist."""
    board = (path_parameters or {}).get("board")
    if isinstance(board, str) and UUID.fullmatch(board) and board[-1] < "c":
        path_parameters["board"] = "team"
    return path_parameters


sent = 0


@schemathesis.hook
def after_call(_context, case, response) -> None:
    global sent
    sent += 1


def make_everybody_a_reader(cookie: str) -> None:
    """Changes the role of everybody on the first board."""
    address = f"{ADDRESS}/api/boards/team"
    with urllib.request.urlopen(urllib.request.Request(address, headers={"cookie": cookie})) as response:
        tag = response.headers["etag"]
    board = {"name": "Team", "visibility": "team", "teamRole": "reader"}
    request = urllib.request.Request(
        address,
        data=json.dumps(board).encode(),
        headers={"content-type": "application/json", "cookie": cookie, "if-match": tag},
        method="PUT",
    )
    urllib.request.urlopen(request).close()


def report() -> None:
    if AS == "owner":
        make_everybody_a_reader(sessions[0])
    with open(os.environ["NOTES_COUNT"], "w") as file:
        print(sent, file=file)


atexit.register(report)
