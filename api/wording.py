"""What each code means, in words: for callers and for the command line, in their language.

Every code that Tolk can say is here once; the reference lists them and a test holds both against each other.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any

from flask_babel import gettext

from cms.errors import SlugTaken, Throttled, TolkError


def _(text: str) -> str:
    """Mark a text for translation; it is translated when it is said."""
    return text


# Errors as a whole, by code: what happened.
ERRORS: Mapping[str, str] = {
    "bad_request": _("The request cannot be understood."),
    "bad_cursor": _("This cursor was not made here, or was changed on its way. Begin anew without one."),
    "bad_key": _("The key is not valid, or not any more."),
    "bad_parameter": _("A parameter of the address cannot be used."),
    "bad_value": _("A value cannot be stored: it holds a character or number that no field takes."),
    "broken_reference": _("Something that is referred to does not exist, or is still in use."),
    "conflict": _("There is such a record already."),
    "cursor_expired": _(
        "This cursor leads nowhere any longer. Begin anew without one, and drop what the new run does not bring."
    ),
    "error": _("Something went wrong."),
    "forbidden": _("Your role does not allow this."),
    "gone": _("This is not here any more."),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request; give each request its own."),
    "internal": _("Something went wrong on our side. It has been logged under the request id."),
    "invalid": _("The content does not fit its type."),
    "key_expired": _("The key has expired."),
    "key_missing": _("A key is needed: send it as “Authorization: Bearer tolk_…”."),
    "key_of_partner": _("This key is a partner's: it opens the delivery API, and nothing here."),
    "key_of_program": _("This key is for the management API; the delivery API takes the keys of partners."),
    "key_revoked": _("The key has been revoked."),
    "link_expired": _("This link has been used, or is too old. Ask for a new one."),
    "machine_quota": _("The machine's account has no characters left; buy more, or wait for the next period."),
    "machine_refused": _("The machine refuses to translate this."),
    "machine_unavailable": _("The machine that translates does not answer, or not in a way that can be used."),
    "method_not_allowed": _("This address does not take that method."),
    "no_table": _("The database lacks a table. Run `tolk migrate`."),
    "not_acceptable": _("None of the forms that you accept can be given."),
    "not_found": _("There is nothing at this address."),
    "not_in_locale": _("This is not published in the language that you asked for."),
    "partner_suspended": _("The key is good, but its partner is suspended; ask the site that gave it."),
    "precondition_failed": _("Somebody saved this entry after the revision that you name."),
    "precondition_required": _("Name the revision that you have seen: send its ETag as If-Match."),
    "refused": _("A rule does not allow this now."),
    "revision_clash": _("Somebody saved this entry after you opened it."),
    "settings": _("The settings are wrong."),
    "sign_in_refused": _("That did not fit. Check what you typed, and try again."),
    "slug_taken": _("The slug belongs to another entry; “%(suggestion)s” is free."),
    "stale_form": _(
        "This form is too old, or comes from elsewhere. Go back, load the page again and send it once more."
    ),
    "store_error": _("The database did not take it."),
    "store_unavailable": _("The database does not answer. Try again in a moment."),
    "throttled": _("Too many attempts. Try again in %(minutes)s min."),
    "too_many_requests": _("Too many requests. Wait as long as Retry-After says."),
    "translation_clash": _("Somebody translated this after you opened it; both texts are shown."),
    "too_large": _("The request is larger than this server takes."),
    "unknown_locale": _("“%(locale)s” is not one of the languages here: %(known)s."),
    "unsupported_media_type": _("The body must be JSON (application/json)."),
    "withdrawn": _("This advice has been withdrawn."),
    "uri_too_long": _("The address is too long."),
}

# Single faults, by code: what is wrong with one value, and what would be right.
FAULTS: Mapping[str, str] = {
    "already_settled": _("This task is settled already."),
    "archived": _("This is archived; take it back into use first."),
    "author_not_published": _("Publish at least one of the authors or clinics first."),
    "blank": _("This may not be empty."),
    "code_added": _("The markup “%(kind)s” %(target)s stands here more often than in the source."),
    "code_crossed": _("The markup with the number “%(id)s” is opened and closed across another."),
    "code_missing": _("The markup “%(kind)s” %(target)s of the source is missing."),
    "code_unknown": _("The markup with the number “%(id)s” is not in the source."),
    "columns_missing": _("The table lacks these columns: %(names)s."),
    "contradicting": _("“%(source)s” with “%(target)s” stands before as %(first)s; one of both is wrong."),
    "control_character": _("Remove the control character %(character)s."),
    "domains_needed": _("Name the domains of the partner first."),
    "doctype": _("The file has a document type (DOCTYPE); remove it."),
    "due_before_review": _("The next review must be after the last one (%(last_reviewed)s)."),
    "duplicate_id": _("The id “%(id)s” is used already at %(first)s; each block and item needs its own."),
    "email_taken": _("Another user has this e-mail address."),
    "empty_text": _("There is no text in it."),
    "failing_check": _("The translation fails a check (%(check)s: %(reason)s)."),
    "fact_changed": _("This is no minor edit: a fact or term changed (before: %(before)s; now: %(after)s)."),
    "given_twice": _("Give this parameter once."),
    "hard_to_read": _("This scores %(score)s for readability; %(least)s is asked. Begin with the longest sentences."),
    "html_in_text": _("Plain text cannot hold HTML such as “%(tag)s”."),
    "id_of_another": _("The id “%(id)s” belonged to a block of kind %(type)s; a new block needs a new id."),
    "invalid_value": _("This value does not fit: %(said)s"),
    "is_source_locale": _("“%(locale)s” is the language that the entry is written in; it is not translated."),
    "kept_has_target": _("What is kept as it is has no target; leave it empty."),
    "languages_differ": _("The file is in several languages: %(stated)s."),
    "languages_missing": _("The file has no texts in both “%(source)s” and “%(target)s”; it has: %(stated)s."),
    "looks_binary": _("This is no text file."),
    "markup_unsayable": _("The markup cannot be kept as it stands here; move it by a word."),
    "needed": _("This must be filled in before publishing."),
    "needs_https": _("This must begin with https://."),
    "needs_author": _("Name an author, or the clinic that answers for the advice."),
    "needs_reference": _("Name at least one reference."),
    "needs_reviewer": _("Name a medical reviewer."),
    "no_file": _("Choose a file first."),
    "no_language": _("The file does not say which language it is in; name it."),
    "no_such_entry": _("There is no %(type)s “%(id)s”."),
    "no_such_entry_here": _("There is no such entry."),
    "no_such_segment": _("The entry has no translatable text at this path."),
    "last_administrator": _("This is the last active administrator; make somebody else one first."),
    "locales_needed": _("Name the languages that the translator translates into."),
    "long_sentence": _("This sentence has %(words)s words; readers follow %(maximum)s: “%(text)s”"),
    "no_words": _("There is no word in it."),
    "not_a_picture": _("This is no picture that can be used; these can: %(choices)s."),
    "not_at_domain": _("“%(value)s” is at none of the partner's domains: %(domains)s."),
    "not_answered": _("The machine gave no translation."),
    "not_a_choice": _("“%(value)s” is not possible here; choose one of: %(choices)s."),
    "not_a_country": _("“%(value)s” is no country code; write it as NL."),
    "not_a_day": _("“%(value)s” is no calendar day; write it as 2026-03-01."),
    "not_a_language_tag": _("“%(value)s” is no BCP 47 language tag; write it as nl, en or nl-BE."),
    "not_a_domain": _("“%(value)s” is no domain; write it as example.org."),
    "not_a_link": _("“%(value)s” is no address on the web; begin it with https://."),
    "not_a_list": _("This must be a list."),
    "not_a_moment": _("“%(value)s” is no moment; write it as 2026-03-01 or 2026-03-01T08:30:00Z."),
    "not_a_phone": _("“%(value)s” is no telephone number; write it with its country, as +31201234567."),
    "not_a_target": _("An address that is called holds no name, password or #."),
    "not_a_slug": _("“%(value)s” cannot be part of an address; use lower-case letters and digits, joined by hyphens."),
    "not_a_whole_number": _("This must be a whole number."),
    "not_an_email": _("“%(value)s” is no e-mail address."),
    "not_an_entry_id": _("“%(value)s” is not the id of an entry."),
    "not_an_hour": _("“%(value)s” is no time of day; write it as 08:30."),
    "not_an_id": _("“%(value)s” cannot be an id; use lower-case letters, digits, hyphens and underscores."),
    "not_an_object": _("This must be an object with named fields."),
    "not_archived": _("This is not archived."),
    "not_csv": _("This is no table that can be read: %(said)s"),
    "not_a_name": _("This must be 1 to 200 printable characters without spaces."),
    "not_in_future": _("“%(value)s” is in the past."),
    "not_po": _("This is no PO file that can be read: %(said)s"),
    "not_published": _("It is not published in “%(locale)s”."),
    "not_reviewed": _("Entries of type %(type)s are not reviewed."),
    "not_text": _("This must be text."),
    "not_tmx": _("This is no TMX file."),
    "not_true_or_false": _("This must be true or false."),
    "not_utf8": _("The file is not UTF-8 text."),
    "not_waivable": _("This cannot be waived (%(check)s: %(reason)s); mend the translation."),
    "not_xml": _("This is no XML that can be read: %(said)s"),
    "nothing_to_exchange": _("There is nothing to translate into “%(locale)s”."),
    "null": _("This may not be null; leave it out instead."),
    "on_its_way": _("This is being sent at this very moment."),
    "other_entry": _("The file is also about another entry (%(id)s)."),
    "other_language": _("The file is in “%(stated)s”, not in “%(wanted)s”."),
    "out_of_range": _("This must be from %(minimum)s to %(maximum)s."),
    "owner_disabled": _("The owner is disabled; name somebody who can sign in."),
    "partner_taken": _("Another partner has this name."),
    "partly_translated": _("Only a part of it has been translated."),
    "passkey_refused": _("The passkey was not accepted. Try again."),
    "page_indexed": _("This page may be found by search engines; it was agreed that it is not."),
    "page_missing": _("There is no such page (HTTP %(status)s)."),
    "page_outdated": _(
        "This page does not say what the document says:"
        " %(missing)s of %(total)s texts are not there, such as “%(text)s”."
    ),
    "page_past_its_time": _("This may be shown until %(until)s; its review is long overdue."),
    "page_still_shown": _("This was withdrawn, and is still shown: “%(text)s”."),
    "page_unattributed": _("This page does not name “%(text)s” with a link to %(url)s."),
    "page_unreachable": _("This page could not be fetched: %(said)s."),
    "page_without_canonical": _("This page does not name %(url)s as its canonical address."),
    "page_without_notice": _("A notice to readers is missing: “%(text)s”."),
    "page_wrong_direction": _("The direction of “%(text)s” must be %(wanted)s."),
    "page_wrong_language": _("The language of “%(text)s” must be marked as %(wanted)s."),
    "password_is_yours": _("This is your own name or address; nobody would need to guess."),
    "password_too_common": _("This is among the first that anybody would guess; choose another."),
    "password_too_short": _("Use at least %(minimum)s characters; a few words in a row do well."),
    "recall_closed": _("This recall is closed already."),
    "reference_not_published": _("“%(id)s” is not published; publish it first."),
    "required": _("This must be given."),
    "review_in_future": _("The last review cannot lie in the future (%(last_reviewed)s)."),
    "review_overdue": _("The review was due on %(review_due)s; have the article reviewed first."),
    "reviewer_is_author": _("The medical reviewer must be someone other than the authors."),
    "same_entry": _("This is the same entry; choose another."),
    "same_language": _("“%(locale)s” is both languages; they must differ."),
    "slug_like_id": _("“%(value)s” looks like the id of an entry and cannot be a slug."),
    "source_not_published": _("Publish it in its source language “%(locale)s” first."),
    "source_unknown": _("It was translated from a source text that is not known here."),
    "stale": _("The source has changed since this was translated."),
    "still_published": _("This is published in %(locales)s; withdraw it, or give an explanation for its readers."),
    "suspended": _("The partner is suspended; let it in again first."),
    "target_refused": _("This leads into a network of one's own; only public addresses are called."),
    "too_deep": _("This is nested too deeply."),
    "too_few": _("At least %(minimum)s must be given."),
    "too_large": _("This is larger than %(maximum)s bytes."),
    "too_long": _("This is %(length)s characters long; %(maximum)s fit."),
    "too_many": _("At most %(maximum)s fit."),
    "too_many_lines": _("This has %(lines)s lines; %(maximum)s fit."),
    "too_many_pixels": _("This picture has more than %(maximum)s pixels."),
    "uneven_row": _("This row has %(cells)s cells; the table has %(columns)s columns."),
    "unit_repeated": _("The file has it more than once."),
    "unknown_encoding": _("“%(encoding)s” is no encoding that is read here; save the file as UTF-8."),
    "unknown_field": _("There is no field “%(name)s” here."),
    "unknown_format": _("The format was not recognised; these can be read: %(choices)s."),
    "unknown_locale": _("“%(locale)s” is not one of the languages here: %(known)s."),
    "unknown_parameter": _("There is no parameter “%(name)s” here."),
    "unknown_xliff": _("XLIFF “%(version)s” cannot be read; 1.1, 1.2, 2.0 and 2.1 can."),
    "unreviewed": _("The translation waits for review; approve it."),
    "untranslated": _("This has not been translated."),
    "webhook_disabled": _("The webhook is disabled; enable it first."),
    "wrong_code": _("This is not the code of now; look at your authenticator again."),
    "wrong_encoding": _("The file cannot be read as %(encoding)s. Save it as UTF-8."),
    "unwaived_warning": _(
        "A check warns of the translation (%(check)s: %(reason)s); mend it, or waive it with a reason."
    ),
    "wrong_password": _("This is not your password."),
    "wrong_type": _("“%(id)s” is of type %(found)s, not %(type)s."),
}


# What an import was unsure of, by code.
DOUBTS: Mapping[str, str] = {
    "byline_unclear": _("this looks like a byline, but names nobody"),
    "clinic_name_missing": _("the clinic is not named; “%(guessed)s” is a guess"),
    "clinic_name_unconfirmed": _("“%(name)s” may be the name of the clinic"),
    "contact_form_without_address": _("a contact form is named without its address"),
    "contact_in_text": _("this text holds contact details; they stay in the text"),
    "control_characters": _("control characters were taken out"),
    "decoded_as": _("the file is not UTF-8; it was read as %(encoding)s"),
    "garbled_characters": _("some characters look garbled, as if saved in another encoding"),
    "heading_without_text": _("this looks like a heading, but no text follows"),
    "html_in_text": _("the title held HTML, which it cannot keep"),
    "hyphen_at_line_end": _("a word ends in a hyphen at the end of the line"),
    "invisible_characters": _("invisible characters were taken out"),
    "item_paragraphs_joined": _("a list item of several paragraphs became one"),
    "job_title_guessed": _("“%(job_title)s” may be the author's role"),
    "list_lettered": _("a lettered list became a numbered one"),
    "list_numbering": _("the numbers of the list do not follow on each other: %(numbers)s"),
    "list_without_bullets": _("%(items)s short lines may be a list"),
    "looks_like_markdown": _("marks of Markdown were kept as they stand"),
    "nested_list": _("a list within a list was made flat"),
    "network_without_clinic": _("a network is named, but no clinic: %(networks)s"),
    "no_lead": _("there is no lead; the summary is empty"),
    "other_clinic_names": _("other clinics are named too: %(names)s"),
    "reviewer_named": _("somebody is named who reviewed it; add the reviewer by hand"),
    "second_address": _("a second address of the same kind was left out: %(value)s"),
    "shared_by_authors": _("this may be about one of the authors only: %(authors)s"),
    "short_number": _("“%(phone)s” is a short number"),
    "short_lines": _("several short lines became paragraphs"),
    "single_item_list": _("this list has one item"),
    "single_name": _("“%(name)s” is one name alone"),
    "source_in_text": _("this names a source; it stays in the text until somebody adds it to the references"),
    "specialisms_unsure": _("these may be specialisms: %(terms)s"),
    "table_guessed": _("this looks like a table of %(columns)s columns and %(rows)s rows"),
    "title_guessed": _("the title is a guess"),
    "unreadable_characters": _("some characters could not be read"),
    "urgency_guessed": _("this looks like a warning (%(urgency)s); check how urgent it is"),
}

# Why an import left a line out, by reason.
DROPPED: Mapping[str, str] = {
    "beside_byline": _("a date or the like beside a byline"),
    "date": _("a date below the title"),
    "empty_invitation": _("an invitation with nothing after it"),
    "footer": _("the foot of a web page"),
    "link_text": _("the text of a link"),
    "navigation": _("the path or the contents of a web page"),
    "picture_credit": _("a word about a picture that is not there"),
    "rule": _("a line drawn between parts"),
    "second_address": _("a second address of the same kind"),
    "tags": _("tags and categories"),
}

# What became of a unit of a file with translations, by outcome.
OUTCOMES: Mapping[str, str] = {
    "accepted": _("accepted"),
    "conflicting": _("conflicting"),
    "empty": _("empty"),
    "failing": _("failing"),
    "held": _("held"),
    "stale": _("stale"),
    "suggested": _("suggested"),
    "unchanged": _("unchanged"),
    "unknown": _("unknown"),
}

# What became of a segment that a machine was asked for, in the order in which the sums are told.
MACHINE_OUTCOMES: Mapping[str, str] = {
    "saved": _("to be reviewed"),
    "suggested": _("suggested only"),
    "failing": _("kept as a draft, to be mended"),
    "unchanged": _("as it was"),
    "not_kept": _("not kept"),
    "unanswered": _("without an answer"),
}

# What a check found in a translation, by code and reason.
FINDINGS: Mapping[str, str] = {
    "contact.added": _("“%(fact)s” is not in the source"),
    "contact.changed": _("“%(fact)s” became “%(other)s”"),
    "contact.lost": _("“%(fact)s” is not in the translation"),
    "length.much_longer": _("the translation is much longer than the source"),
    "length.too_long": _("%(length)s characters, where %(most)s fit"),
    "length.too_short": _("the translation is much shorter than the source"),
    "markup.added": _("the translation marks more text than the source (%(mark)s)"),
    "markup.broken": _("“%(mark)s” does not work as a mark and would be shown to readers"),
    "markup.lost": _("a mark of the source is missing (%(mark)s)"),
    "markup.placeholder": _("the placeholders differ: “%(mark)s”"),
    "markup.tags": _("HTML stands in the text: “%(mark)s”"),
    "missing.empty": _("there is no translation"),
    "missing.most": _("most of the text is missing"),
    "missing.part": _("the translation is so short that a part may be missing"),
    "missing.placeholder": _("there is a placeholder instead of a translation"),
    "missing.sentence": _("a sentence may be missing"),
    "negation.added": _("the translation denies something that the source does not"),
    "negation.lost": _("the source denies something that the translation does not"),
    "number.added": _("“%(fact)s” is not in the source"),
    "number.changed": _("“%(fact)s” became “%(other)s”"),
    "number.lost": _("“%(fact)s” is not in the translation"),
    "script.foreign": _("“%(word)s” is in another script"),
    "script.mixed": _("“%(word)s” mixes letters of two scripts that look alike"),
    "script.wrong": _("the translation is not in the script of its language"),
    "term.forbidden": _("“%(term)s” must not become “%(wanted)s”"),
    "term.missing": _("“%(term)s” should become “%(wanted)s”"),
    "term.not_kept": _("“%(term)s” must stay as it is"),
    "unit.added": _("“%(other)s”: the unit is not in the source"),
    "unit.changed": _("“%(fact)s” became “%(other)s”: another unit"),
    "unit.lost": _("“%(fact)s”: the unit is not in the translation"),
    "untranslated.other_language": _("this seems to be in another language (%(language)s)"),
    "untranslated.part_left": _("this is left in the language of the source: “%(text)s”"),
    "untranslated.same_as_source": _("the text is left in the language of the source"),
    "untranslated.sentence_left": _("a sentence is left in the language of the source"),
}

# How hard a text is to read, by the level of its score.
READING_LEVELS: Mapping[str, str] = {
    "very_easy": _("very easy"),
    "easy": _("easy"),
    "fairly_easy": _("fairly easy"),
    "normal": _("normal"),
    "fairly_hard": _("fairly hard"),
    "hard": _("hard"),
    "very_hard": _("very hard"),
}


def say(code: str, values: Mapping[str, Any]) -> str:
    """Return a fault in the caller's language; what a check found is said, not named by its code."""
    if "check" in values:
        values = {**values, "reason": say_finding(values["check"], values["reason"], values)}
    return _fill(FAULTS.get(code) or ERRORS.get(code) or code, values)


def say_error(code: str, values: Mapping[str, Any] | None = None) -> str:
    """Return an error in the caller's language."""
    return _fill(ERRORS.get(code) or ERRORS["error"], values or {})


def values_of(error: TolkError) -> Mapping[str, Any]:
    """Return the values that the wording of an error needs."""
    if isinstance(error, SlugTaken):
        return {"suggestion": error.suggestion}
    if isinstance(error, Throttled):
        return {"minutes": ceil(error.retry_after / 60)}
    return {}


def say_doubt(code: str, values: Mapping[str, Any]) -> str:
    """Return in the user's language what an import was unsure of."""
    return _fill(DOUBTS.get(code) or code, values)


def say_finding(code: str, reason: str, values: Mapping[str, Any]) -> str:
    """Return in the user's language what a check found."""
    return _fill(FINDINGS[f"{code}.{reason}"], {"fact": "", "other": "", **values})


def _fill(text: str, values: Mapping[str, Any]) -> str:
    between = str(gettext(", "))
    said = {
        name: between.join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in values.items()
    }
    return str(gettext(text)) % said
