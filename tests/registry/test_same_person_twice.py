"""What becomes of rows that speak of a person, family or account that is known already."""

from registry.given import OTHER_VILLAGE, Register, account, card, family, nik, person, recipient


def counts(answer: dict) -> tuple[int, int, int, int]:
    return answer["accepted"], answer["rejected"], answer["unchanged"], answer["to_review"]


def test_an_identical_row_is_unchanged(register: Register) -> None:
    rows = {"families": [family(1)], "persons": [person(1, 1)], "accounts": [account(1)]}
    assert {kind: counts(one) for kind, one in register.take(**rows).items()} == dict.fromkeys(rows, (1, 0, 0, 0))
    assert {kind: counts(one) for kind, one in register.take(**rows).items()} == dict.fromkeys(rows, (0, 0, 1, 0))


def test_the_same_row_twice_in_one_delivery_is_one_row(register: Register) -> None:
    told = register.take(families=[family(1)] * 2, persons=[person(1, 1)] * 3, accounts=[account(1)] * 2)
    assert [counts(told[kind]) for kind in ("families", "persons", "accounts")] == [
        (1, 0, 1, 0),
        (1, 0, 2, 0),
        (1, 0, 1, 0),
    ]


def test_a_newer_row_wins_and_the_older_stays_in_the_history(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1, pekerjaan="TANI")], accounts=[account(1)])
    told = register.take(
        families=[family(1, desil="2")], persons=[person(1, 1, pekerjaan="PNS")], accounts=[account(1, status="PASIF")]
    )
    assert [counts(told[kind]) for kind in told] == [(1, 0, 0, 0)] * 3
    assert register.ask("select occupation, occupation_class, version from registry_person") == [("PNS", "PNS", 2)]
    assert register.ask("select occupation, occupation_class, version, actor from registry_person_past") == [
        ("TANI", "", 1, "registrar")
    ]
    assert register.ask("select decile from registry_family") == [(2,)]
    assert register.ask("select decile from registry_family_past") == [(1,)]
    assert register.ask("select version, status, is_current from registry_account order by 1") == [
        (1, "AKTIF", False),
        (2, "PASIF", True),
    ]


def test_a_changed_sex_or_birth_date_goes_to_review_and_moves_nothing(register: Register) -> None:
    register.take(families=[family(1), family(2)], persons=[person(1, 1), person(2, 2)])
    changed = [person(1, 1, jenis_kelamin="L"), person(2, 2, tanggal_lahir="1980-01-02")]
    assert counts(register.take(persons=changed)["persons"]) == (0, 0, 0, 2)
    assert register.waiting() == [("KELAMIN_ATAU_LAHIR_BERUBAH", nik(1)), ("KELAMIN_ATAU_LAHIR_BERUBAH", nik(2))]
    assert register.ask("select distinct sex, birth_date::text from registry_person") == [("P", "1980-01-01")]
    register.take(families=[family(3)], persons=[person(3, 3)])
    assert set(register.released()) == {recipient(3)}


def test_different_rows_of_one_person_in_one_delivery_all_go_to_review(register: Register, tmp_path) -> None:
    rows = [person(1, 1), person(1, 1, pekerjaan="TANI"), person(1, 1)]
    assert counts(register.take(families=[family(1)], persons=rows)["persons"]) == (0, 0, 0, 3)
    assert register.waiting() == [("BARIS_BERBEDA_SATU_BERKAS", nik(1))] * 2
    assert counts(register.take(persons=rows)["persons"]) == (0, 0, 0, 3)
    assert len(register.waiting()) == 2


def test_files_of_one_call_are_one_delivery(register: Register, tmp_path) -> None:
    from registry.given import write

    register.take(families=[family(1)])
    files = [write(tmp_path / f"{n}.csv", [person(1, 1, nama=f"Nama {n}")]) for n in range(2)]
    assert [counts(one) for one in register.take_files(*files)] == [(0, 0, 0, 1)] * 2


def test_different_rows_of_one_card_or_account_go_to_review(register: Register) -> None:
    told = register.take(
        families=[family(1), family(1, desil="4"), family(2)],
        persons=[person(1, 1), person(2, 2)],
        accounts=[account(2), account(2, status="TUTUP")],
    )
    assert counts(told["families"]) == (1, 0, 0, 2)
    assert counts(told["persons"]) == (1, 0, 0, 1)
    assert counts(told["accounts"]) == (0, 0, 0, 2)
    assert register.house.refused("registry", "release", "--as-of", "2023-05-31", "--decree", "SK", "--as", "registrar")


def test_a_newer_row_alone_answers_the_question(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1), person(1, 1, pekerjaan="TANI")])
    assert counts(register.take(persons=[person(1, 1)])["persons"]) == (1, 0, 0, 0)
    assert register.waiting() == []
    assert set(register.released()) == {recipient(1)}


