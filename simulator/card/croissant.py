"""Croissant 1.0 metadata: the files of a data set and the columns of its tables, for machines.

Tables are sets of Parquet files relative to the folder; ``manifest.json`` beside them has the SHA-256 of each.
Source: Croissant Format Specification 1.0 and its RAI vocabulary (MLCommons).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from simulator import schema
from simulator.card.citation import DATA_LICENCE, MAINTAINERS, SOFTWARE
from simulator.card.facts import Facts
from simulator.card.words import words
from simulator.schema import Column, Table

_PARQUET = "application/x-parquet"
_LICENCE = f"https://spdx.org/licenses/{DATA_LICENCE}.html"
_PREFIXES = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "dct": "http://purl.org/dc/terms/",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
}  # fmt: skip
_TERMS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
    "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
_CONTEXT: dict[str, Any] = {
    **_PREFIXES,
    **{term: f"cr:{term}" for term in _TERMS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
_TYPES: tuple[tuple[Any, str], ...] = (
    (pl.Boolean, "sc:Boolean"), (pl.Date, "sc:Date"), (pl.Float64, "sc:Float"), (pl.Float32, "sc:Float"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table of the data set is.

    Attributes:
        table: the table, as its columns are in the files.
        glob: its Parquet files, relative to the folder.
        name: of the record set.
    """

    table: Table
    glob: str
    name: str


def run_sources(rows: Mapping[str, int]) -> list[Source]:
    """The tables of a run as they lie in its folder; a table without rows is left out."""
    return [
        Source(table, f"{folder}/{table.name}/*.parquet", table.name)
        for folder, tables in schema.FOLDERS.items()
        for table in tables
        if rows.get(table.name)
    ]


def croissant(facts: Facts, sources: Iterable[Source]) -> str:
    """The metadata as JSON-LD."""
    held = list(sources)
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": f"jukisim-{facts.name}",
        "description": f"{facts.summary} A synthetic resident register and the audit log of its offices.",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "license": _LICENCE,
        "creator": {"@type": "sc:Organization", "name": MAINTAINERS},
        "citeAs": f"{MAINTAINERS}. {facts.title_en} (jukisim {facts.name}). Made with {SOFTWARE}, {facts.version}.",
        "version": facts.version,
        "isLiveDataset": False,
        "inLanguage": ["ja", "en"],
        "keywords": ["audit log", "insider misuse", "resident register", "synthetic data", "pseudonymisation"],
        **_responsible(facts),
        "distribution": [_file_set(source) for source in held],
        "recordSet": [_record_set(source) for source in held],
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _responsible(facts: Facts) -> dict[str, str]:
    told = words()
    answers = {
        "rai:dataCollection": told.named("collection").told_en,
        "rai:dataAnnotationProtocol": told.named("preprocessing").told_en,
        "rai:dataUseCases": told.named("uses").told_en,
        "rai:dataLimitations": told.limits.told_en,
        "rai:dataBiases": tuple(pitfall.told_en for pitfall in told.pitfall[:1]),
        "rai:personalSensitiveInformation": told.named("composition").told_en[2:],
        "rai:dataReleaseMaintenancePlan": told.named("maintenance").told_en,
    }
    return {name: " ".join(facts.filled(text) for text in texts) for name, texts in answers.items()}


def _file_set(source: Source) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{source.name}-files",
        "name": f"{source.name}-files",
        "description": source.table.meaning,
        "encodingFormat": _PARQUET,
        "includes": source.glob,
    }


def _record_set(source: Source) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": source.name,
        "name": source.name,
        "description": source.table.meaning,
        "key": [{"@id": f"{source.name}/{name}"} for name in source.table.key],
        "field": [_field(source, column) for column in source.table],
    }


def _field(source: Source, column: Column) -> dict[str, Any]:
    described = {
        "@type": "cr:Field",
        "@id": f"{source.name}/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": _type(column.dtype),
        "source": {"fileSet": {"@id": f"{source.name}-files"}, "extract": {"column": column.name}},
    }
    return {**described, "repeated": True} if isinstance(column.dtype, pl.List) else described


def _type(dtype: Any) -> str:
    if isinstance(dtype, pl.List):
        return _type(dtype.inner)
    if isinstance(dtype, pl.Datetime):
        return "sc:DateTime"
    if dtype.is_integer():
        return "sc:Integer"
    return next((name for kind, name in _TYPES if dtype == kind), "sc:Text")
