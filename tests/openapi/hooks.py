"""Sends the requests as an owner, a reader, an outsider, or without a session (NOTES_AS=guest), and counts them.

The first account of a cloud is the administrator's, who owns the first board. At the end, the owner lets everybody else only
read it. An outsider is signed in, and asks for a private board of somebody else. No response may show that it exists.
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
# The statuses that say nothing about a board: 404, and those for a request that is wrong in itself.
HIDING = {400, 401, 404, 405, 406, 413, 415, 422, 428}

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


def new_username() -> str:
    return f"schema-{uuid.uuid4().hex[:20]}"


def send(method: str, path: str, content: dict | None = None, **headers: str):
    """Sends a request, and returns the headers and the content of its response."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()} | {"content-type": "application/json"}
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(f"{ADDRESS}{path}", data=data, headers=headers, method=method)
    with urllib.request.urlopen(request) as response:
        return response.headers, json.loads(response.read() or b"null")


def sign_up(username: str | None = None) -> str:
    """Creates an account and returns the cookie of its session."""
    headers, _ = send("POST", "/api/users", {"username": username or new_username(), "password": PASSWORD})
    return headers["set-cookie"].split(";")[0]


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


def create_private_board() -> dict[str, str]:
    """Creates a board of somebody else with a note and an invitation. Returns the path parameters that name them."""
    owner = new_username()
    cookie = sign_up(owner)
    _, board = send("POST", "/api/boards", {"name": "Private"}, cookie=cookie)
    path = f"/api/boards/{board['id']}"
    note = {"title": "Private", "body": ""}
    send("PUT", f"{path}/notes/private", note, cookie=cookie, if_none_match="*")
    _, invitation = send("POST", f"{path}/invitations", {}, cookie=cookie)
    return {"board": board["id"], "key": "private", "id": invitation["id"], "username": owner}


private = create_private_board() if AS == "outsider" else {}
# The operations that an outsider has asked for with the private board, as METHOD /path.
hidden: set[str] = set()


@schemathesis.hook
def map_path_parameters(_context, path_parameters):
    """Sends most requests for boards to the first one. The others go to a board that does not exist.

    An outsider's go to the private board, and to what is on it.
    """
    board = (path_parameters or {}).get("board")
    if not isinstance(board, str) or not (board == "team" or UUID.fullmatch(board)):
        return path_parameters
    if private:
        path_parameters.update({name: value for name, value in private.items() if name in path_parameters})
    elif board[-1] < "c":
        path_parameters["board"] = "team"
    return path_parameters


@schemathesis.check
def a_private_board_is_hidden(_context, response, case) -> None:
    """Checks that a response to an outsider is the same as for a board that does not exist."""
    if not private or (case.path_parameters or {}).get("board") != private["board"]:
        return
    assert response.status_code in HIDING, f"{response.status_code} shows an outsider that the board exists"
    if response.status_code == 404:
        hidden.add(f"{case.method.upper()} {case.path}")


sent = 0


@schemathesis.hook
def after_call(_context, case, response) -> None:
    global sent
    sent += 1


def make_everybody_a_reader(cookie: str) -> None:
    """Changes the role of everybody on the first board."""
    headers, _ = send("GET", "/api/boards/team", cookie=cookie)
    board = {"name": "Team", "visibility": "team", "teamRole": "reader"}
    send("PUT", "/api/boards/team", board, cookie=cookie, if_match=headers["etag"])


def operations_of_boards() -> set[str]:
    """Returns all operations on a board, as METHOD /path."""
    _, document = send("GET", "/api/openapi.json")
    paths = {path: methods for path, methods in document["paths"].items() if "{board}" in path}
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def report() -> None:
    if AS == "owner":
        make_everybody_a_reader(sessions[0])
    if AS == "outsider":
        with open(os.environ["NOTES_UNSEEN"], "w") as file:
            file.writelines(f"{operation}\n" for operation in sorted(operations_of_boards() - hidden))
    with open(os.environ["NOTES_COUNT"], "w") as file:
        print(sent, file=file)


atexit.register(report)
