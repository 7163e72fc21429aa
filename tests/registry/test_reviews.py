"""Officers decide rows that contradict each other."""

from registry.given import Register, account, card, family, nik, person, recipient


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
