"""Fills the HTML templates of a drill: A4, one language, no network."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from simulator import storage
from simulator.drill.rules import NONE
from simulator.drill.spec import Text, common


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("simulator.drill", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def shown(values: Iterable[str], lang: str) -> str:
    """The values of an answer in one line, and nothing in words."""
    nothing = common().words["nothing"].of(lang)
    return ("、" if lang == "ja" else ", ").join(nothing if value == NONE else value for value in values)


def write_page(path: Path, template: str, lang: str, **values: Any) -> None:
    """Write the page that `template` makes of `values` in the language `lang`."""

    def t(text: Text | str) -> str:
        return common().words[text].of(lang) if isinstance(text, str) else text.of(lang)

    text = (
        _environment()
        .get_template(template)
        .render(lang=lang, t=t, common=common(), shown=lambda found: shown(found, lang), **values)
    )
    storage.write_bytes(path, text.encode())
