"""The machine that the settings name, and the connection to it: the one place where Tolk calls out by itself."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from api.settings import Settings
from cms.calls import Answer, Call, Send
from cms.localize.machine import Nobody, Translator
from cms.localize.machine.calling import Line, Patience
from cms.localize.machine.deepl import DeepL
from cms.localize.machine.libretranslate import LibreTranslate

# Seconds to connect, without a byte, and for a whole answer; a long text on a small server takes its time.
CONNECT, SILENT, WHOLE = 10.0, 60.0, 120.0
MOST_BYTES = 16 * 1024 * 1024


@contextmanager
def translator(settings: Settings, patience: Patience | None = None) -> Iterator[Translator]:
    """Yield the machine that the settings name, or Nobody; its connections are closed afterwards."""
    machine = settings.machine
    if not machine.name:
        yield Nobody()
        return
    with httpx.Client(timeout=httpx.Timeout(SILENT, connect=CONNECT)) as client:
        line = Line(
            service=machine.name,
            send=sender(client),
            sleep=time.sleep,
            clock=time.monotonic,
            chance=random.random,
            secret=machine.key,
            patience=patience or Patience(),
        )
        if machine.name == "deepl":
            owner = f"Tolk {settings.site.name}" if settings.site.name != "Tolk" else "Tolk"
            yield DeepL(line, machine.key, machine.url, machine.price, owner)
        else:
            yield LibreTranslate(line, machine.url, machine.key, machine.price)


def sender(client: httpx.Client, whole: float = WHOLE) -> Send:
    """Return what sends a call: no redirects, an end in time, and no more bytes than any translation has."""

    def send(call: Call) -> Answer:
        until = time.monotonic() + whole
        try:
            with client.stream(call.method, call.url, headers=dict(call.headers), content=call.body) as response:
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if time.monotonic() > until:
                        raise TimeoutError("the answer takes too long")
                    if len(body) > MOST_BYTES:
                        raise ConnectionError("the answer is too large")
        except httpx.TimeoutException as error:
            raise TimeoutError(str(error) or "timed out") from error
        except httpx.HTTPError as error:
            raise ConnectionError(str(error) or type(error).__name__) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, bytes(body))

    return send
