"""Call a service over HTTP with patience: again after errors that pass, not after those that stay.

How bytes get there and how time passes are parameters; nothing here opens a connection.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cms.calls import Answer, Call, Send, retry_after
from cms.errors import MachineQuota, MachineRefused, MachineUnavailable

# Too many requests, overload (529 is DeepL's) and what servers and gateways say when they are down.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
# DeepL's own: the characters of the account are spent.
QUOTA = 456
SAID = 300

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How often to try, and how many seconds to wait: before the second try, at most at once, and in all."""

    attempts: int = 5
    first: float = 1.0
    longest: float = 30.0
    in_all: float = 180.0


@dataclass(frozen=True)
class Line:
    """The way to one service: `clock` counts seconds, `chance` gives a number from 0 to 1, `secret` is never told."""

    service: str
    send: Send
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    chance: Callable[[], float]
    secret: str = field(default="", repr=False)
    patience: Patience = Patience()

    def ask(self, call: Call, read: Callable[[Answer], T]) -> T:
        """Return what `read` makes of the answer; a ValueError of it means an answer that cannot be used.

        Raises MachineUnavailable where no usable answer comes in time, MachineRefused and MachineQuota.
        """
        patience, started = self.patience, self.clock()
        unreadable = 0
        for attempt in range(1, patience.attempts + 1):
            wait = self._backoff(attempt)
            status = 0
            try:
                answer = self.send(call)
                status, said = answer.status, self.said(answer)
                if answer.is_success:
                    return read(answer)
                if answer.status not in PASSING:
                    raise self._refusal(answer.status, said)
                wait = max(wait, retry_after(answer.headers))
            except (ConnectionError, TimeoutError) as error:
                said = self._kept_secret(str(error) or type(error).__name__)
            except ValueError as error:
                # What is answered twice in a form that cannot be used will not be better the third time, and costs.
                unreadable += 1
                said = self._kept_secret(str(error))
            is_late = self.clock() - started + wait > patience.in_all
            if attempt == patience.attempts or is_late or unreadable > 1:
                break
            self.sleep(wait)
        raise MachineUnavailable(self.service, said, status)

    def said(self, answer: Answer) -> str:
        """Return what an answer says of itself, shortened and without the secret."""
        try:
            found = json.loads(answer.body)
        except ValueError:
            found = {}
        words = [str(found[name]) for name in ("message", "error", "detail") if name in found] if _is_map(found) else []
        said = ": ".join(words) or ("" if answer.is_success else answer.body.decode("utf-8", "replace"))
        return self._kept_secret(" ".join(said.split())[:SAID])

    def _kept_secret(self, said: str) -> str:
        return said.replace(self.secret, "…") if self.secret else said

    def _backoff(self, attempt: int) -> float:
        """Return seconds: twice as many after each try, between half and all of them by chance."""
        patience = self.patience
        return min(patience.longest, patience.first * 2.0 ** (attempt - 1)) * (0.5 + self.chance() / 2)

    def _refusal(self, status: int, said: str) -> MachineRefused | MachineQuota:
        kind = MachineQuota if status == QUOTA else MachineRefused
        return kind(self.service, said, status)


def post(url: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> Call:
    """Return a call that posts JSON."""
    return Call("POST", url, {**headers, "Content-Type": "application/json"}, encode(content))


def encode(content: Any) -> bytes:
    """Return a value as compact JSON in UTF-8."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def decode(answer: Answer) -> Any:
    """Return the JSON of an answer. Raises ValueError."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise ValueError("the answer is not JSON") from None


def texts_of(found: Any, wanted: int) -> list[str]:
    """Return what was answered as that many texts. Raises ValueError where it is anything else."""
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError("the answer holds no texts")
    if len(found) != wanted:
        raise ValueError(f"{wanted} texts were asked, {len(found)} were answered")
    return found


def _is_map(found: Any) -> bool:
    return isinstance(found, dict)
