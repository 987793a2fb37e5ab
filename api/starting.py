"""What every process of Tolk does first, whether it serves or carries out one command."""

import sys
from importlib import import_module
from pathlib import Path

from api.settings import Settings
from cms.errors import SettingsError


def load_types(settings: Settings) -> None:
    """Load content types of one's own. Raises SettingsError where one cannot be loaded."""
    # Content types may be loose files where the command is run; what is installed goes before them.
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    for module in settings.content_types:
        try:
            import_module(module)
        except (ImportError, ValueError) as error:
            raise SettingsError({"TOLK_CONTENT_TYPES": [f"{module!r}: {error}."]}) from error