def test_one_person_in_two_families_holds_both_back(register: Register) -> None:
    families = [family(1), family(2), family(3)]
    persons = [person(1, 1), person(2, 2), person(3, 3), person(9, 1, hubungan="ANAK"), person(9, 2, hubungan="FAMILI")]
    assert counts(register.take(families=families, persons=persons)["persons"]) == (3, 0, 0, 2)
    assert register.waiting() == [("NIK_DI_DUA_KELUARGA", nik(9))] * 2
    assert set(register.released()) == {recipient(3)}


def test_a_person_who_turns_up_in_another_family_holds_both_back(register: Register) -> None:
    register.take(
        families=[family(1), family(2), family(3)],
        persons=[person(1, 1), person(2, 2), person(3, 3), person(9, 1, hubungan="ANAK")],
    )
    assert counts(register.take(persons=[person(9, 2, hubungan="FAMILI")])["persons"]) == (0, 0, 0, 1)
    assert register.waiting() == [("NIK_DI_DUA_KELUARGA", nik(9))] * 2
    assert set(register.released()) == {recipient(3)}


def test_a_person_claimed_by_an_unknown_family_holds_back_the_known_one(register: Register) -> None:
    register.take(families=[family(1), family(3)], persons=[person(1, 1), person(3, 3), person(9, 1, hubungan="ANAK")])
    assert counts(register.take(persons=[person(9, 2)])["persons"]) == (0, 0, 0, 1)
    assert register.waiting() == [("KELUARGA_BELUM_ADA", nik(9))]
    assert set(register.released()) == {recipient(3)}
    register.take(families=[family(2)])
    assert register.waiting() == [("NIK_DI_DUA_KELUARGA", nik(9))] * 2


def test_two_heads_go_to_review_also_when_one_is_on_record(register: Register) -> None:
    register.take(families=[family(1), family(2)], persons=[person(1, 1), person(2, 1), person(3, 2)])
    assert register.waiting() == [("DUA_KEPALA", nik(1)), ("DUA_KEPALA", nik(2))]
    assert counts(register.take(persons=[person(4, 2)])["persons"]) == (0, 0, 0, 1)
    assert register.ask("select nik from registry_person") == [(nik(3),)]


def test_a_family_that_waits_counts_once_though_an_account_waits_for_its_head(register: Register) -> None:
    register.take(
        families=[family(1), family(2)], persons=[person(1, 1), person(2, 1), person(3, 2)], accounts=[account(1)]
    )
    assert [reason for reason, _key in register.waiting()] == ["DUA_KEPALA", "DUA_KEPALA", "ORANG_BELUM_ADA"]
    told = register.release()
    assert (told["families_left_out"], told["families_in_review"]) == (1, 1)


def test_the_head_may_change_when_the_file_says_what_the_old_one_is_now(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1), person(2, 1, hubungan="PASANGAN")])
    told = register.take(persons=[person(1, 1, hubungan="ORANGTUA"), person(2, 1)])
    assert counts(told["persons"]) == (2, 0, 0, 0)


def test_two_living_members_with_accounts_go_to_review(register: Register) -> None:
    register.take(
        families=[family(1), family(2), family(3)],
        persons=[
            *(person(n, n) for n in (1, 2, 3)),
            person(11, 1, hubungan="PASANGAN"),
            person(12, 2, hubungan="PASANGAN"),
            person(13, 3, hubungan="PASANGAN", status_dukcapil="MENINGGAL"),
        ],
    )
    assert counts(register.take(accounts=[account(1), account(11), account(2)])["accounts"]) == (1, 0, 0, 2)
    assert counts(register.take(accounts=[account(12)])["accounts"]) == (0, 0, 0, 1)
    assert counts(register.take(accounts=[account(3), account(13)])["accounts"]) == (2, 0, 0, 0)
    assert register.waiting() == [("DUA_REKENING", nik(n)) for n in (1, 11, 12)]
    assert set(register.released()) == {recipient(3)}


def test_a_pregnant_man_goes_to_review(register: Register) -> None:
    rows = [person(1, 1), person(2, 1, sex="L", hubungan="ANAK", hamil="Y")]
    assert counts(register.take(families=[family(1)], persons=rows)["persons"]) == (1, 0, 0, 1)
    assert register.waiting() == [("HAMIL_L", nik(2, sex="L"))]
    register.take(persons=[person(2, 1, sex="L", hubungan="ANAK", hamil="T")])
    assert register.waiting() == []


def test_a_family_that_moves_takes_its_persons_and_accounts_along(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1)], accounts=[account(1)])
    register.take(families=[family(1, kode_desa=OTHER_VILLAGE)])
    for table in ("family", "person", "account"):
        assert register.ask(f"select region_code from registry_{table}") == [(OTHER_VILLAGE,)]
    assert register.ask("select no_kk from registry_family") == [(card(1),)]
