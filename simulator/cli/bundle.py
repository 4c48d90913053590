"""``jukisim bundle``: a folder to install from where there is no network."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import say


class PlatformName(StrEnum):
    """Machines that a bundle can be for."""

    WINDOWS = "windows"
    LINUX = "linux"


def bundle(
    out: Annotated[Path, typer.Option(help="Folder to make.")],
    platform: Annotated[PlatformName, typer.Option(help="The machine that it is for.")] = PlatformName.WINDOWS,
    python: Annotated[str, typer.Option(help="The Python of that machine.")] = "3.12",
    wheel: Annotated[
        Path | None, typer.Option(help="Wheel of jukisim; without it one is built of the checkout.")
    ] = None,
) -> None:
    """Collect console and Excel path for a closed network: wheels, digests, start file, a page for the IT section.

    The wheels are those of that machine, resolved with its markers; this machine needs a network (or a local index).

    Example: jukisim bundle --platform windows --out bundle
    """
    from simulator.bundle import Target
    from simulator.bundle import bundle as collect

    made = collect(Target(platform.value, python), out, wheel, lambda step: say(f"  {step}"))
    say(f"{made}: carry it over whole; the page for the IT section says the rest.")
