"""Rows that come before what they belong to wait, and follow by themselves."""

from registry.given import Register, account, family, nik, person, recipient


def test_persons_and_accounts_that_come_first_follow_when_the_family_is_there(register: Register) -> None:
    told = register.take(accounts=[account(1)])
    assert told["accounts"]["to_review"] == 1
    told = register.take(persons=[person(1, 1)])
    assert told["persons"]["to_review"] == 1
    assert register.waiting() == [("KELUARGA_BELUM_ADA", nik(1)), ("ORANG_BELUM_ADA", nik(1))]
    assert register.take(families=[family(1)])["families"]["accepted"] == 1
    assert register.waiting() == []
    assert register.ask("select status, is_current from registry_account") == [("AKTIF", True)]
    assert set(register.released()) == {recipient(1)}


def test_of_two_rows_that_wait_the_newer_counts(register: Register) -> None:
    register.take(persons=[person(1, 1, nama="Lama")], accounts=[account(1, status="PROSES")])
    register.take(persons=[person(1, 1, nama="Baru")], accounts=[account(1, status="AKTIF")])
    assert len(register.waiting()) == 2
    register.take(families=[family(1)])
    assert register.ask("select name, version from registry_person") == [("Baru", 1)]
    assert register.ask("select status, version from registry_account") == [("AKTIF", 1)]


def test_a_newer_row_that_comes_with_the_family_replaces_the_one_that_waited(register: Register) -> None:
    register.take(persons=[person(1, 1, nama="Lama")])
    told = register.take(families=[family(1)], persons=[person(1, 1, nama="Baru")])
    assert told["persons"]["accepted"] == 1
    assert register.ask("select name from registry_person") == [("Baru",)]
    assert register.waiting() == []


def test_persons_of_a_rejected_family_wait_for_it(register: Register) -> None:
    told = register.take(code=3, families=[family(1, kode_desa="6371019999")], persons=[person(1, 1)])
    assert (told["families"]["rejected"], told["persons"]["to_review"]) == (1, 1)
    register.take(families=[family(1)])
    assert set(register.released()) == {recipient(1)}


def test_a_person_who_waited_for_a_family_that_another_claims_holds_both_back(register: Register) -> None:
    register.take(persons=[person(9, 2)])
    register.take(families=[family(1), family(2), family(3)], persons=[person(9, 1), person(8, 2), person(3, 3)])
    assert ("NIK_DI_DUA_KELUARGA", nik(9)) in register.waiting()
    assert set(register.released()) == {recipient(3)}
