import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.foundation.vocabulary.search_key import search_key, search_key_expr
from support.tables import value

latin = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x24F),
        st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
        st.characters(min_codepoint=0x300, max_codepoint=0x36F),
        st.sampled_from("\t\n'’ʼ-–ﬁﬀＡｚ．"),
    ),
    max_size=25,
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("SITI AMINAH", "siti aminah"),
        ("  Siti   Aminah ", "siti aminah"),
        ("Siti-Aminah", "sitiaminah"),
        ("O'Hara", "ohara"),
        ("O’Hara", "ohara"),
        ("Ma'ruf", "maruf"),
        ("H. M. Yusuf", "h m yusuf"),
        ("Muh.Ali", "muh ali"),
        ("José Ñandú", "jose nandu"),
        ("İstanbul", "istanbul"),
        ("Soka'an 2", "sokaan 2"),
        ("ﬁrman", "firman"),
        ("", ""),
        ("-", ""),
    ],
)
def test_case_accents_and_spelling_marks_do_not_count(text: str, key: str) -> None:
    assert search_key(text) == key
    assert value(search_key_expr(ibis.literal(text))) == key


@settings(max_examples=60)
@given(st.lists(latin, min_size=1, max_size=30))
def test_value_and_column_agree_on_latin_text(texts: list[str]) -> None:
    assert value(search_key_expr(ibis.memtable({"text": texts}).text)) == [search_key(text) for text in texts]


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
