"""What every command needs: the house made ready, the officer proved, the answer told."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salur.foundation.database.home import secret
from salur.foundation.database.ready import prepare
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

if TYPE_CHECKING:
    from salur.foundation.access.actions.officers import Actor

As = Annotated[str, typer.Option("--as", help="Nama pengguna yang menjalankan perintah ini", envvar="SALUR_USER")]
Json = Annotated[bool, typer.Option("--json", help="Jawaban sebagai JSON")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Periksa saja, tidak menyimpan")]


PLAIN_DIGITS = frozenset({"year", "release", "id", "recipient_id", "pid"})


def is_demo() -> bool:
    """Whether this home holds made-up data only, so that a name is proof enough."""
    return secret("demo") == "yes"


def acting(name: str) -> Actor:
    """The officer behind --as, proved by token, by password on a terminal, or by name alone in a demo home."""
    prepare()
    from salur.foundation.access.actions import officers
    from salur.foundation.audit import record as audit

    if not name and not officers.anybody():
        raise Refused(_("Belum ada pengguna; buat admin pertama dengan salur init --admin NAMA."))
    if not name:
        raise typer.BadParameter(_("sebutkan siapa Anda dengan --as PENGGUNA"), param_hint="--as")
    if is_demo():
        tell(_("DATA CONTOH: semua orang dan angka di sini buatan."))
    who = proved(name, "SALUR_TOKEN")
    from salur.foundation.lake.sweep import sweep

    sweep()  # what a killed command left behind goes with the next one
    audit.act_as(who.name)
    return who


def proved(name: str, token_variable: str) -> Actor:
    """The officer of that name, proved by the token in that variable, by password on a terminal, or by name alone in a demo home."""
    from salur.foundation.access.actions import officers

    who = officers.actor(name)
    if is_demo() or officers.prove(name, token=os.environ.get(token_variable)):
        return who
    password = getpass.getpass(_("Kata sandi %(name)s: ") % {"name": name}) if sys.stdin.isatty() else None
    if not officers.prove(name, password=password):
        raise officers.NotProven(
            _("Identitas %(name)s tidak terbukti; isi %(variable)s atau masukkan kata sandi di terminal.")
            % {"name": name, "variable": token_variable}
        )
    return who


@contextmanager
def trying(dry_run: bool) -> Iterator[None]:
    """With --dry-run what the block does is undone at its end, sealed files included; else the block is left alone."""
    from salur.foundation.database.rehearsal import rehearsal
    from salur.foundation.lake.sweep import sweep

    try:
        with rehearsal(dry_run):
            yield
    finally:
        if dry_run:
            sweep()  # the rows that listed them are undone, so these files do not exist


def done(*, dry_run: bool = False) -> None:
    """Close what was written into the audit chain; after a dry run nothing was, and the person hears so."""
    if dry_run:
        tell(_("Hanya diperiksa: tidak ada yang disimpan."))
        return
    from salur.foundation.audit import record as audit

    audit.close_block()


def tell(sentence: str) -> None:
    """A message for the person: stderr, so that stdout carries data only."""
    print(sentence, file=sys.stderr, flush=True)


def answer(data: Any, *, as_json: bool, human: Callable[[Any], str] | None = None) -> None:
    """The result on stdout: JSON, or lines for people."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False, default=str))
    else:
        print(human(data) if human else lines(data))


def lines(data: Any) -> str:
    """Names and values, one a line."""
    if isinstance(data, Mapping):
        return "\n".join(
            f"{name:<24} {_value(name, value)}" for name, value in data.items() if value not in (None, [], {})
        )
    if isinstance(data, Sequence) and not isinstance(data, str):
        return "\n\n".join(lines(one) for one in data)
    return str(data)


def _value(name: str, value: Any) -> str:
    """A number with its thousands apart; a year or an id is a name that is written in digits."""
    if isinstance(value, bool) or not isinstance(value, int) or name in PLAIN_DIGITS:
        return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    return f"{value:,}".replace(",", ".")


def imported(answers: list[dict[str, Any]], as_json: bool, *, dry_run: bool) -> None:
    """Tell what became of each file; exit 3 when rows were rejected."""
    answer(answers, as_json=as_json)
    done(dry_run=dry_run)
    rejected = [one for one in answers if one["rejected"]]
    for one in rejected:
        sentence = (
            _("%(n)s baris %(file)s akan ditolak; alasannya ditulis bila berkas diimpor tanpa --dry-run.")
            if dry_run
            else _("%(n)s baris ditolak; alasannya di %(file)s.")
        )
        tell(sentence % {"n": one["rejected"], "file": one["rejected_file"] or one["file"]})
    if rejected:
        raise typer.Exit(3)
