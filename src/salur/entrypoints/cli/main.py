"""The command `salur`: one tree of nouns and verbs over the same actions that pages and jobs call."""

from __future__ import annotations

import logging
import os
import re
import sys
from typing import Any

import typer

from salur.entrypoints.cli import control, explaining, exporting, handing, keeping, people, planning, reviewing
from salur.entrypoints.cli.bench import command as bench
from salur.entrypoints.cli.demo import command as demo
from salur.entrypoints.cli.house import tell
from salur.foundation.vocabulary import language, nik
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

app = typer.Typer(
    help="Salur: menyalurkan bantuan sosial dan membuktikan bahwa bantuan sampai.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip
keeping.add_to(app)
people.add_to(app)
planning.add_to(app)
handing.add_to(app)
control.add_to(app)
exporting.add_to(app)
explaining.add_to(app)
demo.add_to(app)
reviewing.add_to(app)
bench.add_to(app)


def main() -> None:
    """Run a command; a refusal is one sentence and exit code 1, wrong usage is 2, done with rejected rows is 3."""
    os.umask(0o077)
    language.use(language.language_from_env())
    spoken = logging.StreamHandler()
    spoken.setFormatter(Discreet("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=os.environ.get("SALUR_LOG", "WARNING"), handlers=[spoken])
    try:
        in_our_language(typer.main.get_command(app))()
    except Refused as refusal:
        tell(str(refusal))
        sys.exit(1)
    except KeyboardInterrupt:
        tell(_("Dihentikan; jalankan perintah yang sama untuk melanjutkan."))
        sys.exit(1)
    except Exception as error:
        if os.environ.get("SALUR_LOG", "").upper() == "DEBUG":
            raise
        tell(unforeseen(error))
        sys.exit(1)


def unforeseen(error: Exception) -> str:
    """The sentence for an error that no action foresaw. A path that cannot be used is for the person to mend, so it is named."""
    if isinstance(error, OSError) and error.filename:
        return _(
            "%(path)s tidak dapat dibuka atau ditulis (%(why)s); periksa nama, izin, dan ruang kosongnya lalu ulangi, "
            "atau jalankan salur doctor."
        ) % {"path": error.filename, "why": error.strerror}
    # The text of an engine's or server's error repeats values, and values are personal data: only its class is told.
    return _(
        "Gagal karena kesalahan di dalam Salur (%(kind)s); data yang sudah disegel aman. Jalankan lagi, atau salur doctor."
    ) % {"kind": type(error).__name__}


class Discreet(logging.Formatter):
    """Masks what may be a NIK or KK: the log repeats the address of a page that was not found, whatever somebody typed there."""

    def format(self, record: logging.LogRecord) -> str:
        return re.sub(r"(?<![0-9])[0-9]{16}(?![0-9])", lambda found: nik.masked(found[0]), super().format(record))


def in_our_language(command: Any) -> Any:
    """The click command and all below it with their help in the language of the shell."""
    if command.help:
        command.help = _(command.help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _(parameter.help)
    for child in getattr(command, "commands", {}).values():
        in_our_language(child)
    return command


if __name__ == "__main__":
    main()
