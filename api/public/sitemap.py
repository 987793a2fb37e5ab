"""Sitemaps for search engines (sitemaps.org 0.9): an index, and a file for each type, language and 2,000 documents.

They name the pages for readers, with the same page in other languages beside each; the source language is x-default.
"""

from typing import Any

from flask import Response
from lxml import etree
from lxml.etree import Element, QName, SubElement

from api.problems import problem
from api.public import access, parameters
from api.public.answers import answer, site, unknown_locale, varied
from api.public.parameters import PAGE, Parameter
from cms.content import types
from cms.content.types import Type
from cms.publish import following
from cms.store import Database

SITEMAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
NAMES: Any = {None: SITEMAP, "xhtml": XHTML}  # lxml-stubs knows no default namespace
XML = "application/xml; charset=utf-8"
SIZE = 2_000
SITEMAP_PARAMETERS: dict[str, Parameter] = {PAGE.name: PAGE}


def index(db: Database) -> Response:
    """Answer with the addresses of all sitemaps."""
    parameters.read({})
    root = Element(QName(SITEMAP, "sitemapindex"), nsmap=NAMES)
    for (locale, name), number in sorted(following.counts(db).items()):
        if locale not in access.locales() or not access.has(types.find(name)):
            continue
        plural = types.find(name).plural
        for page in range(1, -(-number // SIZE) + 1):
            at = f"{site().url}/sitemap/{locale}/{plural}.xml" + (f"?page={page}" if page > 1 else "")
            SubElement(SubElement(root, QName(SITEMAP, "sitemap")), QName(SITEMAP, "loc")).text = at
    return _answer(root, "", "sitemap")


def show(db: Database, kind: Type, locale: str) -> Response:
    """Answer with one page of the sitemap of a type in a locale."""
    if locale not in access.locales():
        return unknown_locale(locale)
    if not access.has(kind):
        return problem(404, "not_found")
    page = parameters.read(SITEMAP_PARAMETERS)["page"]
    about, start = access.topics(kind), (page - 1) * SIZE
    found = following.addresses(db, locale, kind.name, topics=about, limit=SIZE, offset=start)
    others = following.alternates(db, kind.name, [entry for entry, _, _ in found])
    root = Element(QName(SITEMAP, "urlset"), nsmap=NAMES)
    for entry, slug, changed_at in found:
        url = SubElement(root, QName(SITEMAP, "url"))
        SubElement(url, QName(SITEMAP, "loc")).text = site().canonical_url(locale, kind.plural, slug)
        SubElement(url, QName(SITEMAP, "lastmod")).text = changed_at
        for tag, address in _languages(kind, others[entry]):
            SubElement(url, QName(XHTML, "link"), rel="alternate", hreflang=tag, href=address)
    return _answer(root, locale, f"list {locale} {kind.name}")


def _languages(kind: Type, slugs: dict[str, str]) -> list[tuple[str, str]]:
    here = site()
    found = [(locale, here.canonical_url(locale, kind.plural, slug)) for locale, slug in slugs.items()]
    if here.source_locale in slugs:
        found.append(("x-default", here.canonical_url(here.source_locale, kind.plural, slugs[here.source_locale])))
    return found


def _answer(root: etree._Element, locale: str, keys: str) -> Response:
    body = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return answer(
        body,
        etag=varied("0", body),
        locale=locale or site().source_locale,
        updated_at="",
        keys=keys,
        content_type=XML,
    )
