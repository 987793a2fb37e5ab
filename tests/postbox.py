"""A mail server that keeps what it takes in."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from time import monotonic, sleep
from typing import Any

from aiosmtpd.controller import Controller


class Postbox:
    """Keeps what a mail server takes in."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # the name is aiosmtpd's
        """Take one message in."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def first(self) -> EmailMessage:
        """Return the first letter; they come while the page is answered already."""
        until = monotonic() + 10
        while not self.letters and monotonic() < until:
            sleep(0.02)
        return self.letters[0]


@contextmanager
def running() -> Iterator[Postbox]:
    """Run a mail server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Postbox(f"smtp://127.0.0.1:{port}")
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
