"""What an update with another parameter does to a stack that is in use: here, a sign-up code."""

from conftest import STACK, ask, newcomer


def test_it_takes_effect_and_keeps_what_people_wrote(service):
    [stack] = service("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"

    assert ask("/api/users", newcomer()).status == 403
    member = ask("/api/users", newcomer(code="open-sesame"))
    assert member.status == 201
    # The suites before left theirs.
    assert ask("/api/notes?select=count", cookie=member.cookie).content["count"] > 0
