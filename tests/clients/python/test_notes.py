"""A live note and its comments, as the unmodified python-socketio client sees them."""

import uuid

import pytest
import socketio

pytestmark = pytest.mark.asyncio

LENGTH = {"errors": {"message": "must be 1 to 1024 characters"}}


def title(name: str) -> str:
    return f"{name} {uuid.uuid4()}"


async def reader(page, user, note, namespaces=("/notes",)):
    opened = page()
    await opened.open(user.cookie, namespaces=namespaces, auth={"key": note["key"]})
    await opened.until("the note and its comments come", lambda: opened.joins > 0)
    return opened


async def test_a_reader_gets_the_note_on_joining_then_each_change_and_its_deletion(page, sign_up):
    ada, grace = await sign_up(), await sign_up()
    note = await ada.create(title("note"), "Milk")
    watching = await reader(page, grace, note)
    assert watching.note == note
    assert watching.messages == {"board": "team", "key": note["key"], "messages": []}

    renamed = await ada.rename(note, title("renamed"))
    await watching.until("the update comes", lambda: watching.note["version"] == 2)
    assert watching.note == renamed
    assert watching.versions == [1, 2]

    await ada.destroy(renamed)
    await watching.until("its end comes", lambda: len(watching.pushed) > 0)
    assert watching.pushed == [("notedestroyed", {"board": "team", "key": note["key"]})]
    assert watching.disconnects == 0


async def test_a_note_that_is_too_long_for_a_frame_comes_without_its_body(page, sign_up):
    ada = await sign_up()
    note = await ada.create(title("long"), "x" * 40_000)
    watching = await reader(page, ada, note)
    assert watching.note == {name: value for name, value in note.items() if name != "body"}


async def test_readers_get_presence_as_others_come_and_go(page, sign_up):
    ada, grace = await sign_up(), await sign_up()
    note = await ada.create(title("note"))
    hers = await reader(page, ada, note)
    await hers.until("she is told of herself", lambda: hers.sees(ada))
    people = [{"username": ada.username, "displayName": ada.username}]
    revision = hers.presence["revision"]
    assert hers.presence == {"board": "team", "key": note["key"], "revision": revision, "people": people, "more": 0}

    theirs = await reader(page, grace, note)
    for each in (hers, theirs):
        await each.until("both are told of both", lambda each=each: each.sees(ada, grace))
    await theirs.client.disconnect()
    await hers.until("she is told that she is alone", lambda: hers.sees(ada))


async def test_two_namespaces_share_one_connection_and_one_can_be_left_alone(page, sign_up):
    ada = await sign_up()
    note = await ada.create(title("note"))
    both = await reader(page, ada, note, namespaces=("/home", "/notes"))
    assert both.client.get_sid("/home") != both.client.get_sid("/notes")

    renamed = await ada.rename(note, title("renamed"))
    await both.until("the note changes", lambda: both.note["version"] == 2)
    await both.until("the list changes", lambda: both.shows(renamed["title"]))

    # The client has no method for leaving one of several namespaces: this is the packet that it would send.
    await both.client._send_packet(socketio.packet.Packet(socketio.packet.DISCONNECT, namespace="/notes"))
    again = await ada.rename(renamed, title("again"))
    await both.until("the list changes", lambda: both.shows(again["title"]))
    assert both.disconnects == 0


async def test_comments_are_acknowledged_and_reach_everyone_who_reads_the_note(page, sign_up):
    ada, grace = await sign_up(), await sign_up()
    note = await ada.create(title("note"))
    hers, theirs = await reader(page, ada, note), await reader(page, grace, note)

    # The author comes from the session.
    answer = await theirs.ask("create-message", {"message": " Milk? ", "author": ada.username, "id": "1"})
    comment = answer["comment"]
    assert answer.keys() == {"comment"}
    assert comment.keys() == {"id", "key", "author", "message", "created"}
    assert (comment["key"], comment["author"], comment["message"]) == (note["key"], grace.username, "Milk?")
    assert comment["id"] != "1"
    for each in (hers, theirs):
        await each.until("the comment comes", lambda each=each: len(each.pushed) == 1)
        assert each.pushed == [("newmessage", {"board": "team", "message": comment})]

    assert await hers.ask("delete-message", {"id": comment["id"]}) == {}
    for each in (hers, theirs):
        await each.until("its end comes", lambda each=each: len(each.pushed) == 2)
        assert each.pushed[1] == ("destroymessage", {"board": "team", "key": note["key"], "id": comment["id"]})


