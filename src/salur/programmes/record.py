"""Reads plain data into frozen dataclasses, strictly: one wrong key or type fails with the place where it stands."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

T = TypeVar("T")


def read(kind: type[T], value: object, where: str) -> T:
    """The value as `kind`. `where` names file and key; a mistake in shipped data is ours, hence AssertionError."""
    return typing.cast(T, _read(kind, value, where))


def plain(value: object) -> Any:
    """The same data as mappings, lists, texts and integers: what JSON and YAML can hold."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: Any, value: object, where: str) -> object:
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, value, where)
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _items(typing.get_args(kind)[0], value, where)
    if origin is typing.Literal:
        assert value in typing.get_args(kind), f"{where}: {value!r} is none of {typing.get_args(kind)}"
        return value
    if origin in (typing.Union, types.UnionType):
        return _one_of(typing.get_args(kind), value, where)
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    # bool is an int in Python, and a truth where an amount belongs must not pass.
    assert type(value) is kind, f"{where}: {value!r} is not {kind.__name__}"
    return value


def _record(kind: Any, value: object, where: str) -> object:
    assert isinstance(value, dict), f"{where}: expected the keys of {kind.__name__}"
    known = {field.name: field for field in fields(kind)}
    unknown = sorted(set(value) - set(known))
    assert not unknown, f"{where}: unknown keys {unknown}"
    missing = sorted(name for name, f in known.items() if name not in value and _must_be_given(f))
    assert not missing, f"{where}: missing keys {missing}"
    hints = typing.get_type_hints(kind)
    return kind(**{name: _read(hints[name], item, f"{where}.{name}") for name, item in value.items()})


def _must_be_given(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _items(kind: Any, value: object, where: str) -> tuple[object, ...]:
    assert isinstance(value, Iterable) and not isinstance(value, str | dict), f"{where}: expected a list"
    return tuple(_read(kind, item, f"{where}[{place}]") for place, item in enumerate(value))


def _one_of(kinds: tuple[Any, ...], value: object, where: str) -> object:
    if value is None and types.NoneType in kinds:
        return None
    fitting = (kind for kind in kinds if type(value) is kind or _is_written_as(kind, value))
    kind = next(fitting, None)
    assert kind is not None, f"{where}: {value!r} is none of {kinds}"
    return _read(kind, value, where)


def _is_written_as(kind: Any, value: object) -> bool:
    return (is_dataclass(kind) and isinstance(value, dict)) or (kind is date and isinstance(value, str))
