"""How to cite a run: a citation file of the data set, with jukisim as the software that made it."""

import json

from simulator.card.facts import Facts

MAINTAINERS = "The jukisim maintainers"
SOFTWARE = "jukisim: a pseudonymised resident-registry simulator with lawful and misuse workloads"
DATA_LICENCE = "CC0-1.0"


def citation(facts: Facts) -> str:
    """CITATION.cff of the data set, version 1.2.0 of the format."""
    author = ["authors:", f"  - name: {_text(MAINTAINERS)}"]
    lines = [
        "cff-version: 1.2.0",
        f"message: {_text('If you use this data set in a publication, please cite it as below.')}",
        f"title: {_text(f'{facts.title_en} (jukisim {facts.name})')}",
        "type: dataset",
        f"version: {_text(facts.version)}",
        f"license: {DATA_LICENCE}",
        *author,
        "identifiers:",
        "  - type: other",
        f"    value: {_text('seed commitment ' + facts.values['commitment'])}",
        "references:",
        "  - type: software",
        f"    title: {_text(SOFTWARE)}",
        f"    version: {_text(facts.version)}",
        "    license: Apache-2.0",
        *(f"    {line}" for line in author),
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A text of YAML: that of JSON is one."""
    return json.dumps(value, ensure_ascii=False)
