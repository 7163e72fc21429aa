"""The tree of commands, as the command line itself has it."""

from __future__ import annotations

from typing import Any

import typer


def tree() -> dict[str, Any]:
    """Every command by its words, `cycle open`."""
    from salur.entrypoints.cli.main import app

    return dict(_below(typer.main.get_command(app), ()))


def _below(command: Any, words: tuple[str, ...]) -> list[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        return [(" ".join(words), command)]
    return [pair for name, child in children.items() for pair in _below(child, (*words, name))]
