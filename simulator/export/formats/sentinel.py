"""Microsoft Sentinel: CEF behind the syslog header that its agent looks for, one message a line.

The agent (AMA, "Common Event Format via AMA") takes messages of syslog whose text begins with ``CEF:0|``; the header is
that of RFC 3164 in local time. They arrive in CommonSecurityLog: externalId as ExternalID, suid as SourceUserID, duid
as DestinationUserID, act as DeviceAction, the rest in DeviceCustom… and AdditionalExtensions. Play them with ``jukisim
stream --format sentinel --to udp://HOST:514``. Checked with pycef and against the header's grammar, not on Azure.
Source: Microsoft Learn, CEF and CommonSecurityLog field mapping; RFC 3164, 4.1.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import polars as pl

from simulator.export.contract import Exporter
from simulator.export.formats import cef, syslog
from simulator.export.json_text import write_lines
from simulator.export.mapping import lines

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def messages(events: pl.DataFrame) -> pl.Series:
    """One message for each canonical event."""
    at = pl.from_epoch("at_ms", "ms").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo")
    month = at.dt.month().cast(pl.Int64).replace_strict(dict(enumerate(_MONTHS, start=1)), return_dtype=pl.String)
    day = at.dt.day().cast(pl.String).str.pad_start(2)
    head = pl.format(
        f"<{syslog.PRIORITY}>{{}} {{}} {{}} juki-{{}} ", month, day, at.dt.strftime("%H:%M:%S"), "municipality"
    )
    return events.select(head=head).to_series() + cef.messages(events)


def write(events: pl.DataFrame, out: BinaryIO) -> None:
    """Write a message for each canonical event, one a line."""
    write_lines(messages(events), out)


def read(path: Path) -> pl.DataFrame:
    """The canonical columns back."""
    with TemporaryDirectory() as scratch, path.open(encoding="utf-8", newline="\n") as held:
        bare = Path(scratch) / "bare"
        with bare.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines("CEF:" + line.split("CEF:", 1)[1] for line in held)
        return cef.read(bare)


EXPORTER = Exporter(
    name="sentinel",
    title_ja="Microsoft Sentinel（CEF を syslog で送る形式）",
    title_en="Microsoft Sentinel: CEF over syslog",
    **lines(".sentinel.log", write, read),
)
