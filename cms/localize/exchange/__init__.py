"""Exchange of translations with other tools: XLIFF 2.1 and 1.2, PO and CSV. It knows no terminal and no web."""
