"""What translators and reviewers do on the page: save, approve, take, waive, publish; one form, one button, one step.

A button's `do` names the step and, where it is about one segment, its path. Whatever else was typed in the form is
kept as a draft, so that no button loses anything.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

from flask import g, redirect, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from api.admin import page, session
from api.admin.segments import Trouble, anchor, in_field, is_draft, is_open, short
from api.admin.translating import address, draw, look, may, pages, part, reach
from api.admin.translating_form import Step, read
from api.public.answers import site
from api.wording import say, say_error, values_of
from cms.content.fields import tidy
from cms.content.slugs import slugify
from cms.desk import publishing, translating
from cms.desk.workbench import TranslationPage
from cms.errors import Invalid, NotFound, Refused, SlugTaken, TranslationClash
from cms.localize.fitting import SLUG
from cms.localize.translations import IN_REVIEW, Outcome


@pages.post("")
def take_step(entry: str, locale: str) -> AnyResponse:
    """Do what the button says, keep what else was typed, and go on from there."""
    found = look(entry, locale)
    verb, _, rest = request.form.get("do", "save").partition(" ")
    taken = next((name for name in request.form if name.startswith("take:")), "")
    verb, rest = ("take", taken.removeprefix("take:")) if taken else (verb, rest)
    target, _, more = rest.partition(" ")
    step = Step(found, read(found), target, more)
    if target not in step.lines and f"mark:{target}" in request.form:
        # It was there when the page was made; what was typed for it has been told of.
        if "saying" not in g:
            page.say(gettext("Its source is not in the text any more."), "bad")
        return part(found, [], 410) if request.headers.get("X-Enhanced") else redirect(address(found), 303)
    if verb not in STEPS or (target not in step.lines if target else verb in OF_ONE):
        raise NotFound("step", verb)
    others = {path for path, typed in step.typed.items() if typed.is_changed and typed.text}
    if verb != "dismiss":
        others.discard(target)
    _save(step, {path: step.typed[path].text for path in others}, "draft")
    STEPS[verb](step)
    return _answer(step, verb)


def _keep(state: str) -> Callable[[Step], None]:
    def keep(step: Step) -> None:
        if not step.target:
            return
        typed = step.typed.get(step.target)
        if typed and not typed.text:
            step.troubles[step.target] = Trouble("", say("blank", {}))
        elif typed:
            _save(step, {step.target: typed.text}, state)

    return keep


def _approve(step: Step) -> None:
    """Approve what stands, or what was typed in its place by somebody who may do both."""
    typed = step.typed.get(step.target)
    if step.target and typed and (typed.is_changed or step.lines[step.target].freshness != "current"):
        _keep("approved")(step)
        return
    paths = [step.target] if step.target else [path for path in step.typed if _waits(step, path)]
    seen = {path: step.stands(path) or "" for path in paths if path in step.typed}
    if not step.target:
        # What something stands against is left for somebody to look at; the rest goes on.
        paths = [path for path in paths if not step.lines[path].findings]
    try:
        approved = _approved(step, paths, seen)
    except TranslationClash as clash:
        for each in clash.clashes:
            step.troubles[each.path] = Trouble(step.typed[each.path].text, theirs=each.theirs, by=each.by)
    except Refused as refusal:
        for problem in refusal.reasons:
            path = problem.pointer.lstrip("/")
            step.troubles[path] = Trouble(step.typed[path].text, say(problem.code, problem.values))
    else:
        step.kept |= set(approved)
        step.told |= dict.fromkeys(approved, gettext("Approved."))
        if not step.target:
            page.say(ngettext("%(num)d text approved.", "%(num)d texts approved.", len(approved)))


def _review_all(step: Step) -> None:
    """Hand all drafts to a reviewer, but for those in which an error is found."""
    drafts = [line for line in step.found.lines if is_draft(line) and line.path not in step.kept]
    _save(step, {line.path: line.text for line in drafts if line.path in step.typed}, "needs_review")


def _approved(step: Step, paths: list[str], seen: Mapping[str, str]) -> list[str]:
    if not paths:
        return []
    found, now = step.found, session.now()
    return translating.approve(
        session.db(), session.actor(), found.entry, found.locale, paths, seen=seen, now=now, checks=_checks()
    )


def _waits(step: Step, path: str) -> bool:
    line = step.lines[path]
    return line.freshness == "current" and line.state == IN_REVIEW and not step.typed[path].is_changed


def _take(step: Step) -> None:
    """Put a text from the memory in the field, as a draft to go on from."""
    _save(step, {step.target: request.form[f"take:{step.target}"]}, "draft")


def _accept(step: Step) -> None:
    """Take what is offered as it is."""
    found = step.found
    seen = step.stands(step.target)
    try:
        outcomes = translating.accept(
            session.db(),
            session.actor(),
            found.entry,
            found.locale,
            step.rest,
            now=session.now(),
            seen=seen,
            checks=_checks(),
        )
    except TranslationClash as clash:
        for each in clash.clashes:
            step.troubles[each.path] = Trouble(each.yours, theirs=each.theirs, by=each.by)
    except NotFound:
        step.told[step.target] = gettext("This is not offered any more.")
    else:
        _tell(step, outcomes, "approved" if may("translation.approve", found) else "needs_review")


def _dismiss(step: Step) -> None:
    found = step.found
    with suppress(NotFound):
        translating.dismiss(session.db(), session.actor(), found.entry, found.locale, step.rest, now=session.now())
    step.told[step.target] = gettext("The suggestion is gone.")


def _theirs(step: Step) -> None:
    """Let what stands stand, and forget what was typed."""
    step.told[step.target] = gettext("The other text stands.")


def _waive(step: Step) -> None:
    """Let what is found stand; where the text was changed as well, it is the changed one that is meant."""
    found, path = step.found, step.target
    typed, reason = step.typed.get(path), request.form.get(f"reason:{path}:{step.rest}", "")
    if typed and typed.is_changed:
        _save(step, {path: typed.text}, "draft")
    if path in step.troubles:
        return
    asked = (found.entry, found.locale, path, step.rest, reason)
    try:
        translating.waive(session.db(), session.actor(), *asked, now=session.now())
    except Invalid:
        text = typed.text if typed else in_field(step.lines[path])
        step.troubles[path] = Trouble(text, gettext("Say why this may stand: a waiver needs a reason."))
    else:
        step.told[path] = gettext("Waived, with your reason.")


def _slug(step: Step) -> None:
    """Choose the last part of the address in this language."""
    found, typed = step.found, tidy(request.form.get("slug", ""))
    # Words will do: what an address cannot hold is left out or written otherwise.
    text = slugify(typed) or typed
    try:
        if text != found.slug:
            texts = {SLUG: text}
            translating.save(
                session.db(),
                session.actor(),
                found.entry,
                found.locale,
                texts,
                now=session.now(),
                seen={SLUG: found.slug},
            )
    except Invalid as error:
        step.slug_problem = say(error.problems[0].code, error.problems[0].values)
    except TranslationClash as clash:
        step.slug_problem = say_error(clash.code)
    else:
        page.say(gettext("The address is saved: %(slug)s", slug=text))


def _publish(step: Step) -> None:
    found = step.found
    try:
        publishing.publish(session.db(), session.actor(), found.entry, found.locale, now=session.now(), site=site())
    except SlugTaken as taken:
        step.slug_problem = say_error(taken.code, values_of(taken))
    except Refused:
        page.say(gettext("This cannot be published yet. What is missing is listed here."), "bad")
    else:
        page.say(gettext("Published: readers have this translation now."))


# Steps that are about one segment, and nothing without it.
OF_ONE = ("take", "accept", "dismiss", "theirs", "waive")
STEPS: Mapping[str, Callable[[Step], None]] = {
    "save": _keep("draft"),
    "review": _keep("needs_review"),
    "approve": _approve,
    "approve-all": _approve,
    "review-all": _review_all,
    "take": _take,
    "accept": _accept,
    "dismiss": _dismiss,
    "theirs": _theirs,
    "waive": _waive,
    "slug": _slug,
    "publish": _publish,
}


def _save(step: Step, texts: dict[str, str], state: str) -> None:
    """Save what can be saved of these texts, and note what stands in the way of the others."""
    found = step.found
    typed = step.typed
    for path in [path for path in texts if path in typed and typed[path].source != short(step.lines[path].source)]:
        said = gettext("The source was changed while you were typing. Look at it again; your text is kept here.")
        step.troubles[path] = Trouble(texts.pop(path), said)
    while texts:
        seen = {path: stands for path in texts if (stands := step.stands(path)) is not None}
        try:
            outcomes = translating.save(
                session.db(),
                session.actor(),
                found.entry,
                found.locale,
                texts,
                now=session.now(),
                seen=seen,
                state=state,
                checks=_checks(),
            )
        except TranslationClash as clash:
            for each in clash.clashes:
                step.troubles[each.path] = Trouble(texts.pop(each.path), theirs=each.theirs, by=each.by)
        except Invalid as error:
            _refuse(step, texts, error)
        else:
            _tell(step, outcomes, state)
            return


def _refuse(step: Step, texts: dict[str, str], error: Invalid) -> None:
    """Set aside what no field takes; raise the error again where it is about no text."""
    wrong = {problem.pointer.lstrip("/"): problem for problem in error.problems}
    if not wrong.keys() & texts.keys():
        raise error
    for path in wrong.keys() & texts.keys():
        step.troubles[path] = Trouble(texts.pop(path), say(wrong[path].code, wrong[path].values))


def _tell(step: Step, outcomes: Mapping[str, Outcome], state: str) -> None:
    for path, outcome in outcomes.items():
        step.kept.add(path)
        if outcome.what == "unchanged":
            step.told[path] = gettext("It is saved already; nothing changed.")
        elif outcome.what == "held":
            step.told[path] = gettext("Kept to be reviewed: something stands against it.")
        elif state == "approved":
            step.told[path] = gettext("Saved and approved.")
        elif state == "needs_review":
            step.told[path] = gettext("Saved, to be reviewed.")
        else:
            step.told[path] = gettext("Saved as a draft.")


def _checks() -> bool:
    return site().checks_translations


def _answer(step: Step, verb: str) -> AnyResponse:
    """Return the segments that changed to a page that takes them in, else the page, or the way to it."""
    found = look(step.found.entry, step.found.locale)
    changed = list(dict.fromkeys([*([step.target] if step.target else []), *step.kept, *step.troubles]))
    status = 422 if step.troubles else 200
    if request.headers.get("X-Enhanced") and step.target:
        return part(found, changed, status, step.troubles, step.told)
    if step.troubles or step.slug_problem:
        slug = request.form.get("slug") if verb == "slug" else None
        return draw(found, 422, step.troubles, slug=slug, slug_problem=step.slug_problem)
    if step.told and verb != "approve-all":
        page.say(next(iter(step.told.values())) if len(step.told) == 1 else _counted(len(step.kept)))
    return redirect(address(found, _after(step, found, verb)), 303)


def _counted(count: int) -> str:
    return str(ngettext("%(num)d text saved.", "%(num)d texts saved.", count))


def _after(step: Step, found: TranslationPage, verb: str) -> str:
    """Return where to go on: with what is finished, at the next thing to do; else where one was."""
    if verb in ("publish", "slug", "review-all", "approve-all"):
        return "publish"
    if verb not in ("review", "approve", "accept") or not step.target:
        return anchor(step.target) if step.target else ""
    paths = [line.path for line in found.lines]
    at = paths.index(step.target) if step.target in paths else 0
    may_do = reach(found)
    left = [line.path for line in (*found.lines[at + 1 :], *found.lines[:at]) if is_open(line, may_do)]
    return anchor(left[0]) if left else anchor(step.target)
