"""JSON of columns: one text per row, joined from columns without an object per row; what is null is left out.

Members whose columns take few values are joined once per combination
of them (`patterns`); the others once per row. Only text that may hold quotes, backslashes or control characters is
escaped, and only where a frame holds any.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, BinaryIO

import polars as pl

from simulator.export.patterns import Patterns

_UNSAFE = r'["\\\x00-\x1f]'
_ROWS_AT_ONCE = 4_096
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


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the text: an expression over the frame, or over the few rows of the patterns."""

    text: pl.Expr
    few: bool


_Pieces = list["str | _Piece"]


def encode(frame: pl.DataFrame, tree: Tree, few: Patterns | None = None) -> pl.Series:
    """One JSON object for each row: the members of `tree` that are not null, those of few values first.

    Args:
        frame: columns that are filled in row by row.
        tree: the members; at least one must be filled in every row.
        few: the columns that take few values, if any.
    """
    held = few or Patterns.none(frame.height)
    if not len(held.of):
        return pl.Series("json", [], dtype=pl.String)
    writer = _Writer(frame, held.frame, _unsafe(frame, tree) | _unsafe(held.frame, tree))
    return writer.joined(writer.object(tree), held.of)


def _unsafe(frame: pl.DataFrame, tree: Tree) -> frozenset[str]:
    """The columns of text in `frame` that hold something to escape."""
    risky = [name for name in _risky(tree) if frame.schema.get(name) == pl.String]
    found = frame.select(pl.col(name).str.contains(_UNSAFE).any() for name in risky)
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


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns a tree into pieces.

    Attributes:
        frame, few: where the columns are.
        unsafe: columns that need an escape.
        shared: texts over `few` that rows take over, by the name of the column they take them from.
    """

    frame: pl.DataFrame
    few: pl.DataFrame
    unsafe: frozenset[str]
    shared: dict[str, pl.Expr] = field(default_factory=dict)

    def joined(self, pieces: _Pieces, of: pl.Series) -> pl.Series:
        """The pieces one after the other, nothing for a null."""
        merged = list(self._merged(pieces))
        taken = self.few.select(text.alias(name) for name, text in self.shared.items())
        rows = self.frame.hstack(taken.select(pl.all().gather(of)).get_columns()) if self.shared else self.frame
        return rows.select(pl.concat_str(merged, ignore_nulls=True).alias("json")).to_series()

    def _merged(self, pieces: _Pieces) -> Iterator[pl.Expr]:
        """Texts and pieces of few values that follow each other are one piece."""
        for together, group in groupby(pieces, lambda piece: isinstance(piece, str) or piece.few):
            held = list(group)
            if together and any(isinstance(piece, _Piece) for piece in held):
                yield self._taken(pl.concat_str(list(_with_texts(held)), ignore_nulls=True))
            elif together:
                yield pl.lit("".join(map(str, held)))
            else:
                yield from (piece.text for piece in held if isinstance(piece, _Piece))

    def _taken(self, text: pl.Expr) -> pl.Expr:
        name = f"shared {len(self.shared)}"
        self.shared[name] = text
        return pl.col(name)

    def object(self, tree: Tree) -> _Pieces:
        """An object that has a member in every row: those first, then whatever is filled."""
        always, sometimes = self.members(tree)
        few = [member for member in sometimes if member.few]
        others = [member for member in sometimes if not member.few]
        pieces: _Pieces = ["{"]
        for place, member in enumerate(always):
            if place == 1 and _is_few(always[0]):
                pieces, few = [*pieces, *few], []
            pieces += [",", *member] if place else member
        return [*pieces, *few, *others, "}"]

    def members(self, tree: Tree) -> tuple[list[_Pieces], list[_Piece]]:
        """The members that every row has, in pieces; and the others, each with a comma before it or null."""
        always: list[_Pieces] = []
        sometimes: list[_Piece] = []
        for name, node in tree.items():
            label = json.dumps(name, ensure_ascii=False) + ":"
            whole, partly = self.object_or_value(node)
            if whole:
                always.append([label, *whole])
            elif partly:
                sometimes.append(self._one([f",{label}", *partly]))
        return sorted(always, key=lambda member: not _is_few(member)), sometimes

    def _one(self, pieces: _Pieces, *, skip_nulls: bool = False) -> _Piece:
        """The pieces as one: null where one of them is, unless nulls are skipped."""
        few = _is_few(pieces)
        held = pieces if few else [self._row(piece) for piece in pieces]
        return _Piece(pl.concat_str(list(_with_texts(held)), ignore_nulls=skip_nulls), few)

    def _row(self, piece: "str | _Piece") -> "str | _Piece":
        return _Piece(self._taken(piece.text), few=False) if isinstance(piece, _Piece) and piece.few else piece

    def object_or_value(self, node: "Leaf | Tree") -> tuple[_Pieces, _Pieces]:
        """Pieces of `node` if every row has it; else pieces that are null where a row has it not; else nothing."""
        if isinstance(node, Constant):
            return [node.text], []
        if isinstance(node, Plain | Raw):
            return self._leaf(node)
        always, sometimes = self.members(node)
        if always:
            return self.object(node), []
        if not sometimes:
            return [], []
        inner = self._one(list(sometimes), skip_nulls=True)
        text = inner.text.str.strip_prefix(",")
        return [], [_Piece(pl.when(text != "").then(pl.concat_str(pl.lit("{"), text, pl.lit("}"))), inner.few)]

    def _leaf(self, leaf: Plain | Raw) -> tuple[_Pieces, _Pieces]:
        few = leaf.column in self.few.columns
        held = (self.few if few else self.frame)[leaf.column]
        nulls, value = held.null_count(), self._value(leaf, few=few)
        if not nulls:
            return value, []
        return [], value if nulls < len(held) else []

    def _value(self, leaf: Plain | Raw, *, few: bool) -> _Pieces:
        """The value of a column as JSON."""
        value = pl.col(leaf.column)
        if isinstance(leaf, Raw):
            return [_Piece(value, few)]
        if (self.few if few else self.frame).schema[leaf.column] != pl.String:
            return [_Piece(value.cast(pl.String), few)]
        if leaf.column not in self.unsafe:
            return ['"', _Piece(value, few), '"']
        return [_Piece(pl.when(value.is_not_null()).then(_escaped(value)), few)]


def _is_few(pieces: _Pieces) -> bool:
    return all(isinstance(piece, str) or piece.few for piece in pieces)


def _with_texts(pieces: _Pieces) -> Iterator[pl.Expr]:
    """The pieces as expressions, texts that follow each other as one."""
    for is_text, group in groupby(pieces, lambda piece: isinstance(piece, str)):
        held = list(group)
        if is_text:
            yield pl.lit("".join(map(str, held)))
        else:
            yield from (piece.text for piece in held if isinstance(piece, _Piece))


def _escaped(value: pl.Expr) -> pl.Expr:
    return pl.struct(value.alias("v")).struct.json_encode().str.strip_prefix('{"v":').str.strip_suffix("}")


def write_lines(texts: pl.Series, out: BinaryIO) -> None:
    """Write each of `texts` as a line: no Python text per row, and one copy of each."""
    texts.to_frame().write_csv(out, include_header=False, quote_style="never", batch_size=_ROWS_AT_ONCE)
