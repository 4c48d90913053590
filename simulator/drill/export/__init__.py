"""Drills for other platforms: CTFd, scoreboards in the manner of Splunk BOTS, or a plain folder."""

from collections.abc import Callable
from pathlib import Path

from simulator.drill.export import bots, ctfd, plain
from simulator.drill.pack import Pack
from simulator.drill.secret import Secret
from simulator.errors import ExistsError, UnknownNameError

FORMATS: dict[str, Callable[[Pack, Secret, Path], list[Path]]] = {
    "bots": bots.write, "ctfd": ctfd.write, "folder": plain.write,
}  # fmt: skip


def export(pack: Pack, secret: Secret, form: str, out: Path) -> list[Path]:
    """Write the drill in the form `form` into the new folder `out`; answers and hints are open there.

    Raises:
        UnknownNameError: there is no such form.
        ExistsError: `out` is already there.
    """
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    if out.exists():
        msg = f"{out} already exists; give another --out or remove it first"
        raise ExistsError(msg)
    return FORMATS[form](pack, secret, out)
