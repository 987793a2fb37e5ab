"""Measure the checks: `python -m bench.checks`. What they find in tests/pairs, beside translate-toolkit's pofilter.

The toolkit is installed in a throw-away environment for this alone (it is GPL); without a network it is left out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cms.localize.checks import check

PAIRS = Path(__file__).parents[1] / "tests" / "pairs"
CRITICAL = ("number", "contact", "unit")
LEAST_RECALL, MOST_ALARMS = 0.97, 0.02
# What pofilter looks for in the texts themselves; its other checks are about styles and sources of software.
POFILTER = """
import json, sys
from translate.filters import checks
from translate.storage import pypo
FILTERS = ["numbers", "urls", "emails", "untranslated", "blank", "unchanged", "xmltags", "brackets", "short", "long"]
checkers = {}
for line in sys.stdin:
    pair = json.loads(line)
    locale = pair["target_locale"]
    if locale not in checkers:
        checkers[locale] = checks.StandardChecker(checks.CheckerConfig(targetlanguage=locale), limitfilters=FILTERS)
    unit = pypo.pounit(pair["source"])
    unit.target = pair["target"]
    print(json.dumps([pair["id"], sorted(checkers[locale].run_filters(unit))]))
"""

Pair = dict[str, Any]
Finder = Callable[[Sequence[Pair]], dict[str, set[str]]]


def main(words: Sequence[str]) -> int:
    """Measure as the command line asks; return 1 where a goal is missed and `--strict` was given."""
    parser = argparse.ArgumentParser("bench.checks", description="Measure the checks on tables of pairs.")
    parser.add_argument("--correct", type=Path, default=PAIRS / "correct.jsonl", help="pairs without a fault")
    parser.add_argument(
        "--defective", type=Path, default=PAIRS / "defective.jsonl", help="pairs with one, and its code"
    )
    parser.add_argument("--no-pofilter", action="store_true", help="leave translate-toolkit out")
    parser.add_argument("--strict", action="store_true", help="fail where a goal is missed")
    asked = parser.parse_args(words)
    correct, defective = _read(asked.correct), _read(asked.defective)
    started = time.perf_counter()
    found = _tolk([*correct, *defective])
    took = (time.perf_counter() - started) * 1000 / len(found)
    others = None if asked.no_pofilter else _pofilter([*correct, *defective])
    if others is None:
        print("pofilter: left out (not asked for, or it could not be installed)")
    print(f"{'code':<14} {'pairs':>6} {'tolk':>7} {'pofilter, any filter':>22}")
    recall = {}
    for code, pairs in _by_code(defective).items():
        recall[code] = sum(code in found[pair["id"]] for pair in pairs) / len(pairs)
        print(f"{code:<14} {len(pairs):>6} {recall[code]:>7.3f} {_share(pairs, others):>22}")
    overall = sum(pair["expected"] in found[pair["id"]] for pair in defective) / len(defective)
    alarms = sum(bool(found[pair["id"]]) for pair in correct) / len(correct)
    print(f"{'all':<14} {len(defective):>6} {overall:>7.3f} {_share(defective, others):>22}")
    print(f"{'false alarms':<14} {len(correct):>6} {alarms:>7.3f} {_share(correct, others):>22}")
    print(f"{took:.2f} ms a pair; goals: recall {LEAST_RECALL}, 1.0 of {', '.join(CRITICAL)}, alarms {MOST_ALARMS}")
    met = overall >= LEAST_RECALL and alarms <= MOST_ALARMS and all(recall.get(code, 1.0) == 1.0 for code in CRITICAL)
    return 0 if met or not asked.strict else 1


def _read(path: Path) -> list[Pair]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _by_code(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    codes = Counter(pair["expected"] for pair in pairs)
    return {code: [pair for pair in pairs if pair["expected"] == code] for code, _ in codes.most_common()}


def _tolk(pairs: Sequence[Pair]) -> dict[str, set[str]]:
    return {
        pair["id"]: {
            finding.code
            for finding in check(pair["source"], pair["target"], pair["source_locale"], pair["target_locale"])
        }
        for pair in pairs
    }


def _share(pairs: Sequence[Pair], others: dict[str, set[str]] | None) -> str:
    return f"{sum(bool(others[pair['id']]) for pair in pairs) / len(pairs):.3f}" if others else "-"


def _pofilter(pairs: Sequence[Pair]) -> dict[str, set[str]] | None:
    """Return the names of the filters that complain, by pair; None where it cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
            subprocess.run([python, "-m", "pip", "install", "-q", "translate-toolkit"], check=True, capture_output=True)
            lines = "".join(json.dumps(pair) + "\n" for pair in pairs)
            ran = subprocess.run([python, "-c", POFILTER], input=lines, check=True, capture_output=True, text=True)
        except (subprocess.CalledProcessError, OSError):
            return None
        return {name: set(filters) for name, filters in map(json.loads, ran.stdout.splitlines())}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
