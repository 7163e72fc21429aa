"""Which channel and account carries each entitlement, and which entitlement cannot be instructed, and why."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.codes import CHANNELS_WITHOUT_ACCOUNT, AccountStatus, NotInstructed
from salur.foundation.vocabulary.instruction_id import instruction_id_expr

LENGTHS = (10, 6, 4, 2)
_CLOSED = {
    AccountStatus.PASIF: NotInstructed.REKENING_PASIF,
    AccountStatus.TUTUP: NotInstructed.REKENING_TUTUP,
    AccountStatus.BLOKIR: NotInstructed.REKENING_BLOKIR,
    AccountStatus.PROSES: NotInstructed.REKENING_PROSES,
}


@dataclass(frozen=True)
class Routed:
    """kept: delivery.tables.INSTRUCTIONS · findings: vocabulary.findings.FINDINGS."""

    kept: ir.Table
    findings: ir.Table


def route(due: ir.Table, channels: ir.Table, holders: ir.Table, *, cycle: str) -> Routed:
    """Every row of `due` leaves as an instruction or as a finding: `judge`, `instructions` and `findings` at once."""
    judged = judge(due, channels, holders)
    return Routed(instructions(judged, cycle=cycle), findings(judged))


def judge(due: ir.Table, channels: ir.Table, holders: ir.Table) -> ir.Table:
    """Every row of `due` with its channel, the versions that it will be sent to, and the reason why it cannot be; '' when it can.

    due: recipient_id, region_code (village), holder_id, amount_rupiah, attempt · channels: region_code, channel ·
    holders: delivery.tables.HOLDERS. The most detailed channel row on the family's path counts.
    """
    placed = _with_channel(due, channels)
    known = placed.left_join(
        holders.rename(holder_region="region_code"),
        [("region_code", "holder_region"), ("holder_id", "person_id")],
    )
    bank, status = known.bank.fill_null(""), known.status.fill_null("")
    without = known.channel.isin([channel.value for channel in CHANNELS_WITHOUT_ACCOUNT])
    reason = ibis.cases(
        (known.channel.isnull(), NotInstructed.TANPA_KANAL.value),
        (without & known.person_id.notnull(), ""),
        (bank == "", NotInstructed.TANPA_REKENING.value),
        (bank != known.channel, NotInstructed.BANK_LAIN.value),
        *[(status == closed.value, why.value) for closed, why in _CLOSED.items()],
        else_="",
    )
    judged = known.mutate(reason=reason)
    return judged.select(*due.columns, "channel", "person_version", "account_version", "reason")


def instructions(judged: ir.Table, *, cycle: str) -> ir.Table:
    """delivery.tables.INSTRUCTIONS for what can be sent."""
    sent = judged.filter(judged.reason == "")
    return sent.select(
        "recipient_id",
        "attempt",
        id_instruksi=instruction_id_expr(cycle, sent.recipient_id, sent.attempt),
        region_code=sent.region_code,
        channel=sent.channel,
        holder_id=sent.holder_id,
        holder_version=sent.person_version,
        account_version=sent.account_version,
        amount_rupiah=sent.amount_rupiah,
    )


def findings(judged: ir.Table) -> ir.Table:
    """vocabulary.findings.FINDINGS for what cannot."""
    fallen = judged.filter(judged.reason != "")
    return fallen.select(
        "region_code",
        "recipient_id",
        step=ibis.literal("delivery"),
        reason=fallen.reason,
        article=ibis.literal(""),
        numbers=ibis.literal('{"rupiah":') + fallen.amount_rupiah.cast("string") + "}",
    )


def _with_channel(due: ir.Table, channels: ir.Table) -> ir.Table:
    joined = due
    for length in LENGTHS:
        known = channels.filter((channels.region_code.length() == length) & (channels.region_code != "00"))
        known = known.select(**{f"at_{length}": known.region_code, f"channel_{length}": known.channel})
        found = joined.mutate(cut=joined.region_code.substr(0, length)).left_join(known, [("cut", f"at_{length}")])
        joined = found.select(*joined.columns, f"channel_{length}")
    country = channels.filter(channels.region_code == "00").select(at_0="region_code", channel_0="channel")
    joined = joined.mutate(cut=ibis.literal("00")).left_join(country, [("cut", "at_0")])
    return joined.select(
        *due.columns, channel=ibis.coalesce(*[joined[f"channel_{length}"] for length in (*LENGTHS, 0)])
    )
