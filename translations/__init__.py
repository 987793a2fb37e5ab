"""gettext catalogues of Tolk's own interface. What articles say in other languages is kept by `cms.localize`."""
