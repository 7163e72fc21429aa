"""Seal the register for a date under a decree: ids and features only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
from django.db import connection, transaction

from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.load import read_arrow
from salur.foundation.database.locks import run_lock
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake.seal import seal
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.findings import FINDINGS
from salur.foundation.vocabulary.language import _
from salur.registry.models import Release
from salur.registry.steps.holder import holder
from salur.registry.tables import FAMILIES, PERSONS

SQL = Path(__file__).parent / "sql"

# A family enters a release with at least one living member and with no row that waits for a decision.
RELEASED = """not exists (select 1 from registry_review r where r.state = 'OPEN' and (r.family_id = f.family_id or r.no_kk = f.no_kk))
    and exists (select 1 from registry_person q where q.family_id = f.family_id and q.civil_status <> 'MENINGGAL')"""


def release(as_of: date, decree: str, *, by: Actor, dry_run: bool = False) -> dict[str, object]:
    """Seal persons and families as they are known now, speaking for `as_of`. Raises Refused on an empty register."""
    by.require("registry.release")
    by.require_whole_country()
    with connect("owner") as owner, run_lock(owner, "registry.import"), engine() as run:
        families, persons, findings = _gather(owner, run, as_of)
        counts = {"families": run.arrow(families.count()).as_py(), "persons": run.arrow(persons.count()).as_py(), **_waiting()}
        if not counts["families"]:
            raise Refused(_("Tidak ada keluarga yang dapat dirilis; impor keluarga dan anggotanya lebih dahulu."))
        if dry_run:
            return {"release": None, "as_of": as_of.isoformat(), **counts}
        sealed_families = seal(run, FAMILIES, families, step="registry.release/1", by=by.name)
        sealed_persons = seal(run, PERSONS, persons, step="registry.release/1", by=by.name)
        sealed_findings = seal(run, FINDINGS, findings, step="registry.release/1", by=by.name)
        with transaction.atomic():
            made = Release.objects.create(
                as_of=as_of, decree=decree, families=sealed_families, persons=sealed_persons, findings=sealed_findings,
                summary=counts, sealed_by=by.name,
            )  # fmt: skip
            audit.record("registry.released", f"release:{made.pk}", by=by.name, digest=sealed_families.digest, **counts)
        return {"release": made.pk, "as_of": as_of.isoformat(), "decree": decree, **counts,
                "families_digest": sealed_families.digest, "persons_digest": sealed_persons.digest}  # fmt: skip


def _gather(owner, run: Engine, as_of: date):  # noqa: ANN001, ANN202 - three expressions of one engine
    families = _given(owner, run, f"select f.family_id as recipient_id, f.region_code as village_code, f.decile from registry_family f where {RELEASED}",
                      {"recipient_id": pa.int64(), "village_code": pa.string(), "decile": pa.int16()})  # fmt: skip
    persons = _given(
        owner,
        run,
        f"""select p.family_id as recipient_id, p.person_id, p.birth_date, p.sex, p.relation, p.civil_status, p.school,
               p.is_pregnant, p.is_severely_disabled, p.occupation_class as occupation
            from registry_person p join registry_family f on f.family_id = p.family_id where {RELEASED}""",
        {name: field.type for name, field in zip(PERSONS.names, PERSONS.arrow_schema(), strict=True)},
    )
    holders = _given(owner, run, "select person_id from registry_account where is_current", {"person_id": pa.int64()})
    findings = _given(
        owner, run, (SQL / "release_findings.sql").read_text().split("\n", 1)[1].replace("{released}", RELEASED),
        {name: pa.string() if name != "recipient_id" else pa.int64() for name in FINDINGS.names},
    )  # fmt: skip
    chosen = holder(persons, holders, as_of_year=as_of.year, as_of_day=as_of.month * 100 + as_of.day)
    joined = families.left_join(chosen, "recipient_id").mutate(holder_status=lambda t: t.holder_status.fill_null(""))
    return joined.select(*FAMILIES.names), persons, findings


def _given(owner, run: Engine, query: str, types: dict[str, pa.DataType]):  # noqa: ANN001, ANN202
    schema = pa.schema(list(types.items()))
    return run.given(pa.RecordBatchReader.from_batches(schema, read_arrow(owner, query, None, schema)))


def _waiting() -> dict[str, int]:
    """Families on record that stay out, and why."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select count(*) filter (where not ({RELEASED})),
                (select count(distinct coalesce(family_id::text, no_kk)) from registry_review where state = 'OPEN')
                from registry_family f"""
        )
        left_out, in_review = cursor.fetchone()
    return {"families_left_out": left_out, "families_in_review": in_review}
