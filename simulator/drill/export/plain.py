"""A plain folder: ``teams/`` to hand out, ``facilitator/`` to keep; for offices that open no port."""

import shutil
from pathlib import Path

from simulator.drill.pack import EVIDENCE_FOLDER, Pack
from simulator.drill.papers import TEAM_PAGES, write_guide
from simulator.drill.secret import Secret


def write(pack: Pack, secret: Secret, out: Path) -> list[Path]:
    """Copy what teams get and write what the facilitator needs."""
    teams = out / "teams"
    shutil.copytree(pack.path / EVIDENCE_FOLDER, teams / EVIDENCE_FOLDER)
    for name in (*(f"{page}.html" for page in TEAM_PAGES), "slides.pptx"):
        shutil.copyfile(pack.path / name, teams / name)
    return [teams, *write_guide(pack, secret, out / "facilitator")]
