"""LibreTranslate is asked as its documentation says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cms.errors import MachineRefused, MachineUnavailable
from cms.localize.glossary import Term
from cms.localize.machine import Cost, Price, Text
from cms.localize.machine.libretranslate import LibreTranslate, language
from tests.cms.localize.machine.services import KEY, Reply, Service

TEXTS = [Text('Blijf <em id="1">rustig</em>.', 14), Text("5 &lt; 6 &amp; meer", 12)]


def test_texts_come_back_in_their_order_with_entities_resolved(
    at_libre: LibreTranslate, libre_service: Service
) -> None:
    terms = [Term("nl", "en", "rug", "back", "preferred")]
    found = at_libre.translate(TEXTS, "nl", "en", terms)
    assert found == ['[en] Blijf <em id="1">rustig</em>.', "[en] 5 < 6 & meer"]
    assert libre_service.calls("/translate") == [
        {"q": [text.markup for text in TEXTS], "source": "nl", "target": "en", "format": "html", "api_key": KEY}
    ]


def test_a_server_of_ones_own_needs_no_key(at_libre: LibreTranslate, libre_service: Service) -> None:
    libre_service.key = ""
    assert replace(at_libre, key="").translate(TEXTS[:1], "nl", "tr", [])[0].startswith("[tr]")
    assert "api_key" not in libre_service.calls("/translate")[0]


@pytest.mark.parametrize(
    ("locale", "code"), [("nl-BE", "nl"), ("zh", "zh-Hans"), ("zh-Hant", "zh-Hant"), ("pt-BR", "pt-BR"), ("pt", "pt")]
)
def test_locales_become_the_codes_that_it_knows(locale: str, code: str) -> None:
    assert language(locale) == code


def test_what_it_says_is_told(at_libre: LibreTranslate) -> None:
    with pytest.raises(MachineRefused, match="service: 400: uk is not supported"):
        at_libre.translate(TEXTS, "nl", "uk", [])
    with pytest.raises(MachineRefused, match="403: Invalid API key"):
        replace(at_libre, key="other").translate(TEXTS, "nl", "en", [])


@pytest.mark.parametrize("status", [429, 500])
def test_it_is_asked_again_when_it_is_busy(at_libre: LibreTranslate, libre_service: Service, status: int) -> None:
    libre_service.replies.append(Reply(status, {"error": "Slowdown: 20 per 1 minute"}))
    assert len(at_libre.translate(TEXTS, "nl", "en", [])) == 2


@pytest.mark.parametrize("said", ["one text", ["one"], ["one", 2], None])
def test_an_answer_of_another_shape_is_no_answer(
    at_libre: LibreTranslate, libre_service: Service, said: object
) -> None:
    libre_service.replies.extend([Reply(200, {"translatedText": said})] * 2)
    with pytest.raises(MachineUnavailable):
        at_libre.translate(TEXTS, "nl", "en", [])


def test_an_estimate_takes_the_price_that_was_set(at_libre: LibreTranslate) -> None:
    assert at_libre.estimate(3_000) == Cost(3_000)
    priced = replace(at_libre, price=Price(Decimal("20"), "EUR"))
    assert priced.estimate(3_000) == Cost(3_000, Decimal("0.06"), "EUR")
