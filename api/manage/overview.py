"""What there is to do now, for the key that asks: what could harm first."""

from api.manage.operations import Answer, Call, Group
from cms.desk.todo import Todo, todo

group = Group("overview", "What there is to do now.")


@group.does("GET", "/todo", needs="entry.read", gives=Todo)
def get_todo(call: Call) -> Answer:
    """See what is recalled, stale, missing, waiting, overdue, scheduled, failed and changed, the gravest first."""
    return Answer(todo(call.db, call.actor, site=call.site, now=call.now))
