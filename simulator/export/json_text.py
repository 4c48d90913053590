"""JSON of columns: one text per row, joined from columns without an object per row; what is null is left out.

Members whose columns take few values are joined once per combination
of them (`patterns`); the others once per row. Only text that may hold quotes, backslashes or control characters is
escaped, and only where a frame holds any.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, BinaryIO

import polars as pl
import pyarrow as pa

from simulator.export import side_by_side
from simulator.export.patterns import Patterns
from simulator.export.side_by_side import Part

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
    """A part of the text: an expression over the frame, or over the few rows of the patterns.

    Attributes:
        text: the expression.
        few: over which of the two.
        before, after: what stands around it where it is not null; of the frame only.
    """

    text: pl.Expr
    few: bool
    before: str = ""
    after: str = ""

    @property
    def whole(self) -> pl.Expr:
        """The text with what stands around it."""
        return pl.concat_str(pl.lit(self.before), self.text, pl.lit(self.after))


_Pieces = list["str | _Piece"]


def encode(frame: pl.DataFrame, tree: Tree, few: Patterns | None = None) -> pl.Series:
    """`parts` side by side, as a column."""
    return side_by_side.column(parts(frame, tree, few), len(few.of) if few else frame.height)


def parts(frame: pl.DataFrame, tree: Tree, few: Patterns | None = None, end: str = "") -> list[Part]:
    """Parts of a JSON object for each row: the members of `tree` that are not null, those of few values first.

    Args:
        frame: columns that are filled in row by row.
        tree: the members; at least one must be filled in every row.
        few: the columns that take few values, if any.
        end: what stands behind every object.
    """
    held = few or Patterns.none(frame.height)
    if not len(held.of):
        return []
    writer = _Writer(frame, held.frame, _unsafe(frame, tree) | _unsafe(held.frame, tree))
    return writer.parts([*writer.object(tree), end], held.of)


def _unsafe(frame: pl.DataFrame, tree: Tree) -> frozenset[str]:
    """The columns of text in `frame` that hold something to escape."""
    risky = (name for name in _risky(tree) if frame.schema.get(name) == pl.String)
    return frozenset(name for name in risky if side_by_side.needs_escape(frame[name].drop_nulls()))


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

    def parts(self, pieces: _Pieces, of: pl.Series) -> list[Part]:
        """The pieces for each row, nothing for a null."""
        order, places = list(_order(pieces)), pa.array(of.to_numpy())
        few = iter(_columns(self.few, (text for text in order if isinstance(text, pl.Expr))))
        own = iter(_columns(self._rows(of), (piece.text for piece in order if isinstance(piece, _Piece))))
        parts: list[Part] = []
        for part in order:
            if isinstance(part, _Piece):
                parts += side_by_side.around(part.before.encode(), next(own), part.after.encode())
            else:
                parts.append(part if isinstance(part, bytes) else side_by_side.to_texts(next(few)).take(places))
        return parts

    def _rows(self, of: pl.Series) -> pl.DataFrame:
        """The frame and what it takes over."""
        taken = self.few.select(text.gather(of).alias(name) for name, text in self.shared.items())
        return self.frame.hstack(taken.get_columns())

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
        if _is_few(pieces):
            return _Piece(pl.concat_str(list(_with_texts(pieces)), ignore_nulls=skip_nulls), few=True)
        alone = None if skip_nulls else _alone(pieces)
        held = [self._row(piece) for piece in pieces]
        return alone or _Piece(pl.concat_str(list(_with_texts(held)), ignore_nulls=skip_nulls), few=False)

    def _row(self, piece: "str | _Piece") -> "str | _Piece":
        if isinstance(piece, str):
            return piece
        return _Piece(self._taken(piece.text) if piece.few else piece.whole, few=False)

    def _taken(self, text: pl.Expr) -> pl.Expr:
        name = f"shared {len(self.shared)}"
        self.shared[name] = text
        return pl.col(name)

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
            return [_Piece(value, few)]
        if leaf.column not in self.unsafe:
            return ['"', _Piece(value, few), '"']
        return [_Piece(pl.when(value.is_not_null()).then(_escaped(value)), few)]


def _order(pieces: _Pieces) -> Iterator[bytes | pl.Expr | _Piece]:
    """Texts, what is made of few values and follows each other as one, and pieces of rows."""
    for together, group in groupby(pieces, lambda piece: isinstance(piece, str) or piece.few):
        held = list(group)
        if not together:
            yield from (piece for piece in held if isinstance(piece, _Piece))
        elif any(isinstance(piece, _Piece) for piece in held):
            yield pl.concat_str(list(_with_texts(held)), ignore_nulls=True)
        else:
            yield "".join(map(str, held)).encode()


def _columns(frame: pl.DataFrame, texts: Iterable[pl.Expr]) -> list[pl.Series]:
    return frame.select(text.alias(str(place)) for place, text in enumerate(texts)).get_columns()


def _alone(pieces: _Pieces) -> _Piece | None:
    """The only piece of `pieces`, with the texts around it; None if there are more."""
    place = next(i for i, piece in enumerate(pieces) if isinstance(piece, _Piece))
    piece, after = pieces[place], pieces[place + 1 :]
    if isinstance(piece, str) or any(isinstance(other, _Piece) for other in after):
        return None
    return replace(piece, before="".join(map(str, pieces[:place])), after="".join(map(str, after)))


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
