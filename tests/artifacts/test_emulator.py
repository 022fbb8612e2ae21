"""The emulator finds its ports."""

import os
import socket

import pytest

import emulator


def test_the_emulator_tries_another_port_if_one_is_taken(monkeypatch):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        free, picked = emulator.free_port, []

        def pick() -> int:
            picked.append(taken if len(picked) < 2 else free())
            return picked[-1]

        monkeypatch.setattr(emulator, "free_port", pick)
        with emulator.Emulator(["true"], dict(os.environ)) as started:
            assert picked[:2] == [taken, taken] and len(picked) == 3
            assert emulator.listening_ports(started.process.pid) == {picked[2], started.port}


def test_an_emulator_that_ends_for_another_reason_is_reported(monkeypatch):
    monkeypatch.setattr(emulator, "free_port", lambda: 99_999)
    with pytest.raises(SystemExit, match="invalid port"), emulator.Emulator(["true"], dict(os.environ)):
        pass
