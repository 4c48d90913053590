"""Splunk HTTP Event Collector: one envelope per event, ready to be posted to /services/collector/event.

Source: Splunk, Format events for HTTP Event Collector (time in seconds since 1970 with milliseconds).
"""

import polars as pl

from simulator.export.contract import Exporter
from simulator.export.mapping import PERSONS, Field, Mapping, lines

_AT = pl.col("at_ms")
SOURCETYPE = "jukisim:audit"

MAPPING = Mapping(
    fields=(Field("host", "terminal"), Field("event.shown", "people", PERSONS)),
    constants={"source": "jukisim", "sourcetype": SOURCETYPE},
    derived_json={"time": pl.format("{}.{}", _AT // 1000, (_AT % 1000).cast(pl.String).str.zfill(3))},
    rest="event",
)

EXPORTER = Exporter(
    name="hec",
    title_ja="Splunk HTTP Event Collector",
    title_en="Splunk HTTP Event Collector",
    **lines(".hec.jsonl", MAPPING.write, MAPPING.read),
)
