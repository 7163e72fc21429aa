"""Rows of families: which values pass, and what they become."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from salur.foundation.engine.session import Engine
from salur.foundation.intake import checking
from salur.foundation.intake.checking import Check, Checked, code_of, text
from salur.foundation.regions import codes
from salur.foundation.vocabulary.identifier import derive_id_expr
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.region_code import Level
from salur.registry.sources.shapes import HOUSING


def checked(engine: Engine, rows: ir.Table, *, today: date) -> Checked:
    """Judge the rows. `kode_desa` must be a village that exists."""
    return checking.check(
        engine,
        with_village(engine, rows),
        [
            *checking.kk_checks("no_kk"),
            Check("kode_desa", lambda t: t.village.isnull(), _("Kode desa tidak dikenal"),
                  _("Pakai kode Kemendagri 10 angka dari daftar wilayah (bukan kode BPS)")),
            Check("desil", lambda t: ~text(t, "desil").re_search(r"^([1-9]|10)?$"), _("Desil bukan 1 sampai 10"),
                  _("Isi 1 sampai 10 atau kosongkan")),
            Check("no_kk_lama", lambda t: ~text(t, "no_kk_lama").re_search(r"^([0-9]{16})?$"), _("No. KK lama bukan 16 angka"),
                  _("Isi 16 angka atau kosongkan")),
        ],
    )  # fmt: skip


def with_village(engine: Engine, rows: ir.Table) -> ir.Table:
    """The rows with `region_code`, the plain code, and `village`, null when there is no such village."""
    villages = engine.given(codes.known_codes(Level.VILLAGE)).rename(village="code")
    return rows.mutate(region_code=code_of(rows.kode_desa)).left_join(villages, [("region_code", "village")])


def staged(passed: ir.Table, *, file_id: int, key: bytes) -> ir.Table:
    """The rows as the stage table of the merge wants them."""
    details = ibis.literal("{")
    for place, column in enumerate(HOUSING):
        quoted = text(passed, column).replace("\\", "\\\\").replace('"', '\\"').re_replace(r"[\x00-\x1f]", " ")
        details = details + (", " if place else "") + f'"{column}": "' + quoted + '"'
    has_details = ibis.or_(*[text(passed, column) != "" for column in HOUSING])
    rows = passed.select(
        file_id=ibis.literal(file_id, "int64"),
        baris=passed.baris,
        no_kk=passed.no_kk,
        no_kk_lama=text(passed, "no_kk_lama"),
        region_code=passed.region_code,
        address=text(passed, "alamat"),
        decile=passed.desil.nullif("").try_cast("int16"),
        details=ibis.cases((has_details, details + "}"), else_="{}"),
        new_family_id=derive_id_expr(key, passed.no_kk),
    )
    content = (
        rows.no_kk + "|" + rows.region_code + "|" + rows.decile.cast("string").fill_null("") + "|" + rows.no_kk_lama
    )
    return rows.mutate(content=(content + "|" + rows.address + "|" + rows.details).hexdigest("sha256").left(32))
