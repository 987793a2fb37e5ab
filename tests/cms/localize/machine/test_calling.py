"""Calling a service: again after what passes, not after what stays, and never for ever."""

from dataclasses import replace

import httpx
import pytest

from api.machine import sender
from cms.calls import Answer, Call, retry_after
from cms.errors import MachineError, MachineQuota, MachineRefused, MachineUnavailable
from cms.localize.machine.calling import Line, Patience, decode
from tests.cms.localize.machine.conftest import Time
from tests.cms.localize.machine.services import KEY, Reply, Service

FINE = Reply(200, {"fine": True})


def ask(line: Line, service: Service) -> object:
    return line.ask(Call("GET", f"{service.url}/any", {}), decode)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_what_passes_is_tried_again(line: Line, deepl_service: Service, time: Time, status: int) -> None:
    deepl_service.replies.extend([Reply(status, {"message": "wait"}), Reply(status, {}), FINE])
    assert ask(line, deepl_service) == {"fine": True}
    assert time.slept == [1.0, 2.0]


def test_waits_grow_up_to_a_limit_and_vary_by_chance(line: Line, deepl_service: Service, time: Time) -> None:
    deepl_service.replies.extend([Reply(503, {})] * 6 + [FINE])
    patient = replace(line, patience=Patience(attempts=7, first=1, longest=10), chance=lambda: 0.0)
    assert ask(patient, deepl_service) == {"fine": True}
    assert time.slept == [0.5, 1, 2, 4, 5, 5]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "soon"}, 1),
        ({"Retry-After": "-5"}, 1),
        ({"Retry-After": "٣"}, 1),
    ],
)
def test_a_service_may_say_how_long_to_wait(
    line: Line, deepl_service: Service, time: Time, headers: dict[str, str], seconds: int
) -> None:
    deepl_service.replies.extend([Reply(429, {}, headers), FINE])
    ask(line, deepl_service)
    assert time.slept == [seconds]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 30),
        ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 0),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT"}, 0),
        ({}, 0),
    ],
)
def test_a_date_to_wait_for_is_read_by_the_clock_of_the_service(headers: dict[str, str], seconds: int) -> None:
    assert retry_after(headers) == seconds


def test_nobody_waits_longer_than_patience_lasts(line: Line, deepl_service: Service, time: Time) -> None:
    deepl_service.replies.extend([Reply(429, {"message": "come back"}, {"Retry-After": "3600"}), FINE])
    with pytest.raises(MachineUnavailable) as caught:
        ask(line, deepl_service)
    assert (caught.value.status, caught.value.said, time.slept) == (429, "come back", [])


def test_after_the_last_try_it_is_unavailable(line: Line, deepl_service: Service, time: Time) -> None:
    deepl_service.replies.extend([Reply(503, {"message": "high load"})] * 9)
    with pytest.raises(MachineUnavailable, match="service: 503: high load"):
        ask(line, deepl_service)
    assert (len(deepl_service.asked), time.slept) == (5, [1, 2, 4, 8])


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, MachineRefused),
        (400, MachineRefused),
        (401, MachineRefused),
        (403, MachineRefused),
        (404, MachineRefused),
        (413, MachineRefused),
        (456, MachineQuota),
    ],
)
def test_what_stays_is_not_tried_again(
    line: Line, deepl_service: Service, status: int, error: type[MachineError]
) -> None:
    headers = {"Location": deepl_service.url} if status == 301 else {}
    deepl_service.replies.append(Reply(status, {"message": "no", "detail": "really"}, headers))
    with pytest.raises(error) as caught:
        ask(line, deepl_service)
    assert type(caught.value) is error
    assert (caught.value.said, len(deepl_service.asked)) == ("no: really", 1)


def test_a_key_that_a_service_repeats_is_not_told(line: Line, deepl_service: Service) -> None:
    deepl_service.replies.append(Reply(403, {"message": f"{KEY} is no key"}))
    with pytest.raises(MachineRefused) as caught:
        ask(line, deepl_service)
    assert (caught.value.said, KEY in str(caught.value)) == ("… is no key", False)


def test_pages_of_gateways_are_shortened(line: Line, deepl_service: Service) -> None:
    deepl_service.replies.append(Reply(403, raw=b"<html>\n" + b"x" * 9_000))
    with pytest.raises(MachineRefused) as caught:
        ask(line, deepl_service)
    assert len(caught.value.said) == 300


def test_half_an_answer_is_tried_again(line: Line, deepl_service: Service, time: Time) -> None:
    deepl_service.replies.extend([Reply(raw=b'{"half":', promised=40), FINE])
    assert ask(line, deepl_service) == {"fine": True}
    assert len(time.slept) == 1


def test_a_silent_server_is_tried_again(line: Line, deepl_service: Service, time: Time) -> None:
    deepl_service.replies.extend([Reply(200, {}, wait=10.0), FINE])
    with httpx.Client(timeout=0.1) as client:
        # Only the first call is in a hurry: on a busy machine the second may take as long.
        hasty = iter([sender(client)])
        hurried = replace(line, send=lambda call: next(hasty, line.send)(call))
        assert ask(hurried, deepl_service) == {"fine": True}
    assert len(time.slept) == 1


def test_nobody_at_home_is_unavailable(line: Line, time: Time) -> None:
    with pytest.raises(MachineUnavailable) as caught:
        line.ask(Call("GET", "http://127.0.0.1:9/", {}), decode)
    assert (caught.value.status, len(time.slept)) == (0, 4)


def test_what_cannot_be_read_is_asked_once_more_and_no_more(line: Line, deepl_service: Service) -> None:
    deepl_service.replies.extend([Reply(raw=b"<html>fine</html>")] * 5)
    with pytest.raises(MachineUnavailable, match="not JSON"):
        ask(line, deepl_service)
    assert len(deepl_service.asked) == 2


def test_an_answer_has_an_end(deepl_service: Service) -> None:
    deepl_service.replies.append(Reply(raw=b"x" * 100_000))
    with httpx.Client() as client, pytest.raises(TimeoutError):
        sender(client, whole=0.0)(Call("GET", deepl_service.url, {}))


def test_successes_are_the_200s() -> None:
    assert [Answer(status, {}, b"").is_success for status in (199, 200, 204, 299, 300)] == [0, 1, 1, 1, 0]
