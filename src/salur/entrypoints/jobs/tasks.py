"""The jobs. Each is a few lines: what waits, and the run that handles it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import close_old_connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

from salur.cycles.models import Cycle, State
from salur.delivery import prepare
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.locks import AlreadyRunning
from salur.monitoring.measure import measure
from salur.reconciliation import match
from salur.reconciliation.models import Reconciliation

log = logging.getLogger(__name__)
STALLED_SECONDS = 30
# The machine prepares and reconciles; it never approves and never releases money.
PREPARER = Actor(0, "worker", "system", "00", "", frozenset({"disburser"}))
RECONCILER = Actor(0, "worker", "system", "00", "", frozenset({"reconciler"}))


@app.periodic(cron="* * * * *", periodic_id="look")
@app.task(name="look", queueing_lock="look")
def look(timestamp: int = 0) -> None:
    """Each minute: what was approved and waits for instructions, and what has new results."""
    close_old_connections()
    waiting = Cycle.objects.filter(state=State.APPROVED).order_by("approved_at").first()
    if waiting:
        once(prepare_instructions, waiting.code)
    for cycle in Cycle.objects.filter(state__in=(State.RELEASED, State.RECONCILED)):
        if has_new_results(cycle):
            once(reconcile, cycle.code)


@app.task(name="prepare_instructions")
def prepare_instructions(code: str) -> None:
    """An approved list becomes instructions that a person may release."""
    run(lambda: prepare.prepare(code, by=PREPARER))


@app.task(name="reconcile")
def reconcile(code: str) -> None:
    """New results: fold them in and measure."""
    run(lambda: (match.match(code, by=RECONCILER), measure(code, by=RECONCILER)))


def run(work: Callable[[], object]) -> None:
    """Do it, unless a person is doing it at this moment; then the next minute looks again."""
    close_old_connections()  # between two jobs the server may have been started anew
    try:
        audit.act_as("worker")
        work()
        audit.close_block()
    except AlreadyRunning:
        log.info("taken by another process")


def once(task: Task[..., None, ...], code: str) -> None:
    """Queue a job for a cycle unless one waits already."""
    try:
        app.configure_task(task.name, queueing_lock=f"{task.name} {code}").defer(code=code)
    except AlreadyEnqueued:
        log.info("waits already")


def has_new_results(cycle: Cycle) -> bool:
    """Whether lines came that the newest reconciliation has not seen."""
    files = match.result_files(cycle)
    done = Reconciliation.objects.filter(cycle=cycle).order_by("-pk").first()
    return bool(files) and (done is None or done.lines_digest != match.digest_of_lines(files))


@app.periodic(cron="* * * * *", periodic_id="take_up_stalled")
@app.task(name="take_up_stalled", queueing_lock="take_up_stalled")
async def take_up_stalled(timestamp: int = 0) -> None:
    """Each minute: jobs whose worker is gone."""
    await take_up(app.job_manager)


async def take_up(manager: JobManager) -> None:
    """Jobs whose worker is gone go back to the queue, except where the same waits there already: then that one is enough."""
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            assert job.id is not None, "a job that was begun has a number"
            await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
