"""Word lists, one readable text file for a purpose and a language; `cms.localize.stems` reads them."""
