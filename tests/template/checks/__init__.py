"""Checks that linters do not make. A check takes a stack and yields a sentence for each problem."""

from collections.abc import Callable, Iterator
from inspect import isfunction

from stack import Stack

from . import alarms, apis, cdn, costs, environment, failures, logs, outputs, policies, tables, triggers

Check = Callable[[Stack], Iterator[str]]

# Every public function of these modules.
CHECKS: list[Check] = [
    check
    for module in (tables, triggers, failures, environment, policies, apis, cdn, costs, alarms, logs, outputs)
    for name, check in vars(module).items()
    if isfunction(check) and check.__module__ == module.__name__ and not name.startswith("_")
]


def findings(stack: Stack) -> dict[str, list[str]]:
    """Returns the problems that all checks find, by the name of the check."""
    problems = {check.__name__: list(dict.fromkeys(check(stack))) for check in CHECKS}
    return {check: sentences for check, sentences in problems.items() if sentences}
