"""What was noted about a family, and the rows that wait, stand in the area where the family lives now."""

import pytest

from registry.given import OTHER_VILLAGE, VILLAGE, Register, account, card, family, nik, person, recipient

HERE = VILLAGE.replace(".", "")


def misplaced(register: Register) -> list[tuple]:
    """Findings, and rows about persons and accounts, that stand elsewhere than their family."""
    return register.ask(
        """select 'finding', n.code, n.region_code from registry_finding n join registry_family f using (family_id)
           where n.region_code <> f.region_code
           union all
           select 'review', r.reason, r.region_code from registry_review r join registry_family f using (family_id)
           where r.kind <> 'families' and r.region_code <> f.region_code"""
    )


def noted(register: Register) -> set[tuple[str, str]]:
    return set(
        register.ask(
            """select code, region_code from registry_finding
               union select reason || ' ' || state, region_code from registry_review where kind <> 'families'"""
        )
    )


def members(of: int) -> list[dict[str, str]]:
    """A head and two more, of whom one has a birth date that the NIK does not know."""
    return [
        person(1, of),
        person(2, of, hubungan="PASANGAN", nama="Sari"),
        person(3, of, hubungan="ORANGTUA", tanggal_lahir="1950-02-02"),
    ]


def settle(register: Register) -> set[str]:
    """A family with every kind of note and with rows that wait or were turned down; the kinds."""
    register.take(
        code=3,
        families=[family(1), family(9)],
        persons=[*members(1), person(9, 9), person(4, 1, jenis_kelamin="X", hubungan="ANAK")],
        accounts=[account(1, nama_rekening="Orang Lain", nomor_rekening="1234567")],
    )
    register.take(accounts=[account(2)])  # beside the head's
    register.take(persons=[person(2, 1, sex="P", jenis_kelamin="L", hubungan="PASANGAN", nama="Sari")])
    ((review,),) = register.ask("select id from registry_review where reason = 'KELAMIN_ATAU_LAHIR_BERUBAH'")
    register.house.ok("registry", "review", "decide", str(review), "--drop", "--reason", "x", "--as", "registrar")
    kinds = {kind for kind, region in noted(register) if region == HERE}
    assert kinds == {
        "REKENING_PANJANG", "REKENING_NAMA_BEDA", "NIK_BEDA_LAHIR", "ANGGOTA_DITOLAK", "DUA_REKENING OPEN",
        "KELAMIN_ATAU_LAHIR_BERUBAH DROPPED",
    }  # fmt: skip
    assert misplaced(register) == []
    return kinds


@pytest.mark.parametrize(
    ("way", "delivery"),
    [
        ("the same card", {"families": [family(1, kode_desa=OTHER_VILLAGE)]}),
        ("a card that names the old one", {"families": [family(2, no_kk_lama=card(1), kode_desa=OTHER_VILLAGE)]}),
        ("a card with the same people", {"families": [family(2, kode_desa=OTHER_VILLAGE)], "persons": members(2)}),
    ],
)
def test_notes_and_waiting_rows_move_with_their_family(register: Register, way: str, delivery: dict) -> None:
    kinds = settle(register)
    register.take(**delivery)
    assert register.ask("select region_code from registry_family where family_id = %s", recipient(1)) == [
        (OTHER_VILLAGE,)
    ], way
    assert misplaced(register) == []
    assert {kind for kind, region in noted(register) if region == OTHER_VILLAGE} == kinds
    assert not {kind for kind, region in noted(register) if region == HERE}


def test_a_waiting_account_moves_with_a_person_who_is_taken_into_another_family(register: Register) -> None:
    register.take(
        families=[family(1), family(2, kode_desa=OTHER_VILLAGE)],
        persons=[person(1, 1), person(2, 2), person(3, 1, hubungan="ORANGTUA")],
        accounts=[account(1)],
    )
    register.take(accounts=[account(3)])
    register.take(persons=[person(3, 2, hubungan="ORANGTUA")])
    ((review,),) = register.ask(
        "select id from registry_review where kind = 'persons' and nik = %s and no_kk = %s", nik(3), card(2)
    )
    register.house.ok("registry", "review", "decide", str(review), "--accept", "--reason", "x", "--as", "registrar")
    assert register.ask("select family_id, region_code from registry_review where kind = 'accounts'") == [
        (recipient(2), OTHER_VILLAGE)
    ]
    assert misplaced(register) == []


def test_the_registrar_of_the_new_place_sees_the_waiting_row_and_the_old_one_no_longer(register: Register) -> None:
    for area in ("6371", "6301"):
        register.house.run("user", "add", f"registrar{area}", "--role", "registrar", "--area", area, "--as", "admin")

    def seen(area: str) -> int:
        return register.house.ok("registry", "review", "list", "--as", f"registrar{area}")["open"]

    settle(register)
    assert (seen("6371"), seen("6301")) == (1, 0)
    register.take(families=[family(1, kode_desa=OTHER_VILLAGE)])
    assert (seen("6371"), seen("6301")) == (0, 1)
