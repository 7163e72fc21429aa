"""Merge staged rows into the register, set by set; rows that waited for them follow by themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

SQL = Path(__file__).parent / "sql"
KINDS = ("families", "persons", "accounts")


@contextmanager
def stages(owner: psycopg.Connection) -> Iterator[str]:
    """Empty stage tables, one for each kind and one for the rejected members, for as long as the block lasts; gives their stem."""
    stem = f"stage_registry_{uuid.uuid4().hex[:12]}"
    for kind in (*KINDS, "fallen"):
        owner.execute(_definition(kind).replace("{stage}", f"{stem}_{kind}"))
    owner.commit()
    try:
        yield stem
    finally:
        owner.rollback()
        owner.execute("drop table if exists " + ", ".join(f"{stem}_{kind}" for kind in (*KINDS, "fallen")))
        owner.commit()


def merge(stem: str) -> dict[int, dict[str, int]]:
    """Families, then persons, then accounts, inside the caller's transaction. Gives the rows of each file by decision:
    accepted, unchanged, to_review, and dropped (a person has turned the same row down before)."""
    counts: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        for kind in KINDS:
            cursor.execute(_text(kind, stem))
            cursor.execute(
                f"""select file_id, case decision when 'copy' then 'unchanged' else coalesce(decision, 'accepted') end, count(*)
                    from {stem}_{kind} where review_id is null group by 1, 2"""
            )
            for file_id, decision, count in cursor.fetchall():
                counts.setdefault(file_id, {})[decision] = count
    return counts


def _text(kind: str, stem: str) -> str:
    text = (SQL / f"merge_{kind}.sql").read_text()
    for name, table in (("stage", kind), ("families", "families"), ("fallen", "fallen")):
        text = text.replace(f"{{{name}}}", f"{stem}_{table}")
    return text


def _definition(kind: str) -> str:
    """The CREATE TABLE of one kind out of stages.sql."""
    return (SQL / "stages.sql").read_text().split(f"-- {kind}\n")[1].split("\n-- ")[0]
