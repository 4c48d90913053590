"""Optional dependencies, asked for in words."""

import importlib
from typing import Any

from simulator.errors import UsageError


def needed(module: str, extra: str = "detect") -> Any:
    """The `module`, imported.

    Raises:
        UsageError: it is not installed; the message says which extra brings it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        msg = f"this detector needs {module}: pip install 'jukisim[{extra}]'"
        raise UsageError(msg) from error
