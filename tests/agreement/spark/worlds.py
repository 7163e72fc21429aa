"""The tables that the steps read, as Arrow: random and biased to the edge, taken from the worlds of each context; or empty."""

from __future__ import annotations

import random

import pyarrow as pa

from agreement.given import Row, arrow
from delivery.steps import test_lines as incoming
from delivery.steps import test_route as outgoing
from enrolment import worlds as lists
from monitoring.indicators import test_rights as rights
from programmes import worlds as people
from programmes.test_engines import rule_named
from reconciliation import worlds as results
from salur.delivery.tables import CHANNELS, HOLDERS
from salur.enrolment.tables import LIST, QUOTAS
from salur.foundation.vocabulary.period import Period
from salur.reconciliation.tables import SETTLEMENT

World = dict[str, pa.Table]
TODAY = Period.parse("2023-05").first_day.toordinal() - 719_163
VILLAGES = (*lists.VILLAGES, rights.JAKARTA, rights.JAYAPURA)
# Ids that are nearly right: each belongs to nobody, on every engine.
SPOILT = ("", "x", "-1-00", "0" * 40, "SEMBAKO-2023-05-0000000000000000001-1-99", "sembako", "1.5", " 7 ")
LINE_ENDS = ("\n", "\r", "\u0085", "\u2028")


def empty() -> World:
    return {name: rows.slice(0, 0) for name, rows in random_world(0, families=2).items()}


def random_world(seed: int, families: int = 120) -> World:
    chance = random.Random(seed)
    world = {
        **_people(seed, families),
        **_lists(seed, families),
        **_outgoing(chance, families),
        **_incoming(chance, families),
        **_results(seed, families),
        **_rights(chance, families),
    }
    return {name: _shuffled(chance, rows) for name, rows in world.items()}


def reversed_world(world: World) -> World:
    return {name: rows.take(pa.array(range(rows.num_rows - 1, -1, -1), pa.int64())) for name, rows in world.items()}


def _shuffled(chance: random.Random, rows: pa.Table) -> pa.Table:
    return rows.take(pa.array(chance.sample(range(rows.num_rows), rows.num_rows), pa.int64()))


def _people(seed: int, families: int) -> World:
    """Also for the holder: members with the same birthday, the dead, and one in six with an account."""
    period = Period.parse("2023-T1")
    made = people.arrow_tables(people.random_world(seed, rule_named("PKH", period), period, families))
    persons = made["persons"]["person_id"].to_pylist()
    return {**made, "accounts": arrow({"person_id": "int64"}, [{"person_id": p} for p in persons[::6]])}


def _lists(seed: int, families: int) -> World:
    # An odd seed has an earlier list.
    made = lists.random_world(2 * seed + 1, TODAY, 90, families)
    return {
        "verdicts": arrow(lists.VERDICTS, made.verdicts),
        "quotas": arrow(QUOTAS, lists.quota(made.quotas)),
        "previous": arrow(LIST, made.previous or []),
    }


def _outgoing(chance: random.Random, families: int) -> World:
    codes = sorted({"00", *(code[:length] for code in VILLAGES for length in (2, 4, 6, 10))})
    channels = [
        {"region_code": c, "channel": chance.choice(("BRI", "BNI", "POS"))} for c in codes if chance.random() < 0.4
    ]
    states = ("AKTIF", "AKTIF", "PASIF", "TUTUP", "BLOKIR", "PROSES")
    holders = [outgoing.known(n, chance.choice(("BRI", "BNI", "")), chance.choice(states)) for n in range(1, families)]
    due = [
        outgoing.owed(
            recipient,
            village=chance.choice(VILLAGES),
            holder=chance.choice((None, *range(1, families + 20))),
            rupiah=chance.choice((0, 1, 200_000, 2**31, 2**40)),
        )
        for recipient in [*range(1, families), 10**18, 2**63 - 1]
    ]
    everywhere = [{"region_code": village} | one for one in holders for village in VILLAGES]
    return {
        "due": arrow(outgoing.DUE, due),
        "channels": arrow(CHANNELS, channels),
        "holders": arrow(HOLDERS, everywhere),
    }


def _incoming(chance: random.Random, families: int) -> World:
    recipients = [*range(1, families), 2**63 - 1]
    sent = [incoming.sent(r, chance.choice(VILLAGES)) for r in recipients[::2]]
    sent += [incoming.sent(r, channel="BNI") for r in recipients[1::8]]
    return {
        "sent": arrow(incoming.SENT, sent),
        "cells": arrow(incoming.CELLS, _cells(chance, recipients, 3 * families)),
        "earlier_cells": arrow(incoming.CELLS, _cells(chance, recipients, families)),
    }


def _cells(chance: random.Random, recipients: list[int], count: int) -> list[Row]:
    offsets = ("", "Z", "+07:00", "-0530", "+14:00")
    moments = ("2023-05-09", "2024-02-29", "2023-05-09T10:15", "2023-05-09 23:59:59.9999", "1969-12-31T00:00:00,5")
    rows = []
    for number in range(count):
        moment = chance.choice(moments)
        row = incoming.cell(
            number,
            chance.choice(recipients[:20] + recipients[-1:]),
            chance.choice(("KREDIT", "AMBIL", "TARIK", "KEMBALI", "GAGAL")),
            chance.choice(("0", "1", "200000", "2147483648", "999999999999999", "000000000000007")),
            moment + (chance.choice(offsets) if len(moment) > 10 else ""),
            proof=chance.choice(("A", "B", "", "é|~")),
        )
        row["kode_alasan"] = chance.choice(("", "", "LAIN", "MENINGGAL", "ANEH", None))
        if chance.random() < 0.1:
            row["id_instruksi"] = chance.choice(SPOILT)
        elif chance.random() < 0.1:
            row["id_instruksi"] += chance.choice(LINE_ENDS)
        rows.append(row)
    return rows


def _results(seed: int, families: int) -> World:
    made = results.random_world(seed, families)
    return {
        "instructed": arrow(results.INSTRUCTED, made.instructions),
        "lines": arrow(results.PLACED_LINES, made.lines),
        "not_sent": arrow(results.NOT_SENT, made.not_sent),
    }


def _rights(chance: random.Random, families: int) -> World:
    outcomes = ("admitted", "admitted", "held", "waiting", "not_admitted")
    listed = [rights.listed(r, chance.choice(outcomes), chance.choice(VILLAGES)) for r in range(1, families)]
    entitled = [
        rights.entitled(one["recipient_id"], one["village_code"], chance.choice((0, 200, 2**31, 2**40)))
        for one in listed
        if one["outcome"] == "admitted"
    ]
    return {
        "listed": arrow(LIST, listed),
        "entitled": arrow(rights.ENTITLED, entitled),
        "settled": arrow(SETTLEMENT, (row for one in entitled for row in rights.random_settlement(chance, one))),
        "still": arrow({"recipient_id": "int64"}, [{"recipient_id": o["recipient_id"]} for o in entitled[::2]]),
        "regency_quotas": arrow(
            {"region_code": "text", "quota": "int64"},
            [{"region_code": c, "quota": chance.choice((0, 3, 2**33))} for c in ("00", "63", "6371", "31", "9171")],
        ),
        "causes": arrow(
            {"region_code": "text", "cause": "text"},
            [{"region_code": o["region_code"], "cause": chance.choice(("LAIN", "GAGAL"))} for o in entitled[::3]],
        ),
    }
