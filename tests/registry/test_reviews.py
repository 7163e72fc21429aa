"""Officers decide rows that contradict each other."""

import pytest

from registry.given import OTHER_VILLAGE, Register, account, card, family, nik, person, recipient


def listed(register: Register, **options: str) -> dict:
    extra = [word for name, value in options.items() for word in (f"--{name}", value)]
    return register.house.ok("registry", "review", "list", *extra, "--as", "registrar")


def decide(register: Register, review: int, how: str = "--accept") -> dict:
    return register.house.ok(
        "registry", "review", "decide", str(review), how, "--reason", "diperiksa", "--as", "registrar"
    )


def refused(register: Register, review: int, how: str = "--accept") -> str:
    return register.house.refused(
        "registry", "review", "decide", str(review), how, "--reason", "diperiksa", "--as", "registrar"
    )


def of(register: Register, number: int, *, of: int | None = None, on_record: bool = False) -> int:
    """The open review about a person."""
    ((found,),) = register.ask(
        """select id from registry_review where state = 'OPEN' and nik = %s and (file_id is null) = %s
           and (%s::text is null or no_kk = %s)""",
        nik(number), on_record, of and card(of), of and card(of),
    )  # fmt: skip
    return found


def test_the_list_counts_by_reason_and_regency_and_hides_numbers(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1), person(1, 1, pekerjaan="TANI"), person(2, 7)])
    told = listed(register)
    assert told["open"] == 3
    assert told["counts"] == [
        {"reason": "BARIS_BERBEDA_SATU_BERKAS", "regency": "6371", "rows": 2},
        {"reason": "KELUARGA_BELUM_ADA", "regency": "", "rows": 1},
    ]
    assert {tuple(row["differs"] or ()) for row in told["rows"]} == {("occupation",), ()}
    assert {row["file"] for row in told["rows"]} == {"1-persons.csv"}
    assert nik(1) not in str(told) and card(1) not in str(told) and "Contoh" not in str(told)
    assert listed(register, reason="HAMIL_L")["open"] == 0
    assert listed(register, region="63.71")["open"] == 2


def test_a_row_of_the_same_card_does_not_differ_in_its_card(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1)])
    register.take(persons=[person(1, 1, tanggal_lahir="1980-01-02")])
    assert [row["differs"] for row in listed(register)["rows"]] == [["birth_date"]]


def test_both_rows_of_one_person_in_two_families_differ_in_their_card(register: Register) -> None:
    register.take(families=[family(1), family(2)], persons=[person(1, 1), person(2, 1, hubungan="ANAK")])
    register.take(persons=[person(1, 2)])
    assert [row["differs"] for row in listed(register)["rows"]] == [["no_kk"], ["no_kk"]]


def test_a_taken_row_stands_and_the_others_are_turned_down(register: Register) -> None:
    rows = [person(1, 1, pekerjaan="TANI"), person(1, 1, pekerjaan="GURU")]
    register.take(families=[family(1)], persons=rows)
    (teacher,) = register.ask("select id from registry_review where given ->> 'occupation' = 'GURU'")
    assert decide(register, teacher[0])["state"] == "ACCEPTED"
    assert register.ask("select occupation from registry_person") == [("GURU",)]
    assert register.ask("select state, count(*) from registry_review group by 1 order by 1") == [
        ("ACCEPTED", 1),
        ("DROPPED", 1),
    ]
    assert set(register.released()) == {recipient(1)}
    told = register.take(persons=rows)["persons"]
    assert (told["unchanged"], told["to_review"]) == (2, 0)
    assert any("pernah ditolak" in note for note in told["notes"])


def test_a_row_that_was_turned_down_may_still_be_taken(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1)])
    register.take(persons=[person(1, 1, jenis_kelamin="L")])
    review = of(register, 1)
    decide(register, review, "--drop")
    assert set(register.released()) == {recipient(1)}
    assert "sudah ditolak" in refused(register, review, "--drop")
    decide(register, review)
    assert register.ask("select sex, version from registry_person") == [("L", 2)]
    assert "Tidak ada baris" in refused(register, review)


