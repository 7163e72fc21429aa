import hashlib

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.foundation.vocabulary.identifier import derive_id, derive_id_expr, derive_id_sql
from support.tables import ENGINE, value

KEY = bytes(range(32))
keys = st.binary(min_size=1, max_size=40)


def test_an_id_is_the_first_63_bits_after_the_sign_of_the_digest() -> None:
    digest = hashlib.sha256(f"{KEY.hex()}:3273011505900001".encode()).digest()
    assert derive_id(KEY, "3273011505900001") == int.from_bytes(digest[:8], "big") % 2**63


@given(
    keys, st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=30)
)
def test_value_column_and_sql_agree(key: bytes, texts: list[str]) -> None:
    expected = [derive_id(key, text) for text in texts]
    given_texts = ibis.memtable({"text": texts})
    assert value(derive_id_expr(key, given_texts.text)) == expected
    in_sql = ENGINE.con.execute(
        f"select {derive_id_sql(key, 't')} from unnest($1::varchar[]) as u(t)", [texts]
    ).fetchall()
    assert [row[0] for row in in_sql] == expected
    assert all(0 < found < 2**63 for found in expected)


def test_no_text_has_no_id() -> None:
    assert value(derive_id_expr(KEY, ibis.null("string"))) is None
    assert ENGINE.con.execute(f"select {derive_id_sql(KEY, 'null')}").fetchall() == [(None,)]


def test_another_key_gives_other_ids() -> None:
    assert derive_id(b"one", "3273") != derive_id(b"two", "3273")


def test_ids_without_a_key_are_refused() -> None:
    with pytest.raises(AssertionError):
        derive_id(b"", "3273")
