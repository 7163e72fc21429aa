import ibis
import pytest

from salur.foundation.vocabulary import codes
from salur.foundation.vocabulary.legal import LegalReference
from salur.foundation.vocabulary.occupations import excluded_occupation, excluded_occupation_expr, synonyms
from support.tables import value


def test_every_result_reason_stands_in_exactly_one_group() -> None:
    grouped = [reason for reasons in codes.RESULT_REASONS.values() for reason in reasons]
    assert sorted(grouped) == sorted(codes.ResultReason)
    assert codes.ResultReason.SALDO_NOL.group == codes.ReasonGroup.DELIVERY


def test_kinds_of_one_moment_follow_the_way_of_the_money() -> None:
    assert sorted(codes.ResultKind, key=lambda kind: kind.order) == ["GAGAL", "KREDIT", "AMBIL", "TARIK", "KEMBALI"]


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("DALAM_KUOTA", "admitted"), ("DI_BAWAH_GARIS_KUOTA", "waiting"), ("PENGURUS_MENINGGAL", "held"),
     ("TANPA_DEWASA", "held"), ("PEKERJAAN", "not_admitted"), ("TAHAN_LEWAT_BATAS", "not_admitted")],
)  # fmt: skip
def test_a_reason_tells_its_outcome(reason: str, outcome: str) -> None:
    assert codes.EnrolmentReason(reason).outcome == outcome


OCCUPATIONS = {
    "PNS": "PNS",
    "Pegawai Negeri  Sipil": "PNS",
    " asn ": "PNS",
    "POLISI": "POLRI",
    "Karyawan BUMN": "BUMN",
    "Pendamping PKH": "SDM_KESOS",
    "Kepala Desa": "PEJABAT",
    "Buruh tani": None,
    "Istri PNS": None,
    "": None,
}


def test_an_excluding_occupation_is_known_by_its_synonyms() -> None:
    assert [excluded_occupation(text) for text in OCCUPATIONS] == list(OCCUPATIONS.values())
    assert value(excluded_occupation_expr(ibis.memtable({"text": list(OCCUPATIONS)}).text)) == list(
        OCCUPATIONS.values()
    )
    assert excluded_occupation(None) is None


def test_every_class_has_its_own_code_among_its_synonyms() -> None:
    assert all(synonyms()[kind.lower()] == kind for kind in codes.ExcludedOccupation)
    assert all(text == " ".join(text.lower().split()) for text in synonyms())


def test_a_legal_reference_reads_as_people_cite_it() -> None:
    assert str(LegalReference("Permensos 5/2021", "pasal 5")) == "Permensos 5/2021 pasal 5"
    assert str(LegalReference("Permensos 5/2021")) == "Permensos 5/2021"
