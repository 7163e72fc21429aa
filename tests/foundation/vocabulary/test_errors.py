from salur.foundation.vocabulary.errors import Refused


class QuotaMissing(Refused):
    """Some reason."""


def test_a_refusal_is_named_after_its_reason_and_says_its_sentence() -> None:
    refusal = QuotaMissing("Kuota belum ada; impor kuota dahulu.")
    assert (refusal.code, str(refusal)) == ("QuotaMissing", "Kuota belum ada; impor kuota dahulu.")
