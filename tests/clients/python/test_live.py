"""The live list, as the unmodified python-socketio client sees it."""

import uuid

import pytest
import socketio

pytestmark = pytest.mark.asyncio


def title(name: str) -> str:
    return f"{name} {uuid.uuid4()}"


async def open_and_listed(page, user):
    opened = page()
    await opened.open(user.cookie)
    await opened.until("a list comes", lambda: opened.received > 0)
    return opened


async def test_a_page_that_joins_is_shown_the_list(page, sign_up):
    user = await sign_up()
    first = await user.create(title("first"))
    second = await user.create(title("second"))
    joined = await open_and_listed(page, user)

    assert joined.list.keys() == {"board", "revision", "notelist", "more"}
    ours = [row for row in joined.list["notelist"] if row["key"] in (first["key"], second["key"])]
    assert ours == [{name: note[name] for name in ("key", "title", "updated", "editor")} for note in (second, first)]


async def test_a_create_an_update_and_a_delete_each_arrive_in_lists_of_rising_revision(page, sign_up):
    writer, reader = await sign_up(), await sign_up()
    watching = await open_and_listed(page, reader)
    revisions = [watching.list["revision"]]

    note = await writer.create(title("created"))
    await watching.until("the new note is listed", lambda: watching.shows(note["title"]))
    revisions.append(watching.list["revision"])

    renamed = await writer.rename(note, title("updated"))
    await watching.until("its new title is listed", lambda: watching.shows(renamed["title"]))
    assert not watching.shows(note["title"])
    revisions.append(watching.list["revision"])

    await writer.destroy(renamed)
    await watching.until("it is gone", lambda: not watching.shows(renamed["title"]))
    revisions.append(watching.list["revision"])

    assert revisions == sorted(set(revisions)), "the revisions rise"


async def test_a_page_without_a_session_is_refused_and_does_not_try_again(page):
    stranger = page()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await stranger.open()
    assert [error["data"]["code"] for error in stranger.errors] == ["unauthenticated"]
    assert not stranger.client.connected
    assert stranger.received == 0


async def test_a_page_of_another_origin_is_refused_at_the_handshake(page, sign_up):
    user, foreign = await sign_up(), page()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await foreign.open(user.cookie, Origin="https://evil.example")
    assert foreign.received == 0


async def test_signing_out_closes_that_sessions_sockets_and_they_cannot_come_back(page, sign_up):
    here = await sign_up()
    there = await here.sign_in_again()
    leaving = await open_and_listed(page, here)
    staying = await open_and_listed(page, there)

    await here.sign_out()
    await leaving.until("it is refused", lambda: len(leaving.errors) > 0)
    assert leaving.errors[0]["data"]["code"] == "unauthenticated"

    note = await there.create(title("still here"))
    await staying.until("the other session hears of it", lambda: staying.shows(note["title"]))
    assert staying.disconnects == 0


async def test_a_malformed_packet_closes_that_connection_alone_and_it_comes_back_with_a_fresh_list(page, sign_up):
    user = await sign_up()
    rude = await open_and_listed(page, user)
    polite = await open_and_listed(page, user)
    before = rude.received

    await rude.client.eio.send("no packet of any kind")
    await rude.until("it is closed", lambda: rude.disconnects > 0)
    note = await user.create(title("meanwhile"))
    await rude.until("it is back and up to date", lambda: rude.received > before and rude.shows(note["title"]))

    await polite.until("the other page hears of it", lambda: polite.shows(note["title"]))
    assert polite.disconnects == 0


async def test_a_member_opens_a_board_and_is_told_when_the_membership_ends(page, sign_up):
    ada, grace = await sign_up(), await sign_up()
    board = await ada.create_board("Plans")
    hers = await open_and_listed(page, grace)
    told = []

    async def boards(_payload: dict) -> None:
        told.append(None)
        await hers._wake()

    hers.client.on("boards", boards, namespace="/home")

    async def open_board() -> dict:
        return await hers.client.call("open-board", {"board": board["id"]}, namespace="/home", timeout=180)

    assert (await open_board())["error"]["code"] == "no-such-board"
    await ada.set_role(board, grace, "reader")
    await hers.until("she is told", lambda: len(told) > 0)
    assert await open_board() == {}
    before = len(told)
    await ada.remove_member(board, grace)
    await hers.until("she is told", lambda: len(told) > before)
    assert (await open_board())["error"]["code"] == "no-such-board"
    assert hers.disconnects == 0
