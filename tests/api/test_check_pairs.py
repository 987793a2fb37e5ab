"""`tolk check`: one JSON line in, one JSON line out, whatever the line holds."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main

PAIR = {
    "id": 7,
    "source_locale": "nl",
    "target_locale": "en",
    "source": "Neem 2 tabletten.",
    "target": "Take 3 tablets.",
}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def run(*lines: Any, given: str = "-") -> Result:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return CliRunner().invoke(main, ["check", given], input=text)


def answers(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_finding_says_what_how_bad_and_where() -> None:
    assert answers(run(PAIR)) == [
        {
            "id": 7,
            "findings": [
                {
                    "code": "number",
                    "severity": "error",
                    "message": "“2” became “3”",
                    "source_span": [5, 6],
                    "target_span": [5, 6],
                }
            ],
        }
    ]


def test_a_correct_pair_has_no_findings() -> None:
    assert answers(run(PAIR | {"target": "Take two tablets."})) == [{"id": 7, "findings": []}]


def test_every_line_gets_its_answer_and_bad_ones_say_why() -> None:
    result = run("not json", "[]", "", PAIR | {"source": None}, PAIR)
    found = answers(result)
    assert [bool(answer.get("error")) for answer in found] == [True, True, True, False]
    assert [answer["id"] for answer in found] == [None, None, 7, 7]
    assert result.stderr.splitlines()[0].startswith("line 1: this is not JSON")


def test_a_line_that_cannot_be_checked_takes_no_other_with_it() -> None:
    odd = [PAIR | {"target_locale": "no such tag!"}, PAIR | {"id": {"a": [1]}}, PAIR | {"max_length": 10**30}]
    found = answers(run(*odd, PAIR))
    assert [bool(answer.get("error")) for answer in found] == [True, True, True, False]
    assert found[0]["id"] == 7


def test_a_number_of_very_many_digits_is_compared_too() -> None:
    digits = "1" * 5_000
    same, other = {"source": digits, "target": digits}, {"source": digits, "target": digits[:-1] + "2"}
    first, second, last = answers(run(PAIR | same, PAIR | other, PAIR))
    assert first["findings"] == []
    assert [finding["code"] for finding in second["findings"]] == ["number"]
    assert last["findings"]


def test_terms_and_a_length_may_come_along() -> None:
    terms = [{"source": "tablet", "target": "pill", "status": "preferred"}]
    (answer,) = answers(run(PAIR | {"target": "Take two tablets.", "terms": terms, "max_length": 5}))
    assert [finding["code"] for finding in answer["findings"]] == ["length", "term"]


def test_a_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\ufeff" + json.dumps(PAIR) + "\n", encoding="utf-8")
    assert [answer["id"] for answer in answers(run(given=str(path)))] == [7]


def test_a_file_that_is_not_there_is_said() -> None:
    result = run(given="none.jsonl")
    assert result.exit_code == 2
    assert "none.jsonl" in result.stderr
