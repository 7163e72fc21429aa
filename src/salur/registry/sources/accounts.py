"""Rows of accounts: which values pass, and what they become."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from salur.foundation.engine.session import Engine
from salur.foundation.intake import checking
from salur.foundation.intake.checking import Check, Checked
from salur.foundation.vocabulary.codes import AccountStatus, Channel
from salur.foundation.vocabulary.identifier import derive_id_expr
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.search_key import search_key_expr

# Usual lengths of account numbers; unconfirmed, so an unusual one is only a finding.
USUAL_DIGITS = {"BRI": 15, "BNI": 10, "MANDIRI": 13, "BTN": 16, "BSI": 10}


def checked(engine: Engine, rows: ir.Table, *, today: date) -> Checked:
    """Judge the rows. An unusual length or another name passes (a finding, not a fault)."""
    return checking.check(
        engine,
        rows,
        [
            *checking.nik_checks("nik", today),
            checking.one_of("bank", list(Channel)),
            Check("nomor_rekening", lambda t: ~t.nomor_rekening.re_search(r"^[0-9]{1,34}$"), _("Nomor rekening bukan angka saja"),
                  _("Tulis nomor rekening sebagai teks, angka saja")),
            checking.filled("nama_rekening", _("nama rekening")),
            checking.one_of("status", list(AccountStatus)),
        ],
    )  # fmt: skip


def staged(passed: ir.Table, *, file_id: int, key: bytes) -> ir.Table:
    """The rows as the stage table of the merge wants them."""
    usual = ibis.cases(*[(passed.bank == bank, digits) for bank, digits in USUAL_DIGITS.items()])
    rows = passed.select(
        file_id=ibis.literal(file_id, "int64"),
        baris=passed.baris,
        nik=passed.nik,
        person_id=derive_id_expr(key, passed.nik),
        bank=passed.bank,
        number=passed.nomor_rekening,
        holder_name=passed.nama_rekening,
        holder_key=search_key_expr(passed.nama_rekening),
        status=passed.status,
        unusual_length=(passed.nomor_rekening.length() != usual).fill_null(False),
    )
    content = rows.bank + "|" + rows.number + "|" + rows.holder_name + "|" + rows.status
    return rows.mutate(content=content.hexdigest("sha256").left(32))
