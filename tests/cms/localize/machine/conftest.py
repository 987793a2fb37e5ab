"""Services that answer on this machine, and lines to them on which no time passes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from api.machine import sender
from cms.localize.machine.calling import Line, Patience
from cms.localize.machine.deepl import DeepL
from cms.localize.machine.libretranslate import LibreTranslate
from tests.cms.localize.machine.services import KEY, Service, deepl, libretranslate, running


@dataclass
class Time:
    """A clock that only sleeping moves."""

    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def clock(self) -> float:
        return sum(self.slept)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def line(time: Time) -> Iterator[Line]:
    """Return a line over real sockets; it waits as long as a busy machine may need."""
    with httpx.Client(timeout=60) as client:
        yield Line("service", sender(client), time.sleep, time.clock, lambda: 1.0, KEY, Patience())


@pytest.fixture
def deepl_service() -> Iterator[Service]:
    with running(deepl) as service:
        yield service


@pytest.fixture
def libre_service() -> Iterator[Service]:
    with running(libretranslate) as service:
        yield service


@pytest.fixture
def at_deepl(deepl_service: Service, line: Line) -> DeepL:
    return DeepL(line, KEY, deepl_service.url)


@pytest.fixture
def at_libre(libre_service: Service, line: Line) -> LibreTranslate:
    return LibreTranslate(line, libre_service.url, KEY)
