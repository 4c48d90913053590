"""The README's tables are those of the code, in both languages. Written anew: pytest --update-golden."""

import pytest
import readme_tables
import typer

from simulator.cli import app


@pytest.mark.parametrize("language", list(readme_tables.READMES))
def test_tables_are_current(language, request):
    """Commands, roles, kinds of misuse, tables and columns of the log."""
    path = readme_tables.READMES[language]
    text = path.read_text(encoding="utf-8")
    now = readme_tables.renewed(text, language)
    if request.config.getoption("--update-golden"):
        path.write_text(now, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == now


def test_every_command_has_its_words_in_japanese():
    """A new command needs a line in the Japanese table; a dropped one leaves none."""
    assert set(readme_tables.COMMANDS_JA) == set(typer.main.get_command(app).commands)
