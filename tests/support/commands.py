"""The tree of commands, as the command line itself has it."""

from __future__ import annotations

import click
import typer


def tree() -> dict[str, click.Command]:
    """Every command by its words, `cycle open`."""
    from salur.entrypoints.cli.main import app

    return dict(_below(typer.main.get_command(app), ()))


def _below(command: click.Command, words: tuple[str, ...]) -> list[tuple[str, click.Command]]:
    children = getattr(command, "commands", None)
    if children is None:
        return [(" ".join(words), command)]
    return [pair for name, child in children.items() for pair in _below(child, (*words, name))]
