"""WHAT: content types, entries and their revisions. It knows neither translations nor publishing."""

from cms.content import schemas as schemas  # Importing the package registers the shipped types.
