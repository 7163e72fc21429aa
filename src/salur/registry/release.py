"""Seal the register for a date under a decree: ids and features only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import psycopg
import pyarrow as pa
from django.db import transaction

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
from salur.foundation.vocabulary.span import spans
from salur.registry.models import Release
from salur.registry.steps.holder import holder
from salur.registry.tables import FAMILIES, PERSONS

SQL = Path(__file__).parent / "sql"
STEP = "registry.release/1"


def release(as_of: date, decree: str, *, by: Actor, dry_run: bool = False) -> dict[str, object]:
    """Seal persons and families as they are known now, speaking for `as_of`. Raises Refused on an empty register."""
    by.require("registry.release")
    by.require_whole_country()
    if not decree.strip():
        raise Refused(_("Sebutkan nomor keputusannya dengan --decree."))
    with connect("owner") as owner, run_lock(owner, "registry.import"), engine() as run:
        owner.execute((SQL / "released.sql").read_text())
        left_out = _left_out(owner)
        families, persons, findings = _gather(owner, run, as_of)
        per_regency = owner.execute("select left(region_code, 4), count(*) from released group by 1").fetchall()
        places = spans(dict(per_regency))
        owner.commit()
        counts = {
            "families": run.arrow(families.count()).as_py(),
            "persons": run.arrow(persons.count()).as_py(),
            **left_out,
        }
        if not counts["families"]:
            raise Refused(_("Tidak ada keluarga yang dapat dirilis; impor keluarga dan anggotanya lebih dahulu."))
        if dry_run:
            return {"release": None, "as_of": as_of.isoformat(), **counts}
        sealed_families, sealed_persons, sealed_findings = (
            seal(run, table, rows, step=STEP, by=by.name, places=places, is_whole=True)
            for table, rows in ((FAMILIES, families), (PERSONS, persons), (FINDINGS, findings))
        )
        with transaction.atomic():
            made = Release.objects.create(
                as_of=as_of, decree=decree, families=sealed_families, persons=sealed_persons, findings=sealed_findings,
                summary=counts, sealed_by=by.name,
            )  # fmt: skip
            audit.record("registry.released", f"release:{made.pk}", by=by.name, digest=sealed_families.digest, **counts)
        return {"release": made.pk, "as_of": as_of.isoformat(), "decree": decree, **counts,
                "families_digest": sealed_families.digest, "persons_digest": sealed_persons.digest}  # fmt: skip


def _gather(owner: psycopg.Connection, run: Engine, as_of: date) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Families with their holders, persons and findings, of the families that are released."""
    families = _given(
        owner, run, "select family_id, region_code, decile from released",
        {"recipient_id": pa.int64(), "village_code": pa.string(), "decile": pa.int16()},
    )  # fmt: skip
    persons = _given(
        owner,
        run,
        """select released.region_code, p.family_id, p.person_id, p.birth_date, p.sex, p.relation, p.civil_status, p.school,
               p.is_pregnant, p.is_severely_disabled, p.occupation_class
           from registry_person p join released using (family_id)""",
        {field.name: field.type for field in PERSONS.arrow_schema()},
    )
    holders = _given(owner, run, "select person_id from registry_account where is_current", {"person_id": pa.int64()})
    findings = _given(
        owner,
        run,
        (SQL / "release_findings.sql").read_text(),
        {field.name: field.type for field in FINDINGS.arrow_schema()},
    )
    chosen = holder(persons, holders, as_of_year=as_of.year, as_of_day=as_of.month * 100 + as_of.day)
    joined = families.left_join(chosen, "recipient_id").mutate(holder_status=lambda t: t.holder_status.fill_null(""))
    return joined.select(*FAMILIES.names), persons, findings


def _given(owner: psycopg.Connection, run: Engine, query: str, types: dict[str, pa.DataType]) -> ir.Table:
    schema = pa.schema(list(types.items()))
    return run.given(pa.RecordBatchReader.from_batches(schema, read_arrow(owner, query, None, schema)))


def _left_out(owner: psycopg.Connection) -> dict[str, int]:
    """Families on record that stay out, and families that wait for a decision, on record or not."""
    row = owner.execute(
        """select (select count(*) from registry_family) - (select count(*) from released),
                  (select count(distinct coalesce(r.family_id::text, c.family_id::text, p.family_id::text, r.no_kk, p.no_kk, r.nik))
                   from registry_review r left join registry_card c on c.no_kk = r.no_kk
                   left join lateral (
                       select o.family_id, o.no_kk from registry_review o
                       where r.kind = 'accounts' and o.kind = 'persons' and o.state = 'OPEN' and o.nik = r.nik
                       order by o.id limit 1) p on true
                   where r.state = 'OPEN')"""
    ).fetchone()
    assert row is not None
    return {"families_left_out": row[0], "families_in_review": row[1]}
