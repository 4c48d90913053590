"""Every command explains itself, and bad input gets one line and the right exit code."""

import pytest
import typer
from typer.testing import CliRunner

from simulator.cli import app


def commands(group=None, path=()):
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_help_teaches(path):
    """Each command and each of its options has a help text."""
    found = CliRunner().invoke(app, [*path, "--help"])
    assert found.exit_code == 0
    command = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]
    assert command.help
    assert len(command.help) > 20
    silent = [p.name for p in command.params if p.name != "help" and not getattr(p, "help", "")]
    assert not silent
