"""The worker process."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import sys
from typing import Any

import psycopg

from salur.foundation.database import server
from salur.foundation.database.connection import is_embedded
from salur.foundation.database.home import home
from salur.foundation.database.ready import prepare
from salur.foundation.vocabulary import language
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

log = logging.getLogger(__name__)
POOL_SECONDS = 5
"""How long a worker whose server died asks for a connection before it gives up."""
BEGINNINGS_MAX = 5
"""A server that dies that often in a row needs a person."""


def main() -> None:
    """Work through the queue until stopped, or with --once until it is empty."""
    parser = argparse.ArgumentParser(
        prog="salur-worker", description="Kerjakan antrean Salur / work through Salur's queue"
    )
    parser.add_argument(
        "--once", action="store_true", help="berhenti bila antrean kosong / stop when the queue is empty"
    )
    parser.add_argument("--again", type=int, default=0, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    os.umask(0o077)
    language.use(language.language_from_env())
    listener = logging.StreamHandler()
    listener.setFormatter(ClassOnly("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=os.environ.get("SALUR_LOG", "WARNING"), handlers=[listener])
    try:
        prepare()
        if not finished(wait=not wanted.once):
            if wanted.again >= BEGINNINGS_MAX:
                raise Refused(_("Basis data tidak menjawab; jalankan salur-worker lagi setelah basis data menyala."))
            log.warning("the database server is gone; beginning again")
            begin_again(once=wanted.once, again=wanted.again + 1)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)


class ClassOnly(logging.Formatter):
    """The text of an engine's or server's error repeats values, and values are personal data: only its class is logged."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        return ei[0].__name__ if ei[0] else ""


def finished(*, wait: bool) -> bool:
    """Work; False when the database server died meanwhile. Refused when somebody has stopped it."""
    from procrastinate.exceptions import ConnectorException

    try:
        asyncio.run(work(wait=wait))
    except (ConnectorException, psycopg.OperationalError) as error:
        if not is_embedded() or server.was_stopped(home()):
            raise Refused(
                _("Basis data tidak menjawab; jalankan salur-worker lagi setelah basis data menyala.")
            ) from error
        return False
    return True


def begin_again(*, once: bool, again: int) -> None:
    """As a new program in this process: threads of the old one hold connections to a server that is gone."""
    sys.stdout.flush()
    sys.stderr.flush()
    arguments = ["--again", str(again), *(["--once"] if once else [])]
    os.execv(sys.executable, [sys.executable, "-m", "salur.entrypoints.jobs.worker", *arguments])


async def work(*, wait: bool) -> None:
    """One job at a time: every run uses both cores already. What a killed worker left goes back to the queue first."""
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.exceptions import AlreadyEnqueued

    from salur.entrypoints.jobs import tasks

    assert tasks.look.name == "look", "the tasks are registered by their import"
    connector = PsycopgConnector(kwargs=connector_params("default"), timeout=POOL_SECONDS)
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        await tasks.take_up(worker_app.job_manager)
        with contextlib.suppress(AlreadyEnqueued):  # another worker has just begun to look
            await worker_app.configure_task("look", queueing_lock="look").defer_async()
        await worker_app.run_worker_async(wait=wait, concurrency=1, install_signal_handlers=True)


if __name__ == "__main__":
    main()