def test_a_person_taken_into_another_family_leaves_the_first(register: Register) -> None:
    register.take(
        families=[family(1), family(2, kode_desa="6301012001")],
        persons=[person(1, 1), person(2, 2), person(9, 1, hubungan="ORANGTUA")],
        accounts=[account(9)],
    )
    register.take(persons=[person(9, 2, hubungan="ORANGTUA")])
    assert "terima baris lain" in refused(register, of(register, 9, on_record=True), "--drop")
    decide(register, of(register, 9, of=2))
    assert register.waiting() == []
    assert register.ask("select family_id, region_code from registry_person where nik = %s", nik(9)) == [
        (recipient(2), "6301012001")
    ]
    assert register.ask("select region_code from registry_account") == [("6301012001",)]
    assert set(register.released()) == {recipient(1), recipient(2)}


def test_a_person_may_stay_where_the_record_has_them(register: Register) -> None:
    register.take(families=[family(1), family(2)], persons=[person(1, 1), person(2, 2), person(9, 1, hubungan="ANAK")])
    register.take(persons=[person(9, 2)])
    decide(register, of(register, 9, on_record=True))
    assert register.waiting() == []
    register.take(persons=[person(9, 2)])
    assert register.waiting() == []
    register.take(persons=[person(9, 2, hubungan="FAMILI")])
    decide(register, of(register, 9, of=2), "--drop")
    assert register.waiting() == []
    assert register.ask("select family_id from registry_person where nik = %s", nik(9)) == [(recipient(1),)]


def test_a_second_head_is_not_taken_beside_the_first(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1), person(2, 1)])
    decide(register, of(register, 1))
    assert "DUA_KEPALA" in refused(register, of(register, 2))
    assert register.waiting() == [("DUA_KEPALA", nik(2))]
    register.take(persons=[person(2, 1, hubungan="PASANGAN")])
    assert set(register.released()) == {recipient(1)}


def test_the_taken_account_is_the_only_one_of_its_family(register: Register) -> None:
    register.take(
        families=[family(1)], persons=[person(1, 1), person(2, 1, hubungan="PASANGAN")], accounts=[account(1)]
    )
    register.take(accounts=[account(2)])
    decide(register, of(register, 2))
    assert register.ask(
        "select p.nik, a.is_current from registry_account a join registry_person p using (person_id) order by 1"
    ) == [
        (nik(1), False),
        (nik(2), True),
    ]
    assert {row["holder_status"] for row in register.released().values()} == {"PADAN"}


def test_a_family_that_is_taken_lets_its_persons_in(register: Register) -> None:
    register.take(families=[family(1), family(1, desil="4")], persons=[person(1, 1)])
    (first,) = register.ask("select min(id) from registry_review where kind = 'families'")
    decide(register, first[0])
    assert register.waiting() == []
    assert {row["decile"] for row in register.released().values()} == {1}


def test_what_waits_for_its_family_cannot_be_taken(register: Register) -> None:
    register.take(persons=[person(1, 1)])
    assert "ikut masuk sendiri" in refused(register, of(register, 1))
    decide(register, of(register, 1), "--drop")
    register.take(families=[family(1)])
    assert register.ask("select count(*) from registry_person") == [(0,)]


def test_only_the_registrar_of_the_area_decides_and_it_is_on_record(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1), person(1, 1, pekerjaan="TANI")])
    review = listed(register)["rows"][0]["id"]
    house = register.house
    if house.run("registry", "review", "list", "--as", "registrar-6301").returncode:
        house.ok("user", "add", "registrar-6301", "--role", "registrar", "--area", "6301", "--as", "admin")
    assert house.ok("registry", "review", "list", "--as", "registrar-6301")["open"] == 0
    arguments = ["registry", "review", "decide", str(review), "--accept", "--reason", "x", "--as"]
    assert "Tidak ada baris" in house.refused(*arguments, "registrar-6301")
    assert "tidak berwenang" in house.refused(*arguments, "planner")
    decide(register, review)
    assert register.ask("select actor from audit_line where subject = %s", f"registry_review:{review}") == [
        ("registrar",)
    ]
    assert register.ask("select decided_by, decision_reason from registry_review where id = %s", review) == [
        ("registrar", "diperiksa")
    ]


def registrar_of(register: Register, area: str) -> str:
    """The registrar of a part of the country."""
    register.house.run("user", "add", f"daerah{area}", "--role", "registrar", "--area", area, "--as", "admin")
    return f"daerah{area}"


