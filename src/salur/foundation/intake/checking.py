"""Judge the values of received rows: the first rule that a row breaks rejects it, with the column, the reason and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from salur.foundation.engine.session import Engine
from salur.foundation.vocabulary import kk_number, nik, region_code
from salur.foundation.vocabulary.language import _

PROBLEMS = pa.schema(
    [("baris", pa.int64()), ("kolom", pa.string()), ("alasan", pa.string()), ("cara_memperbaiki", pa.string())]
)


@dataclass(frozen=True)
class Check:
    """A rule over one column: `breaks` is true for rows that may not pass."""

    column: str
    breaks: Callable[[ir.Table], ir.BooleanValue]
    reason: str
    remedy: str


@dataclass(frozen=True)
class Rules:
    """Several rules over one column that are worked out together: `problem` is the code of the one broken, null when none is.

    told: reason and remedy by code.
    """

    column: str
    problem: Callable[[ir.Table], ir.StringValue]
    told: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Checked:
    """Rows that passed, and one line for each row that did not."""

    passed: ir.Table
    problems: ir.Table


def check(
    engine: Engine, rows: ir.Table, checks: Sequence[Check | Rules], *, kept: Sequence[str] | None = None
) -> Checked:
    """Split the rows by the checks; the first broken one names the row's problem.

    kept: the columns that the passed rows are to have, `baris` among them; all when not said.
    """
    columns = kept or rows.columns
    found = {f"problem_{place}": rule.problem(rows) for place, rule in enumerate(checks) if isinstance(rule, Rules)}
    judged = rows.mutate(**found)
    broken: list[tuple[ir.BooleanValue, ir.IntegerScalar]] = []
    told: list[tuple[str, str, str]] = []
    for place, rule in enumerate(checks):
        if isinstance(rule, Check):
            breaks = {(rule.reason, rule.remedy): rule.breaks(judged).fill_null(True)}
        else:
            breaks = {words: judged[f"problem_{place}"] == code for code, words in rule.told.items()}
        for words, condition in breaks.items():
            broken.append((condition, ibis.literal(len(told), "int32")))
            told.append((rule.column, *words))
    marked = engine.keep(judged.mutate(broken=ibis.cases(*broken)).select(*columns, "broken"))
    places = pa.array(range(len(told)), pa.int32())
    words = pa.Table.from_arrays(
        [places, *map(pa.array, zip(*told, strict=True))], names=["place", *PROBLEMS.names[1:]]
    )
    named = engine.given(words)
    rejected = marked.filter(marked.broken.notnull())
    problems = rejected.join(named, rejected.broken == named.place).select(*PROBLEMS.names)
    return Checked(passed=marked.filter(marked.broken.isnull()).select(*columns), problems=problems)


def filled(column: str, what: str) -> Check:
    """The cell may not be empty."""
    return Check(
        column, lambda t: t[column] == "", _("%(what)s kosong") % {"what": what}, _("Isi %(what)s") % {"what": what}
    )


def nik_checks(column: str, today: date) -> list[Rules]:
    """The rules of a NIK."""
    told = {code.value: nik.explain(code) for code in nik.NikProblem}
    return [Rules(column, lambda rows: nik.nik_problem(rows[column], today), told)]


def kk_checks(column: str) -> list[Rules]:
    """The rules of a family card's number."""
    told = {code.value: kk_number.explain(code) for code in kk_number.KkProblem}
    return [Rules(column, lambda rows: kk_number.kk_problem(rows[column]), told)]


def one_of(column: str, allowed: Sequence[str], *, may_be_empty: bool = False) -> Check:
    """The cell holds one of the codes."""
    codes = [*allowed, ""] if may_be_empty else list(allowed)
    return Check(
        column,
        lambda t: ~text(t, column).isin(codes),
        _("%(column)s berisi kode yang tidak dikenal") % {"column": column},
        _("Pakai salah satu: %(codes)s") % {"codes": ", ".join(allowed)},
    )


def date_of(value: ir.StringValue) -> ir.DateValue:
    """A date written 2023-05-09 or 09-05-2023; null for anything else."""
    swapped = value.substr(6, 4) + "-" + value.substr(3, 2) + "-" + value.substr(0, 2)
    return ibis.cases(
        (value.re_search(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), value.try_cast("date")),
        (value.re_search(r"^[0-9]{2}-[0-9]{2}-[0-9]{4}$"), swapped.try_cast("date")),
        else_=ibis.null("date"),
    )


def date_checks(column: str, today: date) -> list[Check]:
    """A real date, not in the future."""
    return [
        Check(
            column,
            lambda t: date_of(t[column]).isnull(),
            _("Tanggal tidak terbaca"),
            _("Tulis 2023-05-09 atau 09-05-2023"),
        ),
        Check(
            column,
            lambda t: date_of(t[column]) > ibis.literal(today),
            _("Tanggal di masa depan"),
            _("Periksa tahunnya"),
        ),
    ]


def rupiah_checks(column: str) -> list[Check]:
    """Digits only: 200000, never 200.000."""
    return [
        Check(
            column,
            lambda t: ~t[column].re_search(r"^[0-9]{1,15}$"),
            _("Jumlah rupiah hanya boleh angka"),
            _("Tulis tanpa titik, koma, spasi atau Rp, misalnya 200000"),
        )
    ]


def code_of(value: ir.StringValue) -> ir.StringValue:
    """A region code without dots, null when the text cannot be one."""
    return region_code.normalise_expr(value)


def text(rows: ir.Table, column: str) -> ir.StringValue:
    """A cell as text: a column that the file does not have counts as empty."""
    return rows[column].fill_null("")
