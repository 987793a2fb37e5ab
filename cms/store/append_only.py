"""Tables to which rows are only ever added: the engine itself refuses to change or remove one.

It knows not what they keep.
"""

from cms.store.protocol import Database
from cms.store.statements import identifier


def keep(db: Database, table: str) -> None:
    """Make the engine refuse, as BadValue, whatever changes or removes a row of this table."""
    name, said = identifier(table), f"{table}: rows are only ever added"
    if db.engine == "sqlite":
        for verb in ("update", "delete"):
            db.execute(
                f"create trigger {identifier(f'{table}_no_{verb}')} before {verb} on {name}"
                f" begin select raise(abort, '{said}'); end"
            )
        return
    refuse = identifier(f"{table}_refuse")
    db.execute(
        f"create function {refuse}() returns trigger language plpgsql as"
        f" $$ begin raise integrity_constraint_violation using message = '{said}'; end $$"
    )
    for verbs, each in (("update or delete", "row"), ("truncate", "statement")):
        trigger = identifier(f"{table}_no_{verbs.replace(' ', '_')}")
        db.execute(f"create trigger {trigger} before {verbs} on {name} for each {each} execute function {refuse}()")
