"""JSON of columns: one text per row, joined from columns without an object per row; what is null is left out.

Only text that may hold quotes, backslashes or control characters is escaped, and only where a part holds any.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, BinaryIO

import numpy as np
import polars as pl

_UNSAFE = r'["\\\x00-\x1f]'
_ROWS_AT_ONCE = 16_384
"""So that the pieces of one call stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A member that is the same in every document: any value that JSON knows."""

    value: Any

    @property
    def text(self) -> str:
        """The value as JSON."""
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Raw:
    """A member filled by a column that holds JSON already."""

    column: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A member filled by a column of text, numbers or Booleans; `safe` text needs no escape."""

    column: str
    safe: bool = False


Leaf = Constant | Raw | Plain
Tree = Mapping[str, "Leaf | Tree"]
"""Names of members, each with what fills it or with members of its own."""
_Pieces = list["str | pl.Expr"]


def encode(frame: pl.DataFrame, tree: Tree) -> pl.Series:
    """One JSON object for each row of `frame`: the members of `tree` that are not null.

    At least one member must be filled in every row.
    """
    texts = [_encode(rows, tree) for rows in frame.iter_slices(_ROWS_AT_ONCE)]
    return pl.concat(texts) if texts else pl.Series("json", [], dtype=pl.String)


def _encode(frame: pl.DataFrame, tree: Tree) -> pl.Series:
    return frame.select(_joined(_Writer(frame, _unsafe(frame, tree)).object(tree)).alias("json")).to_series()


def _unsafe(frame: pl.DataFrame, tree: Tree) -> frozenset[str]:
    """The columns of text that hold something to escape."""
    risky = [name for name in _risky(tree) if frame.schema[name] == pl.String]
    found = frame.select(pl.col(name).unique().str.contains(_UNSAFE).any() for name in risky)
    return frozenset(name for name in risky if found[name].any())


def _risky(tree: Tree) -> Iterable[str]:
    for node in tree.values():
        if isinstance(node, Mapping):
            yield from _risky(node)
        elif isinstance(node, Plain) and not node.safe:
            yield node.column


def strings(frame: pl.DataFrame, columns: Iterable[str]) -> dict[str, pl.Expr]:
    """Every column as a JSON string, whatever its type; null where it is null."""
    names = list(columns)
    unsafe = _unsafe(frame, {name: Plain(name) for name in names})
    texts = {name: pl.col(name).cast(pl.String) for name in names}
    return {name: _escaped(text) if name in unsafe else pl.format('"{}"', text) for name, text in texts.items()}


def _joined(pieces: _Pieces) -> pl.Expr:
    """The pieces one after the other, nothing for a null; texts that follow each other are one."""
    merged: list[pl.Expr] = []
    for is_text, group in groupby(pieces, lambda piece: isinstance(piece, str)):
        held = list(group)
        merged += [pl.lit("".join(map(str, held)))] if is_text else [p for p in held if not isinstance(p, str)]
    return pl.concat_str(merged, ignore_nulls=True)


@dataclass(frozen=True, slots=True)
class _Writer:
    frame: pl.DataFrame
    unsafe: frozenset[str]

    def object(self, tree: Tree) -> _Pieces:
        """An object that has a member in every row: those first, then whatever is filled."""
        always, sometimes = self.members(tree)
        pieces: _Pieces = ["{"]
        for place, member in enumerate(always):
            pieces += [",", *member] if place else member
        return [*pieces, *sometimes, "}"]

    def members(self, tree: Tree) -> tuple[list[_Pieces], list[pl.Expr]]:
        """The members that every row has, in pieces; and the others, each with a comma before it or null."""
        always: list[_Pieces] = []
        sometimes: list[pl.Expr] = []
        for name, node in tree.items():
            label = json.dumps(name, ensure_ascii=False) + ":"
            whole, partly = self.object_or_value(node)
            if whole:
                always.append([label, *whole])
            elif partly:
                sometimes.append(pl.concat_str(pl.lit(f",{label}"), *partly))
        return always, sometimes

    def object_or_value(self, node: "Leaf | Tree") -> tuple[_Pieces, list[pl.Expr]]:
        """Pieces of `node` if every row has it; else expressions that are null where a row has it not; else nothing."""
        if isinstance(node, Constant):
            return [node.text], []
        if isinstance(node, Plain | Raw):
            nulls, value = self.frame[node.column].null_count(), self.value(node)
            if not nulls:
                return value, []
            return [], [pl.lit(v) if isinstance(v, str) else v for v in value] if nulls < self.frame.height else []
        always, sometimes = self.members(node)
        if always:
            return self.object(node), []
        if not sometimes:
            return [], []
        inner = pl.concat_str(sometimes, ignore_nulls=True).str.strip_prefix(",")
        return [], [pl.when(inner != "").then(pl.concat_str(pl.lit("{"), inner, pl.lit("}")))]

    def value(self, leaf: Plain | Raw) -> _Pieces:
        """The value of a column as JSON."""
        value = pl.col(leaf.column)
        if isinstance(leaf, Raw):
            return [value]
        if self.frame.schema[leaf.column] != pl.String:
            return [value.cast(pl.String)]
        if leaf.column not in self.unsafe:
            return ['"', value, '"']
        return [pl.when(value.is_not_null()).then(_escaped(value))]


def _escaped(value: pl.Expr) -> pl.Expr:
    return pl.struct(value.alias("v")).struct.json_encode().str.strip_prefix('{"v":').str.strip_suffix("}")


def write_lines(texts: pl.Series, out: BinaryIO) -> None:
    """Write each of `texts` as a line: one copy, no Python text per row."""
    for some in texts.to_frame().iter_slices(_ROWS_AT_ONCE):
        lines = (some.to_series() + "\n").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        ends = np.frombuffer(lines.buffers()[1], dtype=np.int64)[lines.offset : lines.offset + len(lines) + 1]
        out.write(lines.buffers()[2][int(ends[0]) : int(ends[-1])])
