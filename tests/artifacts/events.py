"""Every function, as built, is given each sample event that is its own, by Lambda's runtime interface emulator."""

import json
import os
import sys
from pathlib import Path

from emulator import Emulator
from functions import ROOT, functions
from surroundings import Tables, gateway


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
        with Emulator([function.bootstrap], function.variables) as emulator:
            for event in sorted(function.events, key=order):
                # Some of them end it.
                tables.begin_the_samples_session()
                answer = emulator.invoke(event.read_bytes(), function.timeout)
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
