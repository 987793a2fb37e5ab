"""WHEN: from rows to finished documents. It appends events and does not know who reads them."""
