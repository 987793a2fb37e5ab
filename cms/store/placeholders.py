"""SQL as Tolk writes it, made into SQL as psycopg takes it. Pure: it knows no database.

`?` and `:name` become `%s` and `%(name)s`, `%` is escaped, and `in ()`, which PostgreSQL has not, becomes a
comparison with an empty array. Quoted text, comments and `::casts` are left as they are.
"""

import re
from functools import lru_cache

_PARTS = re.compile(
    r"""
      (?P<kept> '(?:[^']|'')*'                          # text
              | "(?:[^"]|"")*"                          # a name
              | \$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$  # dollar-quoted text
              | --[^\n]*
              | /\*.*?\*/
              | ::
              | % )
    | (?P<positional> \? )
    | (?<![:\w]) : (?P<named> [A-Za-z_]\w* )
    | (?P<none> \b not \s+ in \s* \( \s* \) )
    | (?P<empty> \b in \s* \( \s* \) )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def translated(sql: str) -> str:
    """Rewrite the placeholders of one statement for psycopg."""
    return _PARTS.sub(_part, sql)


def _part(found: re.Match[str]) -> str:
    if found["kept"] is not None:
        return found["kept"].replace("%", "%%")
    if found["positional"] is not None:
        return "%s"
    if found["named"] is not None:
        return f"%({found['named']})s"
    # An untyped '{}' takes the type of whatever it is compared with, which a null or a subquery would not.
    return "<> all ('{}')" if found["none"] is not None else "= any ('{}')"
