"""A card is issued anew; the family behind it stays the same."""

from registry.given import OTHER_VILLAGE, Register, account, card, family, nik, person, recipient


def members(of: int) -> list[dict[str, str]]:
    return [person(1, of), person(2, of, sex="L", born="2015-05-05", hubungan="ANAK")]


def test_a_new_card_that_names_the_old_one_is_the_same_family(register: Register) -> None:
    register.take(families=[family(1)], persons=members(1), accounts=[account(1)])
    told = register.take(families=[family(2, no_kk_lama=card(1), kode_desa=OTHER_VILLAGE)], persons=members(2))
    assert (told["families"]["accepted"], told["persons"]["accepted"]) == (1, 2)
    assert {key: row["village_code"] for key, row in register.released().items()} == {recipient(1): OTHER_VILLAGE}
    assert register.ask("select no_kk, until is null from registry_card order by 1") == [
        (card(1), False),
        (card(2), True),
    ]
    assert register.ask(
        "select no_kk, version_count from (select no_kk, 1 as version_count from registry_family_past) p"
    ) == [(card(1), 1)]
    assert register.ask(
        "select distinct region_code from registry_person union select region_code from registry_account"
    ) == [(OTHER_VILLAGE,)]


def test_a_card_whose_members_all_come_from_one_family_is_that_family(register: Register) -> None:
    dead = person(3, 1, hubungan="ORANGTUA", born="1940-01-01", status_dukcapil="MENINGGAL")
    register.take(families=[family(1)], persons=[*members(1), dead], accounts=[account(1)])
    told = register.take(families=[family(2, kode_desa=OTHER_VILLAGE)], persons=members(2))
    assert told["persons"]["accepted"] == 2
    assert register.waiting() == []
    assert {key: row["village_code"] for key, row in register.released().items()} == {recipient(1): OTHER_VILLAGE}
    assert register.ask("select no_kk, family_id from registry_family") == [(card(2), recipient(1))]
    assert register.ask("select distinct family_id, region_code from registry_person") == [
        (recipient(1), OTHER_VILLAGE)
    ]
    assert register.ask("select distinct region_code from registry_account") == [(OTHER_VILLAGE,)]


def test_a_family_that_keeps_somebody_alive_on_the_old_card_is_not_the_same(register: Register) -> None:
    stays = person(3, 1, hubungan="ORANGTUA", born="1940-01-01")
    register.take(families=[family(1), family(9)], persons=[*members(1), stays, person(9, 9)])
    register.take(families=[family(2)], persons=members(2))
    assert register.waiting() == [
        ("NIK_DI_DUA_KELUARGA", one["nik"]) for one in sorted(members(1) * 2, key=lambda one: one["nik"])
    ]
    assert set(register.released()) == {recipient(9)}


def test_a_newcomer_on_the_new_card_makes_it_another_family(register: Register) -> None:
    register.take(families=[family(1), family(9)], persons=[*members(1), person(9, 9)])
    register.take(
        families=[family(2)], persons=[*members(2), person(4, 2, sex="L", born="2022-02-02", hubungan="ANAK")]
    )
    assert set(register.released()) == {recipient(9)}


def test_an_old_card_that_is_handed_in_with_the_new_one_is_not_gone(register: Register) -> None:
    register.take(families=[family(1)], persons=members(1))
    told = register.take(families=[family(2, no_kk_lama=card(1)), family(1)])
    assert (told["families"]["accepted"], told["families"]["unchanged"]) == (1, 1)
    assert register.ask("select count(*) from registry_family") == [(2,)]
    assert set(register.released()) == {recipient(1)}


def test_rows_under_an_earlier_card_speak_of_the_same_family(register: Register) -> None:
    register.take(families=[family(1)], persons=members(1))
    register.take(families=[family(2, no_kk_lama=card(1), desil="3")])
    told = register.take(families=[family(1)], persons=[person(1, 1, pekerjaan="TANI")])
    assert (told["families"]["unchanged"], told["persons"]["accepted"]) == (1, 1)
    assert register.ask("select family_id, no_kk, decile from registry_family") == [(recipient(1), card(2), 3)]
    assert register.ask("select occupation, family_id from registry_person where nik = %s", nik(1)) == [
        ("TANI", recipient(1))
    ]


def test_two_cards_of_one_family_in_one_delivery_are_no_accident(register: Register) -> None:
    register.take(families=[family(1)], persons=members(1))
    register.take(families=[family(2, no_kk_lama=card(1))])
    told = register.take(families=[family(1, desil="5"), family(2, no_kk_lama=card(1), desil="6")])
    assert (told["families"]["accepted"], told["families"]["unchanged"]) == (1, 1)
    assert register.ask("select no_kk, decile from registry_family") == [(card(2), 6)]


def test_two_cards_that_name_the_same_old_one_are_two_new_families(register: Register) -> None:
    register.take(families=[family(1)], persons=members(1))
    told = register.take(families=[family(2, no_kk_lama=card(1)), family(3, no_kk_lama=card(1))])
    assert told["families"]["accepted"] == 2
    assert set(register.released()) == {recipient(1)}