async def test_a_failed_event_is_acknowledged_and_the_socket_stays_connected(page, sign_up):
    ada, grace = await sign_up(), await sign_up()
    note = await ada.create(title("note"))
    hers, theirs = await reader(page, ada, note), await reader(page, grace, note)
    for message in ("", " \n", "x" * 1025):
        assert await hers.ask("create-message", {"message": message}) == LENGTH
    assert await hers.ask("create-message", {}) == {"errors": {"message": "is missing"}}
    assert await hers.ask("create-message", {"message": 7}) == {"errors": {"message": "must be a string"}}

    comment = (await hers.ask("create-message", {"message": "🦀" * 1024}))["comment"]
    refused = await theirs.ask("delete-message", {"id": comment["id"]})
    assert refused["error"]["code"] == "forbidden"
    assert (await hers.ask("delete-message", {"id": "no id"}))["error"]["code"] == "not-found"
    assert hers.disconnects == theirs.disconnects == 0


async def test_the_newest_20_comments_come_on_joining_and_the_older_ones_over_http(page, sign_up):
    ada = await sign_up()
    note = await ada.create(title("note"))
    writer = await reader(page, ada, note)
    written = []
    for number in range(22):
        written.insert(0, (await writer.ask("create-message", {"message": f"Comment {number}"}))["comment"])

    joined = await reader(page, ada, note)
    assert joined.messages["messages"] == written[:20]
    assert await ada.comments(note, cursor=joined.messages["cursor"]) == {"comments": written[20:]}


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        ({}, "invalid-key"),
        ({"key": "no key/at all"}, "invalid-key"),
        ({"key": 7}, "invalid-key"),
        ({"key": "no-such-note"}, "no-such-note"),
    ],
)
async def test_a_socket_to_no_note_is_refused_with_a_code(page, sign_up, auth, code):
    user, refused = await sign_up(), page()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await refused.open(user.cookie, namespaces=("/notes",), auth=auth)
    assert [error["data"]["code"] for error in refused.errors] == [code]
    assert refused.note is None


async def test_a_socket_without_a_session_is_refused(page, sign_up):
    note = await (await sign_up()).create(title("note"))
    stranger = page()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await stranger.open(namespaces=("/notes",), auth={"key": note["key"]})
    assert [error["data"]["code"] for error in stranger.errors] == ["unauthenticated"]
    assert stranger.note is None


async def test_after_a_break_a_page_is_back_in_both_namespaces_with_what_it_missed(page, sign_up):
    ada, grace = await sign_up(), await sign_up()
    note = await ada.create(title("note"))
    both = await reader(page, grace, note, namespaces=("/home", "/notes"))
    writer = await reader(page, ada, note)

    await both.client.eio.send("no packet of any kind")
    await both.until("it is closed", lambda: both.disconnects > 0)
    comment = (await writer.ask("create-message", {"message": "Meanwhile."}))["comment"]
    renamed = await ada.rename(note, title("meanwhile"))
    await both.until(
        "it is back with the comment",
        lambda: (
            both.joins == 2
            and (
                comment in both.messages["messages"]
                or ("newmessage", {"board": "team", "message": comment}) in both.pushed
            )
        ),
    )
    await both.until("the note is true", lambda: both.note == renamed)
    await both.until("the list is true", lambda: both.shows(renamed["title"]))


async def test_signing_out_closes_that_sessions_readers_and_no_others(page, sign_up):
    here = await sign_up()
    there = await here.sign_in_again()
    note = await here.create(title("note"))
    leaving, staying = await reader(page, here, note), await reader(page, there, note)

    await here.sign_out()
    await leaving.until("it is refused", lambda: len(leaving.errors) > 0)
    assert leaving.errors[0]["data"]["code"] == "unauthenticated"
    await there.rename(note, title("still here"))
    await staying.until("the other session hears of it", lambda: staying.note["version"] == 2)
    assert staying.disconnects == 0
