"""DeepL is asked as its documentation says, and told the terms."""

import json

import pytest

from cms.errors import MachineQuota, MachineRefused, MachineUnavailable
from cms.localize.glossary import Term
from cms.localize.machine import Cost, Text
from cms.localize.machine.deepl import DeepL, target_language
from tests.cms.localize.machine.conftest import Time
from tests.cms.localize.machine.services import KEY, Reply, Service

RUG = Term("nl", "en", "rug", "back", "preferred")
BRAND = Term("nl", "en", "RugNetwerk", "", "keep")
NOT = Term("nl", "en", "klacht", "complaint", "forbidden")


def text(markup: str, context: str = "") -> Text:
    return Text(markup, len(markup), context)


def test_texts_come_back_in_their_order(at_deepl: DeepL, deepl_service: Service) -> None:
    texts = [text('Blijf <em id="1">rustig</em>.'), text("5 &lt; 6")]
    assert at_deepl.translate(texts, "nl", "en", []) == ['[EN-GB] Blijf <em id="1">rustig</em>.', "[EN-GB] 5 &lt; 6"]
    assert deepl_service.calls("/v2/translate") == [
        {
            "text": ['Blijf <em id="1">rustig</em>.', "5 &lt; 6"],
            "source_lang": "NL",
            "target_lang": "EN-GB",
            "tag_handling": "xml",
            "tag_handling_version": "v2",
            "ignore_tags": ["code"],
            "split_sentences": "nonewlines",
        }
    ]
    assert deepl_service.asked[0].headers["content-type"] == "application/json"


def test_context_goes_along_and_is_the_same_for_a_call(at_deepl: DeepL, deepl_service: Service) -> None:
    texts = [text("a", "Rugpijn"), text("b", "Rugpijn"), text("c")]
    assert at_deepl.translate(texts, "nl", "de", []) == ["[DE] a", "[DE] b", "[DE] c"]
    calls = deepl_service.calls("/v2/translate")
    assert [(call["text"], call.get("context")) for call in calls] == [(["a", "b"], "Rugpijn"), (["c"], None)]


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", "DE"), ("en", "EN-GB"), ("en-US", "EN-US"), ("nl-BE", "NL"), ("pt", "PT-PT"), ("pt-BR", "PT-BR"),
        ("zh", "ZH-HANS"), ("zh-Hant", "ZH-HANT"), ("no", "NB"), ("tr", "TR"), ("ar", "AR"), ("uk", "UK"),
    ],
)  # fmt: skip
def test_locales_become_the_targets_that_deepl_knows(locale: str, language: str) -> None:
    assert target_language(locale) == language


def test_terms_become_a_glossary_that_is_used(at_deepl: DeepL, deepl_service: Service) -> None:
    at_deepl.translate([text("rug")], "nl-BE", "en-US", [RUG, BRAND, NOT])
    (made,) = deepl_service.calls("/v3/glossaries")
    assert made["dictionaries"] == [
        {
            "source_lang": "nl",
            "target_lang": "en",
            "entries": "RugNetwerk\tRugNetwerk\nrug\tback",
            "entries_format": "tsv",
        }
    ]
    assert [call["glossary_id"] for call in deepl_service.calls("/v2/translate")] == list(deepl_service.glossaries)


def test_a_glossary_is_made_once(at_deepl: DeepL, deepl_service: Service) -> None:
    for _ in range(2):
        at_deepl.translate([text("rug")], "nl", "en", [RUG])
    DeepL(at_deepl.line, KEY, deepl_service.url).translate([text("rug")], "nl", "en", [RUG])
    assert len(deepl_service.calls("/v3/glossaries")) == 1
    assert len(deepl_service.calls("/v3/glossaries", "GET")) == 2


def test_a_changed_glossary_takes_the_place_of_its_own_predecessor(at_deepl: DeepL, deepl_service: Service) -> None:
    at_deepl.translate([text("rug")], "nl", "en", [RUG])
    at_deepl.translate([text("rug")], "nl", "tr", [Term("nl", "tr", "rug", "sırt", "preferred")])
    DeepL(at_deepl.line, KEY, deepl_service.url, owner="Other").translate([text("rug")], "nl", "en", [RUG])
    at_deepl.translate([text("rug")], "nl", "en", [RUG, BRAND])
    names = sorted(each["name"].rsplit(" ", 1)[0] for each in deepl_service.glossaries.values())
    assert names == ["Other nl-en", "Tolk nl-en", "Tolk nl-tr"]
    assert any("RugNetwerk" in json.dumps(each) for each in deepl_service.glossaries.values())


def test_the_first_of_two_rules_for_one_source_is_told(at_deepl: DeepL, deepl_service: Service) -> None:
    terms = [RUG, Term("nl", "en", "rug", "spine", "preferred"), Term("nl", "en", "a\tb", "c\nd", "preferred")]
    at_deepl.translate([text("rug")], "nl", "en", terms)
    assert deepl_service.calls("/v3/glossaries")[0]["dictionaries"][0]["entries"] == "a b\tc d\nrug\tback"


@pytest.mark.parametrize("status", [400, 403, 456])
def test_without_a_glossary_it_goes_on(at_deepl: DeepL, deepl_service: Service, status: int) -> None:
    deepl_service.replies.append(Reply(status, {"message": "no glossaries here"}))
    assert at_deepl.translate([text("rug")], "nl", "en", [RUG]) == ["[EN-GB] rug"]
    assert "glossary_id" not in deepl_service.calls("/v2/translate")[0]


def test_what_is_forbidden_needs_no_glossary(at_deepl: DeepL, deepl_service: Service) -> None:
    at_deepl.translate([text("klacht")], "nl", "en", [NOT])
    assert [asked.path for asked in deepl_service.asked] == ["/v2/translate"]


@pytest.mark.parametrize(
    "content",
    [
        {"translations": [{"text": "one"}]},
        {"translations": [{"text": "one"}, {"text": "two"}, {"text": "three"}]},
        {"translations": [{"text": "one"}, {"txt": "two"}]},
        {"translations": [{"text": "one"}, {"text": None}]},
        {"translations": {"text": "one"}},
        {"message": "fine"},
        ["one", "two"],
        None,
    ],
)
def test_an_answer_of_another_shape_is_no_answer(at_deepl: DeepL, deepl_service: Service, content: object) -> None:
    deepl_service.replies.extend([Reply(200, content)] * 2)
    with pytest.raises(MachineUnavailable):
        at_deepl.translate([text("een"), text("twee")], "nl", "en", [])


def test_a_wrong_key_is_refused_and_not_told(at_deepl: DeepL, deepl_service: Service) -> None:
    deepl_service.key = "another"
    with pytest.raises(MachineRefused) as caught:
        at_deepl.translate([text("een")], "nl", "en", [])
    assert caught.value.status == 403
    assert KEY not in repr(at_deepl) + str(caught.value)


def test_a_spent_account_is_told_apart(at_deepl: DeepL, deepl_service: Service, time: Time) -> None:
    deepl_service.replies.append(Reply(456, {"message": "Quota exceeded"}))
    with pytest.raises(MachineQuota):
        at_deepl.translate([text("een")], "nl", "en", [])
    assert time.slept == []


def test_the_host_follows_the_key(at_deepl: DeepL) -> None:
    assert DeepL(at_deepl.line, "abc:fx")._base == "https://api-free.deepl.com"
    assert DeepL(at_deepl.line, "abc")._base == "https://api.deepl.com"


def test_an_estimate_says_what_is_left(at_deepl: DeepL) -> None:
    assert at_deepl.estimate(1_000) == Cost(1_000, None, "", 320_000)
