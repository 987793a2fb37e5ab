"""Placeholders are found where they are placeholders, and nowhere else."""

import pytest

from cms.store.placeholders import translated

TABLE = [
    ("select ?", "select %s"),
    ("select ?, ?", "select %s, %s"),
    ("a = :a and b=:b_2", "a = %(a)s and b=%(b_2)s"),
    ("a::text", "a::text"),
    ("a::text = :a", "a::text = %(a)s"),
    (":a::text", "%(a)s::text"),
    ("x[1:2]", "x[1:2]"),
    ("5 % 2", "5 %% 2"),
    ("'?' = ?", "'?' = %s"),
    ("'it''s ? :x %'", "'it''s ? :x %%'"),
    ("\"a?\" = '%'", "\"a?\" = '%%'"),
    ("a -- ? :x %\n = ?", "a -- ? :x %%\n = %s"),
    ("/* ?\n:x */ ?", "/* ?\n:x */ %s"),
    ("do $$ begin ? % :x end $$", "do $$ begin ? %% :x end $$"),
    ("$body$ $$ ? $body$ ?", "$body$ $$ ? $body$ %s"),
    ("a in ()", "a = any ('{}')"),
    ("a NOT  IN ( )", "a <> all ('{}')"),
    ("a in (?)", "a in (%s)"),
    ("'in ()'", "'in ()'"),
    ("min()", "min()"),
]


@pytest.mark.parametrize(("written", "expected"), TABLE)
def test_it_becomes(written: str, expected: str) -> None:
    assert translated(written) == expected
