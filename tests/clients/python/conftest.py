"""Fixtures: the address of Notes, users with sessions, and their pages."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest_asyncio
import socketio

ADDRESS = os.environ["NOTES_ADDRESS"]
PASSWORD = "correct horse battery"

# Seconds until a test stops waiting. It only keeps a failing test from waiting forever.
PATIENCE = 180


class TestUser:
    """A user with an account and a session, over HTTP."""

    def __init__(self, http: aiohttp.ClientSession, username: str, cookie: str) -> None:
        self._http = http
        self.username = username
        self.cookie = cookie

    @classmethod
    async def sign_up(cls, http: aiohttp.ClientSession) -> "TestUser":
        """Creates an account."""
        username = f"python-{uuid.uuid4().hex[:20]}"
        return cls(http, username, await cls._enter(http, "/api/users", username, 201))

    async def sign_in_again(self) -> "TestUser":
        """Signs in again and returns the second session."""
        cookie = await self._enter(self._http, "/api/session", self.username, 200)
        return TestUser(self._http, self.username, cookie)

    async def sign_out(self) -> None:
        await self._request("DELETE", "/api/session", 204)

    async def create(self, title: str, body: str = "") -> dict:
        return await self._request("POST", "/api/boards/team/notes", 201, json={"title": title, "body": body})

    async def comments(self, note: dict, **query: str) -> dict:
        """Returns a page of a note's comments."""
        return await self._request("GET", f"/api/boards/team/notes/{note['key']}/comments", 200, params=query)

    async def rename(self, note: dict, title: str) -> dict:
        changed = {"title": title, "body": note["body"]}
        condition = {"If-Match": f'"{note["version"]}"'}
        return await self._request("PUT", f"/api/boards/team/notes/{note['key']}", 200, json=changed, headers=condition)

    async def destroy(self, note: dict) -> None:
        condition = {"If-Match": f'"{note["version"]}"'}
        await self._request("DELETE", f"/api/boards/team/notes/{note['key']}", 204, headers=condition)

    async def create_board(self, name: str) -> dict:
        """Creates a private board."""
        return await self._request("POST", "/api/boards", 201, json={"name": name})

    async def set_role(self, board: dict, user: "TestUser", role: str) -> None:
        """Gives somebody a role on a board."""
        path = f"/api/boards/{board['id']}/members/{user.username}"
        await self._request("PUT", path, 204, json={"role": role})

    async def remove_member(self, board: dict, user: "TestUser") -> None:
        """Ends a membership."""
        await self._request("DELETE", f"/api/boards/{board['id']}/members/{user.username}", 204)

    async def _request(self, method: str, path: str, expected: int, headers: dict | None = None, **content) -> dict:
        headers = {"Cookie": self.cookie} | (headers or {})
        async with self._http.request(method, ADDRESS + path, headers=headers, **content) as answer:
            assert answer.status == expected, f"{method} {path}: {await answer.text()}"
            return await answer.json() if expected != 204 else {}

    @staticmethod
    async def _enter(http: aiohttp.ClientSession, path: str, username: str, expected: int) -> str:
        credentials = {"username": username, "password": PASSWORD}
        async with http.post(ADDRESS + path, json=credentials) as answer:
            assert answer.status == expected, await answer.text()
            cookies = answer.headers.getall("Set-Cookie")
            return next(cookie.split(";")[0] for cookie in cookies if cookie.startswith("__Host-notes-session="))


