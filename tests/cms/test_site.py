"""Where documents are read."""

import pytest

from cms.site import Site


@pytest.mark.parametrize(
    ("page_url", "address"),
    [
        ("", "https://tolk.example/v1/en/articles/back-pain"),
        ("https://rug.example/{locale}/{slug}", "https://rug.example/en/back-pain"),
        ("https://rug.example/{plural}/{slug}?l={locale}", "https://rug.example/articles/back-pain?l=en"),
    ],
)
def test_readers_end_up_at_the_page_and_at_the_api_where_there_is_none(page_url: str, address: str) -> None:
    site = Site(url="https://tolk.example", page_url=page_url)
    assert site.canonical_url("en", "articles", "back-pain") == address
    assert site.document_url("en", "articles", "back-pain") == "https://tolk.example/v1/en/articles/back-pain"
