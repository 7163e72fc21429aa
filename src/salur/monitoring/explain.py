"""One family's story from what was sealed: what the register noticed, each decision, and what became of the money.

Everything is read as the officer who asks: a family outside the area does not exist for them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
from django.db import connection, connections

from salur.cycles.models import PaymentPeriod
from salur.enrolment.models import Determination
from salur.enrolment.tables import PARAMETERS
from salur.foundation.access.actions.officers import Actor, reading_as
from salur.foundation.engine.session import Engine, local_engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.foundation.vocabulary import words
from salur.foundation.vocabulary.codes import EnrolmentReason as Reason
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period
from salur.programmes.conditions.eligibility import ELIGIBLE, eligibility
from salur.programmes.conditions.features import counted, features
from salur.programmes.rule import Rule
from salur.reconciliation.models import Reconciliation

Row = dict[str, Any]
DIGITS_OF_A_PERSON = 16
# What of a family would have to be different for the reason to fall away; "decile" is filled from the rule.
REMEDIES: Mapping[str, Row] = {
    Reason.PEKERJAAN: {"excluded_occupation": ""},
    Reason.TANPA_KOMPONEN: {"components": 1},
    Reason.TANPA_DEWASA: {"adults": 1, "holder_status": "PADAN"},
    **{reason: {"holder_status": "PADAN"} for reason in Reason if reason.startswith("PENGURUS_")},
}


class NotFound(Refused):
    """There is no such family in the area of whoever asks."""


class Waiting(Refused):
    """A row of this person is there, but no family that it belongs to."""


@dataclass(frozen=True)
class Decision:
    """One row of a list. `obstacles`: what would have to change, one after the other, until the family is eligible."""

    programme: str
    period: str
    released_as_of: str
    rule: Rule
    outcome: str
    reason: str
    article: str
    numbers: Row
    obstacles: tuple[str, ...] = ()

    @property
    def is_listed(self) -> bool:
        """False when the family was in no release that the list was made from."""
        return self.outcome != ""

    @property
    def is_verified(self) -> bool:
        """Whether the regulation behind the article was read, not only a report of it."""
        bases = [*self.rule.legal, *(r.basis for r in (*self.rule.conditions, *self.rule.holds))]
        return all(basis.confidence == "verified" for basis in bases if str(basis) == self.article)


@dataclass(frozen=True)
class Payment:
    """The money of one cycle: what was due by period, each instruction with its settlement, and what does not agree."""

    cycle: str
    entitlements: tuple[Row, ...]
    settlements: tuple[Row, ...]
    exceptions: tuple[Row, ...]


@dataclass(frozen=True)
class Story:
    """Codes and numbers only, never a name or a NIK."""

    recipient_id: int
    region_code: str
    waiting: tuple[str, ...]
    findings: tuple[str, ...]
    decisions: tuple[Decision, ...]
    payments: tuple[Payment, ...]


def find(number: str, *, by: Actor) -> int:
    """The family behind a NIK, a card number (also an old one) or its own id. Raises NotFound."""
    by.require("explain")
    text = re.sub(r"[ .-]", "", number)
    if not re.fullmatch(r"[0-9]{1,19}", text):
        return _refuse()
    if len(text) != DIGITS_OF_A_PERSON:
        return _visible(int(text), by)
    with connection.cursor() as cursor:  # every card that a family ever had; whether it may be seen is asked after
        cursor.execute("select family_id from registry_card where no_kk = %s", [text])
        card = cursor.fetchone()
    with reading_as(by) as alias, connections[alias].cursor() as cursor:
        cursor.execute(
            """select family_id, '' from registry_person where nik = %(text)s
               union all select family_id, reason from registry_review where nik = %(text)s and state = 'OPEN'
               order by 2, 1 limit 1""",
            {"text": text},
        )
        person = cursor.fetchone()
    if person and person[0] is None and not card:
        raise Waiting(
            _("Baris orang ini menunggu: %(what)s; kirim keluarganya dengan salur registry import.")
            % {"what": words.register(person[1])}
        )
    family = person[0] if person and person[0] else card[0] if card else int(text)
    return _visible(family, by)


def recipient(number: str, *, by: Actor) -> int:
    """The family whose id this is; a NIK or a card number leads nowhere here. Raises NotFound."""
    by.require("explain")
    return _visible(int(number), by) if re.fullmatch(r"[1-9][0-9]{0,18}", number) else _refuse()


def story(recipient: int, *, by: Actor) -> Story:
    """What is known of a family. Raises NotFound outside the area, in the same words as for one that does not exist."""
    by.require("explain")
    _visible(recipient, by)
    with reading_as(by) as alias:
        region = _rows(alias, "select region_code from registry_family where family_id = %s", recipient)
        waiting = _rows(
            alias,
            """select distinct r.reason from registry_review r join registry_family f on f.family_id = %s
               where r.state = 'OPEN' and (r.family_id = f.family_id or r.no_kk = f.no_kk) order by 1""",
            recipient,
        )
        findings = _rows(
            alias, "select distinct code from registry_finding where family_id = %s order by code", recipient
        )
        entitled = _rows(
            alias,
            """select c.id, c.code as cycle, p.period, e.component_rupiah, e.amount_rupiah from entitlement e
               join cycles_paymentperiod p on p.id = e.period_id join cycles_cycle c on c.id = e.cycle_id
               where e.recipient_id = %s order by c.id, p.first_month""",
            recipient,
        )
        settled = _rows(
            alias,
            """select coalesce(s.cycle_id, i.cycle_id) as id, coalesce(s.attempt, i.attempt) as attempt,
                      coalesce(s.id_instruksi, i.id_instruksi) as id_instruksi,
                      coalesce(s.channel, i.channel) as channel,
                      coalesce(s.instructed_rupiah, i.amount_rupiah) as instructed_rupiah, s.state, s.credited_rupiah,
                      s.collected_rupiah, s.returned_rupiah, s.excess_rupiah, s.open_rupiah, s.reason
               from (select * from settlement where recipient_id = %s) s
               full join (select * from instruction where recipient_id = %s) i
                 on (i.cycle_id, i.attempt) = (s.cycle_id, s.attempt)
               order by 1, 2""",
            recipient,
            recipient,
        )
    with local_engine() as run:
        decisions = tuple(_decision(run, made, recipient, by) for made in _determinations())
        payments = tuple(_payment(run, recipient, cycle, entitled, settled) for cycle in _in_order(entitled))
    return Story(
        recipient, region[0]["region_code"], tuple(r["reason"] for r in waiting), tuple(f["code"] for f in findings),
        decisions, payments,
    )  # fmt: skip


def _visible(recipient: int, by: Actor) -> int:
    with reading_as(by) as alias:
        found = _rows(alias, "select 1 as one from registry_family where family_id = %s", recipient)
    return recipient if found else _refuse()


def _refuse() -> int:
    raise NotFound(_("Keluarga ini tidak ditemukan di wilayah Anda; periksa nomornya."))


def _rows(alias: str, query: str, *values: int) -> list[Row]:
    with connections[alias].cursor() as cursor:
        cursor.execute(query, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _in_order(entitled: list[Row]) -> list[tuple[int, str]]:
    return list(dict.fromkeys((row["id"], row["cycle"]) for row in entitled))


def _determinations() -> list[Determination]:
    """The list that counts for each programme and period: the one that is paid from, else the newest."""
    paid = set(PaymentPeriod.objects.values_list("determination_id", flat=True))
    chosen: dict[tuple[str, str], Determination] = {}
    for made in Determination.objects.select_related("listed", "release").order_by("period", "programme", "pk"):
        standing = chosen.get((made.programme, made.period))
        if standing is None or standing.pk not in paid or made.pk in paid:
            chosen[made.programme, made.period] = made
    return list(chosen.values())


def _decision(run: Engine, made: Determination, recipient: int, by: Actor) -> Decision:
    inputs = {one.kind: one for one in lake.inputs_of(made.listed)}
    stored = dict(zip(*lake.arrow(inputs[PARAMETERS.kind]).to_pydict().values(), strict=True))
    rule = Rule.from_json(stored["rule"])
    decision = Decision(made.programme, made.period, made.release.as_of.isoformat(), rule, "", "", "", {})
    rows = [row for row in _of(run, made.listed, recipient) if by.sees(row["village_code"])]
    if not rows:
        return decision
    [row] = rows
    known = _features(run, inputs, recipient, rule, Period.parse(made.period))
    return replace(
        decision, outcome=row["outcome"], reason=row["reason"], article=row["article"],
        numbers=json.loads(row["numbers"]), obstacles=tuple(_obstacles(run, known, rule)),
    )  # fmt: skip


def _of(run: Engine, dataset: Dataset, recipient: int) -> list[Row]:
    """The rows of a sealed dataset about one recipient."""
    rows = lake.read(run, dataset)
    return run.arrow(rows.filter(rows.recipient_id == recipient)).to_pylist()


def _features(run: Engine, inputs: dict[str, Dataset], recipient: int, rule: Rule, period: Period) -> pa.Table:
    """The family as the list saw it: the same step that ran for the country, over one family."""
    families, persons = (lake.read(run, inputs[kind]) for kind in ("release_families", "release_persons"))
    mine = families.filter(families.recipient_id == recipient), persons.filter(persons.recipient_id == recipient)
    return run.arrow(features(counted(*mine, [(rule, period)]), rule=rule))


def _obstacles(run: Engine, known: pa.Table, rule: Rule) -> list[str]:
    """Take away one obstacle after the other and ask the rule again, until nothing stands in the way."""
    found: list[str] = []
    while True:
        [judged] = run.arrow(eligibility(run.given(known), rule=rule)).to_pylist()
        if judged["verdict"] == ELIGIBLE or judged["reason"] in found:
            return found
        found.append(judged["reason"])
        remedy = REMEDIES.get(judged["reason"], {"decile": rule.decile_to})
        [row] = known.to_pylist()
        known = pa.Table.from_pylist([row | remedy], schema=known.schema)


def _payment(run: Engine, recipient: int, cycle: tuple[int, str], entitled: list[Row], settled: list[Row]) -> Payment:
    number, code = cycle
    latest = Reconciliation.objects.filter(cycle_id=number).select_related("exceptions").order_by("-pk").first()
    causes = _of(run, latest.exceptions, recipient) if latest else []
    return Payment(
        code,
        tuple(
            {"period": r["period"], "amount_rupiah": r["amount_rupiah"],
             "component_rupiah": json.loads(r["component_rupiah"])}
            for r in entitled if r["id"] == number
        ),
        tuple({name: value for name, value in r.items() if name != "id"} for r in settled if r["id"] == number),
        tuple({"cause": c["cause"], "rupiah": c["rupiah"]} for c in sorted(causes, key=lambda c: c["cause"])),
    )  # fmt: skip
