"""Runs the visit of tests/samples with the built functions, each in Lambda's runtime interface emulator."""

import os
from contextlib import ExitStack

import visit
from emulator import Emulator
from functions import functions


def main():
    dynamodb = os.environ["NOTES_DYNAMODB"]
    gateway = f"http://127.0.0.1:{visit.Connections.serve('127.0.0.1')}/live"
    # The visit expects pushes from the function behind the streams.
    built = {function.name: function for function in functions(dynamodb, gateway, EarlyPushSockets="0")}
    with ExitStack() as stack:
        emulators = {
            name: stack.enter_context(Emulator([function.bootstrap], function.variables))
            for name, function in built.items()
        }
        visit.run(lambda name, event: emulators[name].invoke(event, built[name].timeout), visit.Tables(dynamodb))


if __name__ == "__main__":
    main()
