"""TOML ↔ frozen dataclasses. A dataclass *is* the schema of its TOML table; an unknown key names its siblings."""

import dataclasses
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import tomli_w

from simulator.errors import SpecError, UnknownNameError

S = TypeVar("S")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        SpecError: the file cannot be read or is not TOML; the message names the line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise SpecError(msg) from error
    except tomllib.TOMLDecodeError as error:
        msg = f"{path} is not TOML: {error}"
        raise SpecError(msg) from error


def build(spec: type[S], values: Mapping[str, Any], where: str) -> S:
    """Make a `spec` (a dataclass) of `values`; `where` names the place in messages.

    Raises:
        UnknownNameError: a key that `spec` does not have.
        SpecError: a key is missing, or a value is not of the declared form.
    """
    fields = {f.name: f for f in dataclasses.fields(spec)}  # type: ignore[arg-type]
    for key in values:
        if key not in fields:
            raise UnknownNameError("key", key, fields, where)
    hints = typing.get_type_hints(spec)
    given = {key: _convert(hints[key], value, f"{where}.{key}") for key, value in values.items()}
    missing = [name for name, f in fields.items() if name not in given and _required(f)]
    if missing:
        msg = f"{where} lacks {', '.join(missing)}"
        raise SpecError(msg)
    try:
        return spec(**given)
    except ValueError as error:
        msg = f"{where}: {error}"
        raise SpecError(msg) from error


def to_toml(spec: object) -> str:
    """A dataclass as TOML text, `None` left out; `build` of it gives an equal dataclass."""
    return tomli_w.dumps(to_values(spec))


def to_values(spec: object) -> dict[str, Any]:
    """The TOML-ready values of a dataclass, `None` left out."""
    pairs = ((f.name, getattr(spec, f.name)) for f in dataclasses.fields(spec))  # type: ignore[arg-type]
    return {name: _plain(value) for name, value in pairs if value is not None}


def _required(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _convert(next(a for a in arguments if a is not type(None)), value, where)
    if dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return build(typing.cast("type[Any]", hint), value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_convert(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin in (dict, Mapping) or (origin is not None and issubclass(origin, Mapping)):
        return _convert_mapping(arguments, value, where)
    return _convert_scalar(hint, value, where)


def _convert_mapping(arguments: tuple[Any, ...], value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        msg = f"{where} must be a table, not {value!r}"
        raise SpecError(msg)
    return {key: _convert(arguments[1], item, f"{where}.{key}") for key, item in value.items()}


def _convert_scalar(hint: Any, value: Any, where: str) -> Any:
    if hint is Any:
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(hint, type) or type(value) is not hint:
        wanted = getattr(hint, "__name__", str(hint))
        msg = f"{where} must be a {wanted}, not {value!r}"
        raise SpecError(msg)
    return value


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return to_values(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
