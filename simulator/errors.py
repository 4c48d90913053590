"""The one tree of errors.

::

    SimulatorError            exit 1   something failed
    ├── UsageError            exit 2   what was asked for cannot be
    │   ├── UnknownNameError           a name that is not among the valid ones
    │   ├── SpecError                  a scenario or policy file that does not hold
    │   └── ExistsError                the output is already there
    ├── MissingError                   a file or part that should be there is not
    ├── StorageError                   a database or disk would not do it
    ├── StoppedError          exit 130 somebody stopped it; what is finished is kept
    ├── DamagedError          exit 4   bytes that do not agree with their digest or form
    └── CheckError            exit 4   a check was made and did not pass

Floors above add their own leaves. A message says what, where, and what would be right; it never holds a key, a
code or a number of a resident. A refusal by the policy is a decision, not an error.
"""

from collections.abc import Iterable
from difflib import get_close_matches

_LISTED = 60
"""Most valid names that a message lists."""


class SimulatorError(Exception):
    """Base of every error that the package raises on purpose."""

    code = "error"
    exit_code = 1


class UsageError(SimulatorError):
    """What was asked for cannot be, whatever the state of the run."""

    code = "usage"
    exit_code = 2


class UnknownNameError(UsageError):
    """A name that is not among the valid ones; the message lists them, the first of many."""

    code = "unknown_name"

    def __init__(self, kind: str, name: str, valid: Iterable[str], where: str = "") -> None:
        """Say which `kind` of `name` is unknown (in `where`, if given) and which ones are valid."""
        names = sorted(valid)
        near = get_close_matches(name, names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        place = f" in {where}" if where else ""
        more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
        told = ", ".join(names[:_LISTED]) or "(none)"
        super().__init__(f"unknown {kind} {name!r}{place}.{hint} Valid: {told}{more}.")


class SpecError(UsageError):
    """A scenario, policy or other TOML file that does not hold."""

    code = "spec"


class ExistsError(UsageError):
    """The output is already there; nothing is overwritten."""

    code = "exists"


class MissingError(SimulatorError):
    """A file or part that should be there is not."""

    code = "missing"


class StorageError(SimulatorError):
    """A database, folder or disk refused: full, locked, read-only, unreadable."""

    code = "storage"


class StoppedError(SimulatorError):
    """Somebody stopped the work; the message says what is kept of it and how to go on."""

    code = "stopped"
    exit_code = 130


class DamagedError(SimulatorError):
    """Bytes that do not agree with their digest, their link or their form."""

    code = "damaged"
    exit_code = 4


class CheckError(SimulatorError):
    """A check was made and did not pass."""

    code = "check"
    exit_code = 4