class Page:
    """A client in /home, /notes or both, with the state that a page would show."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.2)
        # The live list.
        self.received = 0
        self.list: dict | None = None
        # The live note, the newest comments, the number of joins, and all pushes.
        self.note: dict | None = None
        self.versions: list[int] = []
        self.joins = 0
        self.messages: dict | None = None
        self.pushed: list[tuple[str, dict]] = []
        self.presence: dict | None = None
        self.errors: list = []
        self.disconnects = 0
        self._happened = asyncio.Condition()
        self.client.on("notetitles", self._notetitles, namespace="/home")
        self.client.on("noteupdated", self._noteupdated, namespace="/notes")
        self.client.on("messages", self._messages, namespace="/notes")
        self.client.on("presence", self._presence, namespace="/notes")
        for event in ("notedestroyed", "newmessage", "destroymessage"):
            self.client.on(event, self._push(event), namespace="/notes")
        for namespace in ("/home", "/notes"):
            self.client.on("connect", self._connect, namespace=namespace)
            self.client.on("connect_error", self._connect_error, namespace=namespace)
            self.client.on("disconnect", self._disconnect, namespace=namespace)

    async def open(
        self,
        cookie: str | None = None,
        namespaces: tuple[str, ...] = ("/home",),
        auth: dict | None = None,
        **headers: str,
    ) -> None:
        """Opens a connection and joins namespaces on the first board, with a session's cookie or without."""
        if cookie is not None:
            headers["Cookie"] = cookie
        # A function, so that each attempt has the headers: the client removes the cookie from a dictionary.
        await self.client.connect(
            ADDRESS,
            headers=lambda: dict(headers),
            auth={"board": "team", **(auth or {})},
            namespaces=list(namespaces),
            transports=["websocket"],
            wait_timeout=PATIENCE,
        )

    async def ask(self, event: str, payload: dict) -> dict:
        """Emits an event in /notes and returns its acknowledgement."""
        return await self.client.call(event, payload, namespace="/notes", timeout=PATIENCE)

    def sees(self, *users: TestUser) -> bool:
        """Returns whether the presence lists exactly these users."""
        usernames = sorted(user.username for user in users)
        return self.presence is not None and [each["username"] for each in self.presence["people"]] == usernames

    def shows(self, title: str) -> bool:
        return self.list is not None and any(row["title"] == title for row in self.list["notelist"])

    async def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Waits until a condition holds. Checks it after each event."""
        try:
            async with asyncio.timeout(PATIENCE), self._happened:
                await self._happened.wait_for(holds)
        except TimeoutError:
            raise AssertionError(f"never came true: {what}") from None

    async def _notetitles(self, titles: dict) -> None:
        self.received += 1
        # A lower revision never replaces a higher one.
        if self.list is None or titles["revision"] >= self.list["revision"]:
            self.list = titles
        await self._wake()

    async def _noteupdated(self, update: dict) -> None:
        self.versions.append(update["note"]["version"])
        # A lower version never replaces a higher one.
        if self.note is None or update["note"]["version"] >= self.note["version"]:
            self.note = update["note"]
        await self._wake()

    async def _messages(self, messages: dict) -> None:
        self.joins += 1
        self.messages = messages
        await self._wake()

    async def _presence(self, presence: dict) -> None:
        # A lower revision never replaces a higher one.
        if self.presence is None or presence["revision"] >= self.presence["revision"]:
            self.presence = presence
        await self._wake()

    def _push(self, event: str) -> Callable:
        async def arrived(payload: dict) -> None:
            self.pushed.append((event, payload))
            await self._wake()

        return arrived

    async def _connect(self) -> None:
        await self._wake()

    async def _connect_error(self, error: object) -> None:
        self.errors.append(error)
        await self._wake()

    async def _disconnect(self, _reason: str) -> None:
        self.disconnects += 1
        await self._wake()

    async def _wake(self) -> None:
        async with self._happened:
            self._happened.notify_all()


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    # No cookie jar: each request carries only the cookie of its own user.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest_asyncio.fixture
async def sign_up(http: aiohttp.ClientSession):
    """Returns a function that creates a user."""
    return lambda: TestUser.sign_up(http)


@pytest_asyncio.fixture
async def page():
    """Returns a function that opens pages. The fixture closes them after the test."""
    pages = []

    def make() -> Page:
        pages.append(Page())
        return pages[-1]

    yield make
    for each in pages:
        await each.client.shutdown()
