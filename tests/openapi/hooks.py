"""Sends the requests as a signed-in user, or without a session (NOTES_AS=guest), and counts them."""

import atexit
import json
import os
import urllib.request
import uuid

import schemathesis

ADDRESS = os.environ["NOTES_ADDRESS"]
# The example in the API description. With it, password changes and account deletions succeed.
PASSWORD = "correct horse"

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

    def get(self, case, _context) -> str:
        own = (case.method.upper(), case.path) in ENDS_THE_SESSION
        return sign_up() if own else self._shared

    def set(self, case, cookie: str, _context) -> None:
        case.headers["cookie"] = cookie


if os.environ.get("NOTES_AS") != "guest":
    schemathesis.auth(refresh_interval=None)(Session)


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value) -> bytes:
    """Returns text unchanged, and any other value as a line of JSON."""
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="replace")


sent = 0


@schemathesis.hook
def after_call(_context, case, response) -> None:
    global sent
    sent += 1


def report() -> None:
    with open(os.environ["NOTES_COUNT"], "w") as file:
        print(sent, file=file)


atexit.register(report)