def call(review: int, how: str, officer: str) -> list[str]:
    return ["registry", "review", "decide", str(review), how, "--reason", "diperiksa", "--as", officer]


def people(register: Register) -> list[tuple]:
    """Everything that a decision could change."""
    return register.ask("select nik, family_id, region_code from registry_person order by 1") + register.ask(
        "select id, state, decided_by from registry_review order by 1"
    )


def claimed_twice(register: Register) -> tuple[int, int]:
    """A person on record in Banjarmasin whom a family in Tanah Laut claims: the row on record, and the new one."""
    register.take(
        families=[family(1), family(2, kode_desa=OTHER_VILLAGE)],
        persons=[person(1, 1), person(2, 2), person(9, 1, hubungan="ORANGTUA")],
    )
    register.take(persons=[person(9, 2, hubungan="ORANGTUA")])
    return of(register, 9, on_record=True), of(register, 9, of=2)


def test_nobody_takes_a_person_out_of_a_family_in_another_area(register: Register) -> None:
    standing, claimed = claimed_twice(register)
    before = people(register)
    for review, area in ((claimed, "6301"), (standing, "6371")):
        sentence = register.house.refused(*call(review, "--accept", registrar_of(register, area)))
        assert "wilayah 00" in sentence and "mencakup kedua keluarga" in sentence
        assert "63" not in sentence, "where the other family lives is not told"
        assert sentence == register.house.refused(*call(review, "--accept", registrar_of(register, area)), "--dry-run")
    assert people(register) == before


@pytest.mark.parametrize("area", ["63", "00"])
def test_the_registrar_of_an_area_with_both_families_decides(register: Register, area: str) -> None:
    _standing, claimed = claimed_twice(register)
    register.house.ok(*call(claimed, "--accept", registrar_of(register, area)))
    assert register.ask("select family_id from registry_person where nik = %s", nik(9)) == [(recipient(2),)]


def test_a_registrar_may_turn_down_what_the_own_family_claims(register: Register) -> None:
    """That leaves the other family as it is, and lets both into a release."""
    standing, claimed = claimed_twice(register)
    assert "Tidak ada baris" in register.house.refused(*call(standing, "--drop", registrar_of(register, "6301")))
    register.house.ok(*call(claimed, "--drop", registrar_of(register, "6301")))
    assert register.waiting() == []
    assert register.ask("select family_id from registry_person where nik = %s", nik(9)) == [(recipient(1),)]


def test_nobody_takes_a_family_out_of_another_area(register: Register) -> None:
    """Two rows of one card in two areas; and a new card that names the card of a family elsewhere."""
    here = registrar_of(register, "6301")
    register.take(families=[family(1)], persons=[person(1, 1)])
    register.take(families=[family(1, desil="2"), family(1, kode_desa=OTHER_VILLAGE)])
    ((moved,),) = register.ask("select id from registry_review where region_code = %s", OTHER_VILLAGE)
    assert "wilayah 00" in register.house.refused(*call(moved, "--accept", here))
    register.take(
        families=[family(2, kode_desa=OTHER_VILLAGE, no_kk_lama=card(1)), family(2, kode_desa=OTHER_VILLAGE, desil="3")]
    )
    ((named,),) = register.ask(
        "select id from registry_review where no_kk = %s and given ->> 'no_kk_lama' = %s", card(2), card(1)
    )
    assert "wilayah 00" in register.house.refused(*call(named, "--accept", here))
    ((other,),) = register.ask("select id from registry_review where no_kk = %s and id <> %s", card(2), named)
    register.house.ok(*call(other, "--accept", here))
    assert register.ask("select family_id, region_code from registry_family order by region_code") == [
        (recipient(2), OTHER_VILLAGE),
        (recipient(1), "6371011001"),
    ]


def test_a_person_whom_an_unknown_family_claims_too_is_for_the_country(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1), person(1, 7)])
    ((mine,),) = register.ask("select id from registry_review where region_code <> ''")
    assert "wilayah 00" in register.house.refused(*call(mine, "--accept", registrar_of(register, "6371")))
    decide(register, mine)
    assert register.ask("select family_id from registry_person") == [(recipient(1),)]
