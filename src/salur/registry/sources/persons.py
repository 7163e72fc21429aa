"""Rows of persons: which values pass, and what they become."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from salur.foundation.engine.session import Engine
from salur.foundation.intake import checking
from salur.foundation.intake.checking import Checked, date_of, text
from salur.foundation.vocabulary import nik
from salur.foundation.vocabulary.codes import CivilStatus, Relation, School, Sex, YesNo
from salur.foundation.vocabulary.identifier import derive_id_expr
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.occupations import excluded_occupation_expr
from salur.foundation.vocabulary.search_key import search_key_expr


def checked(engine: Engine, rows: ir.Table, *, today: date) -> Checked:
    """Judge the rows. A NIK that differs from the record in sex or birth date passes (a finding, not a fault)."""
    return checking.check(
        engine,
        rows,
        [
            *checking.nik_checks("nik", today),
            *checking.kk_checks("no_kk"),
            checking.filled("nama", _("nama")),
            *checking.date_checks("tanggal_lahir", today),
            checking.one_of("jenis_kelamin", list(Sex)),
            checking.one_of("hubungan", list(Relation)),
            checking.one_of("status_dukcapil", list(CivilStatus), may_be_empty=True),
            checking.one_of("status_sekolah", list(School), may_be_empty=True),
            checking.one_of("hamil", list(YesNo), may_be_empty=True),
            checking.one_of("disabilitas_berat", list(YesNo), may_be_empty=True),
        ],
    )


def staged(passed: ir.Table, *, file_id: int, key: bytes) -> ir.Table:
    """The rows as the stage table of the merge wants them; a job text becomes its class by the list of synonyms."""
    born = date_of(passed.tanggal_lahir)
    rows = passed.select(
        file_id=ibis.literal(file_id, "int64"),
        baris=passed.baris,
        nik=passed.nik,
        no_kk=passed.no_kk,
        person_id=derive_id_expr(key, passed.nik),
        name=passed.nama.re_replace(r"\s+", " "),
        birth_date=born,
        sex=passed.jenis_kelamin,
        relation=passed.hubungan,
        civil_status=text(passed, "status_dukcapil").nullif("").fill_null(CivilStatus.BELUM_CEK.value),
        school=text(passed, "status_sekolah").nullif("").fill_null(School.TIDAK.value),
        is_pregnant=text(passed, "hamil") == YesNo.Y.value,
        is_severely_disabled=text(passed, "disabilitas_berat") == YesNo.Y.value,
        occupation=text(passed, "pekerjaan").upper(),
        birth_differs=nik.differs_in_birth(passed.nik, born),
        sex_differs=nik.differs_in_sex(passed.nik, passed.jenis_kelamin),
    )
    # A register knows a few hundred ways to write a job: each is looked up once.
    jobs = rows.select("occupation").distinct()
    jobs = jobs.mutate(occupation_class=excluded_occupation_expr(jobs.occupation).fill_null(""))
    classed = rows.join(jobs, "occupation")
    content = ibis.literal("")
    for name in (
        "no_kk",
        "name",
        "birth_date",
        "sex",
        "relation",
        "civil_status",
        "school",
        "is_pregnant",
        "is_severely_disabled",
    ):
        content = content + classed[name].cast("string") + "|"
    return classed.mutate(
        name_key=search_key_expr(classed.name),
        content=(content + classed.occupation).hexdigest("sha256").left(32),
    )
