"""Read a channel's rows as lines: parse the id, the moment and the amount, and name what belongs to nobody."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from salur.delivery.tables import LINES
from salur.foundation.intake.checking import text
from salur.foundation.vocabulary.codes import ReconcileException, ResultKind, ResultReason
from salur.foundation.vocabulary.instruction_id import cycle_expr, parse_expr
from salur.foundation.vocabulary.joined import joined
from salur.foundation.vocabulary.region_code import zone_minutes_expr
from salur.foundation.vocabulary.wide import int64, total

# \z and not $: on Spark, Java lets $ stand before a line end.
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?\z"
_SIGNS = ("+", "-")
_DAY_MS = 86_400_000
NOWHERE = "00"
UNKNOWN_REASON = "KODE_ALASAN_TIDAK_DIKENAL"
# What is kept of a recognised row: nothing of its cells but what they tell.
TOLD = (
    "baris", "known_cycle", "known_recipient", "known_attempt", "known_channel", "known_region", "stranger_id", "kind",
    "amount_rupiah", "at_ms", "given_proof", "reason", "note",
)  # fmt: skip


def recognised(rows: ir.Table, instructions: ir.Table) -> ir.Table:
    """Each row beside the released instruction whose id it carries to the letter, with what its cells tell (the columns TOLD).

    rows: cells of a result file, checked or not; what a cell of wrong form tells is null or nonsense · instructions: cycle, recipient_id,
    attempt, channel, region_code, id_instruksi. `known_recipient` is null where no instruction has the id; only there `stranger_id` is
    filled. A time without offset takes the zone of the regency.
    """
    known = instructions.select(
        known_id="id_instruksi",
        known_cycle="cycle",
        known_recipient="recipient_id",
        known_attempt="attempt",
        known_channel="channel",
        known_region="region_code",
    )
    found = rows.left_join(known, [("id_instruksi", "known_id")])
    found = found.select(*rows.columns, *known.columns[1:])
    given_reason = text(found, "kode_alasan")
    is_strange = (given_reason != "") & ~given_reason.isin([reason.value for reason in ResultReason])
    return found.mutate(
        stranger_id=ibis.cases((found.known_recipient.isnull(), found.id_instruksi)),
        kind=found.hasil,
        amount_rupiah=text(found, "jumlah").nullif("").fill_null("0").try_cast("int64"),
        at_ms=_at_ms(found),
        given_proof=found.bukti,
        reason=ibis.cases((is_strange, ResultReason.LAIN.value), else_=given_reason),
        note=ibis.cases((is_strange, UNKNOWN_REASON), else_=""),
    )


def lines(found: ir.Table, *, channel: str | None) -> ir.Table:
    """The recognised rows as lines, to be named `in_file`. A line about another channel's instruction moves nothing: `problem` says so.
    Without a channel the file speaks for every one.
    """
    known = found.filter(found.known_recipient.notnull())
    other = known.known_channel != channel if channel is not None else ibis.literal(False)
    problem = ibis.cases((other, ReconcileException.KANAL_LAIN.value), else_="")
    told = ibis.literal(channel) if channel is not None else known.known_channel
    return _as_lines(known, told, cycle=known.known_cycle, problem=problem, stranger=ibis.literal(""))


def cycles_named(found: ir.Table) -> ir.Table:
    """named: the cycles that the ids of strangers name, each once."""
    unknown = found.filter(found.known_recipient.isnull())
    return unknown.select(named=cycle_expr(unknown.stranger_id)).filter(lambda t: t.named.notnull()).distinct()


def strangers(
    found: ir.Table,
    *,
    channel: str,
    cycles: Sequence[str],
    fallback_cycle: str,
    key: str,
    named: Sequence[str] | None = None,
) -> ir.Table:
    """The other rows as lines: mistyped or unknown, named in the cycle that the id names or in `fallback_cycle`.

    cycles: those under way · key: the home's, for the digest of an id that belongs to nobody · named: what `cycles_named` has found,
    without which each id is read letter by letter.
    """
    unknown = found.filter(found.known_recipient.isnull())
    parsed = parse_expr(unknown.stranger_id, cycles if named is None else named, has_others=named is None)
    problem = ibis.cases(
        (~parsed.check_ok, ReconcileException.ID_SALAH_KETIK.value), else_=ReconcileException.ID_TIDAK_DIKENAL.value
    )
    cycle = ibis.cases((parsed.cycle.isin(list(cycles)), parsed.cycle), else_=fallback_cycle)
    digest = (ibis.literal(key + "|") + unknown.stranger_id).hexdigest("sha256").left(32)
    return _as_lines(unknown, ibis.literal(channel), cycle=cycle, problem=problem, stranger=digest)


def _as_lines(
    found: ir.Table,
    channel: ir.StringValue,
    *,
    cycle: ir.StringValue,
    problem: ir.StringValue,
    stranger: ir.StringValue,
) -> ir.Table:
    proof = found.given_proof
    return found.select(
        region_code=found.known_region.fill_null(NOWHERE),
        line="baris",
        channel=channel,
        cycle=cycle,
        recipient_id="known_recipient",
        attempt="known_attempt",
        kind="kind",
        amount_rupiah="amount_rupiah",
        at_ms="at_ms",
        proof=ibis.cases(
            (proof == "", joined("~", found.at_ms.cast("string"), "~", found.amount_rupiah.cast("string"))),
            (proof.startswith("~"), ibis.literal("~") + proof),  # no given proof looks like one that we make up
            else_=proof,
        ),
        has_proof=proof != "",
        reason="reason",
        problem=problem,
        note="note",
        stranger=stranger,
    )


def in_file(rows: ir.Table, *, file: str) -> ir.Table:
    """delivery.tables.LINES; file: the digits by which the lines name their file."""
    return rows.mutate(file=ibis.literal(file)).select(*LINES.names)


def _at_ms(found: ir.Table) -> ir.IntegerValue:
    """Milliseconds since 1970 UTC of `waktu`, whose form is MOMENT; finer than a millisecond is cut off.

    Read by the place of each sign, for to look for a pattern takes several times as long. Counted in whole numbers: a timestamp of Spark
    would take the zone of its session.
    """
    told, length = found.waktu, found.waktu.length()
    zone = ibis.cases(
        (length == len("2023-05-09"), ""),  # the dash before its day is no sign of a zone
        (told.endswith("Z"), "Z"),
        (told.right(len("+07:00")).left(1).isin(_SIGNS), told.right(len("+07:00"))),
        (told.right(len("+0700")).left(1).isin(_SIGNS), told.right(len("+0700"))),
        else_="",
    )
    minutes = zone.substr(1, 2).try_cast("int32") * 60 + zone.right(2).try_cast("int32")
    place = zone_minutes_expr(found.known_region.fill_null("31"))
    shift = ibis.cases((zone == "", place), (zone == "Z", 0), (zone.startswith("-"), -minutes), else_=minutes)
    end = length - zone.length()

    def part(start: int) -> ir.IntegerValue:
        return told.substr(start, 2).try_cast("int32").fill_null(0)

    seconds = (part(11) * 60 + part(14)) * 60 + ibis.cases((has_seconds(told), part(17)), else_=0)
    finer = joined(told.substr(20, end - 20), "000").left(3).try_cast("int32")
    fraction = ibis.cases((end > len("2023-05-09T10:15:00"), finer), else_=0)
    days = day(told).epoch_days().cast("int64")
    return days * _DAY_MS + (seconds - shift * 60).cast("int64") * 1000 + fraction


def day(moment: ir.StringValue) -> ir.DateValue:
    """The day that a moment names; null when there is none such."""
    return moment.substr(0, len("2023-05-09")).try_cast("date")


def has_seconds(moment: ir.StringValue) -> ir.BooleanValue:
    """Whether a moment of the form MOMENT tells seconds."""
    return moment.substr(16, 1) == ":"


def known_keys(lines: ir.Table) -> ir.Table:
    """Each line by what makes it known, with its content: (cycle, recipient, attempt, kind, proof) → content.

    The amount of GAGAL is ignored, here as in the fold.
    """
    amount = ibis.cases((lines.kind == ResultKind.GAGAL.value, int64(0)), else_=lines.amount_rupiah)
    content = joined(lines.at_ms.cast("string"), "|", amount.cast("string"), "|", lines.reason)
    return lines.filter(lines.problem == "").mutate(content=content)


def accounted(fresh: ir.Table, earlier: ir.Table) -> ir.Table:
    """Of the lines of a new file that count, in one row: to_review, accepted, whole (what is neither is unchanged).

    A line that is there already, in this file or an earlier one, is unchanged; one that contradicts another goes to review.
    """
    key = ["cycle", "recipient_id", "attempt", "kind", "proof"]
    mine = known_keys(fresh)
    before = known_keys(earlier).group_by(key).agg(low=ibis._.content.min(), high=ibis._.content.max())
    before = before.rename({f"b_{name}": name for name in key})
    inside = mine.group_by(key).agg(i_low=mine.content.min(), i_high=mine.content.max(), n=mine.count())
    joined = inside.left_join(before, [(name, f"b_{name}") for name in key])
    clashes = (joined.i_low != joined.i_high) | (
        joined.low.notnull() & ((joined.low != joined.i_low) | (joined.high != joined.i_high))
    )
    counts = joined.select(
        n="n",
        to_review=ibis.cases((clashes, joined.n), else_=0),
        accepted=ibis.cases((clashes | joined.low.notnull(), 0), else_=1),
    )
    return counts.agg(
        to_review=total(counts.to_review).fill_null(0),
        accepted=total(counts.accepted).fill_null(0),
        whole=total(counts.n).fill_null(0),
    )


KINDS = tuple(kind.value for kind in ResultKind)
