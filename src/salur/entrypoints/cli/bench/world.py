"""A house in which a synthetic country waits to be determined: people, draws, quotas, channels, ceilings and a release."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from time import monotonic

from django.db import transaction

from salur.budget.actions import ceilings
from salur.delivery.actions import channels
from salur.enrolment.actions import draws
from salur.entrypoints.cli.bench import shares
from salur.entrypoints.cli.bench.register import Register, make
from salur.entrypoints.cli.demo import cast
from salur.foundation.access.actions import officers
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.home import home, workplace
from salur.foundation.database.locks import run_lock
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period
from salur.programmes.actions import quotas
from salur.registry.models import RegistryFile, Release

AS_OF = date(2023, 3, 31)  # `sql/persons.sql` counts ages to the day before
COUNTRY_FAMILIES = 95_980_000
# Programme, period, places when all families of the country are there, and more rupiah than a family can be due in a year.
PAID = (
    ("SEMBAKO", Period.parse("2023-05"), 18_800_000, 2_400_000),
    ("PKH", Period.parse("2023-T2"), 10_000_000, 12_000_000),
)


class OtherRegister(Refused):
    """The home holds people already, and not those that were asked for."""


def build(families: int, seed: str, *, progress: Callable[[str, int], None]) -> dict[str, object]:
    """Fill this house. Called again with the same size and seed it answers with the same; another country is refused."""
    began = monotonic()
    decree = f"SINTETIS {families}/{seed}"
    with connect("owner") as owner, run_lock(owner, "registry.import"):
        if RegistryFile.objects.exists() or Release.objects.exclude(decree=decree).exists():
            raise OtherRegister(
                _("Rumah %(home)s sudah berisi registri lain; pakai SALUR_HOME lain untuk contoh.") % {"home": home()}
            )
        cast.assemble()
        for programme, period, _places, _rupiah in PAID:
            secret = hashlib.sha256(f"undian:{seed}:{programme}".encode()).hexdigest()
            draws.commit(programme, period, by=_actor("approver"), secret=secret)
        registrar = _actor("registrar")
        made = make(families, seed, by=registrar.name, progress=progress)
        shared = {
            programme: shares.places(made.regencies, families * places // COUNTRY_FAMILIES)
            for programme, _period, places, _rupiah in PAID
        }
        _plan(families, decree, shared, by=_actor("planner"))
        release = _release(made, decree, by=registrar)
    return {
        "synthetic": True,
        "families": made.families.rows,
        "persons": made.persons.rows,
        "release": release.pk,
        "families_digest": made.families.digest,
        "persons_digest": made.persons.digest,
        "holders": made.holders.pk,
        "quotas": {programme: sum(places.values()) for programme, places in shared.items()},
        "seconds": round(monotonic() - began, 1),
    }


def _plan(families: int, decree: str, shared: dict[str, dict[str, int]], *, by: Actor) -> None:
    """Quotas, channels and ceilings, through the actions that a planner's commands call."""
    served = shares.channels()
    with workplace("bench") as work:
        places = [
            (programme, period, region, count)
            for programme, period, _places, _rupiah in PAID
            for region, count in shared[programme].items()
        ]
        assigned = [
            (programme, period, region, channel)
            for programme, period, _places, _rupiah in PAID
            for region, channel in served.items()
        ]
        for name, shape, rows, take in (
            ("quotas.csv", quotas.QUOTAS.required, places, quotas.import_file),
            ("channels.csv", channels.CHANNELS.required, assigned, channels.import_file),
        ):
            [told] = take(_written(work / name, shape, rows), by=by)
            assert told["rejected"] == 0, f"{name}: {told}"
    for programme, period, _places, rupiah in PAID:
        ceilings.set_ceiling(programme, period.year, families * rupiah, decree, by=by)


def _written(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([columns, *rows])
    return path


@transaction.atomic
def _release(made: Register, decree: str, *, by: Actor) -> Release:
    """The release of these people, sealed after the draws; the one that stands when there is one."""
    standing = Release.objects.filter(decree=decree, families=made.families, persons=made.persons).first()
    if standing:
        return standing
    counts = {"families": made.families.rows, "persons": made.persons.rows, "synthetic": True}
    audit.act_as(by.name)
    release = Release.objects.create(
        as_of=AS_OF, decree=decree, families=made.families, persons=made.persons, findings=made.findings, summary=counts,
        sealed_by=by.name,
    )  # fmt: skip
    audit.record("registry.released", f"release:{release.pk}", by=by.name, digest=made.families.digest, **counts)
    return release


def _actor(name: str) -> Actor:
    audit.act_as(name)
    return officers.actor(name)
