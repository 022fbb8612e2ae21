"""An update of a stack in use with another parameter, here a sign-up code."""

from conftest import STACK, new_account, request


def test_it_takes_effect_and_keeps_the_notes(service):
    [stack] = service("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"

    assert request("/api/users", new_account()).status == 403
    member = request("/api/users", new_account(code="open-sesame"))
    assert member.status == 201
    # The suites that ran before created some.
    assert request("/api/boards/team/notes?select=count", cookie=member.cookie).content["count"] > 0
