"""Attempts: one signed call to a webhook, what became of it, and when the next one is due.

How bytes are sent, how time passes and what chance says are parameters; no table is known here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook as Signer

from cms.calls import Answer, Call, Send, TargetRefused, retry_after

# Standard Webhooks 1.0: seconds before each attempt, counted from the one before; some three days in all.
SCHEDULE = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
IN_ALL = timedelta(seconds=sum(SCHEDULE))
JITTER = 0.1  # of the wait, at most, on top of it
LONGEST_WAIT = timedelta(days=1)  # whatever a server asks for
SAID = 1_000
# Why an attempt has failed: nobody there, no answer in time, an address that is not called, an answer that leads
# elsewhere, any other answer but a 2xx, or a fault of our own.
ERRORS = ("no_connection", "timed_out", "target_refused", "redirected", "not_accepted", "not_sent")


@dataclass(frozen=True)
class Claimed:
    """A delivery that a worker has until its lease ends, with all that sending takes."""

    id: str
    webhook: str
    partner: str
    url: str
    message: str
    type: str
    entry: str
    seq: int
    body: str
    attempts: int
    made_at: str
    lease: str
    secrets: Sequence[str] = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt; `wait` is how many seconds the server asks for."""

    at: datetime
    status: int = 0
    said: str = ""
    error: str = ""
    wait: float = 0.0
    took_ms: int = 0

    @property
    def is_success(self) -> bool:
        """Tell whether the message has arrived: nothing but a status of the 200s says so."""
        return 200 <= self.status < 300


def attempt(claimed: Claimed, send: Send, *, now: datetime, clock: Callable[[], float], agent: str = "Tolk") -> Outcome:
    """Send a message once, signed, and say what became of it; `clock` counts seconds."""
    began = clock()

    def ended(**what: Any) -> Outcome:
        return Outcome(now, took_ms=round((clock() - began) * 1_000), **what)

    try:
        answer = send(request(claimed, now, agent))
    except TargetRefused as error:
        return ended(error="target_refused", said=_kept(str(error)))
    except TimeoutError as error:
        return ended(error="timed_out", said=_kept(str(error)))
    except ConnectionError as error:
        return ended(error="no_connection", said=_kept(str(error)))
    failure = "" if answer.is_success else "redirected" if 300 <= answer.status < 400 else "not_accepted"
    return ended(status=answer.status, said=_excerpt(answer), error=failure, wait=retry_after(answer.headers))


def request(claimed: Claimed, now: datetime, agent: str) -> Call:
    """Return the request that carries a message: Standard Webhooks 1.0, signed with each secret that is live."""
    # The library takes whatever it is given for UTC.
    at = now.astimezone(UTC)
    signatures = (Signer(secret).sign(claimed.message, at, claimed.body) for secret in claimed.secrets)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": agent,
        "webhook-id": claimed.message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Call("POST", claimed.url, headers, claimed.body.encode())


def next_attempt(done: int, made_at: datetime, outcome: Outcome, chance: float) -> datetime | None:
    """Return when to try again after so many attempts, None where it has been tried for long enough.

    The schedule is gone through, and its time has passed: what was tried sooner, because the server answered others,
    does not count against it.
    """
    if done >= len(SCHEDULE) and outcome.at - made_at >= IN_ALL:
        return None
    wait = SCHEDULE[min(done, len(SCHEDULE) - 1)] * (1 + JITTER * chance)
    asked = min(timedelta(seconds=outcome.wait), LONGEST_WAIT)
    return outcome.at + max(timedelta(seconds=wait), asked)


def _excerpt(answer: Answer) -> str:
    return _kept(answer.body.decode("utf-8", "replace"))


def _kept(said: str) -> str:
    """Return the beginning of what was said, without what no table or page can show."""
    shown = "".join(char if char.isprintable() else " " for char in said[: 2 * SAID])
    return shown.strip()[:SAID]
