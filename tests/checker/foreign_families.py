"""Families of a made-up place, every one with at most one oddity."""

from collections.abc import Callable
from datetime import date

from .foreign_home import Cells, Home


def build(home: Home, kind: str) -> None:
    """Fill the home: usual parents and children, then the oddity."""
    rng = home.rng
    home.families.append(
        {
            "no_kk": home.card,
            "kode_desa": home.village,
            "alamat": rng.choice(["JALAN SUNGAI 1", 'RT 2 "ATAS"', "BARIS SATU\nBARIS DUA", ""]),
            "desil": str(rng.choice([1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6, 8])),
            "no_kk_lama": "",
        }
    )
    head = home.person("KEPALA", home.days(24, 55), "L")
    if rng.random() < 0.8:
        home.person("PASANGAN", home.days(20, 50), "P", hamil="Y" if rng.random() < 0.15 else "T")
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        age = rng.randrange(0, 18)
        school = "TIDAK" if age < 7 else "SD" if age < 13 else "SMP" if age < 16 else "SMA"
        home.person("ANAK", home.days(age, age), rng.choice("LP"), status_sekolah=school)
    home.account(head)
    KINDS[kind](home, head)


def _five_components(home: Home, head: Cells) -> None:
    home.person("FAMILI", home.days(22, 30), "P", hamil="Y")
    home.person("ANAK", home.days(3, 3), "L")
    for school, age in (("SD", 8), ("SMP", 13), ("SMA", 16)):
        home.person("ANAK", home.days(age, age), "P", status_sekolah=school)


def _fourteen(home: Home, head: Cells) -> None:
    while len(home.persons) < 14:
        home.person(
            "CUCU", home.days(1, 17), home.rng.choice("LP"), status_sekolah=home.rng.choice(["SD", "SMP", "TIDAK"])
        )


def _birthdays(home: Home, head: Cells) -> None:
    for born in (date(2016, 4, 1), date(2016, 4, 2), date(2023, 4, 1), date(2016, 2, 29)):
        home.person("ANAK", born, home.rng.choice("LP"))
    for born in (date(1963, 4, 1), date(1963, 4, 2)):
        home.person("ORANGTUA", born, "P")


def _children_only(home: Home, head: Cells, born: date = date(2008, 1, 5)) -> None:
    home.persons.clear()
    home.accounts.clear()
    young = home.person("KEPALA", born, "P", status_sekolah="SMA")
    home.person("LAIN", date(2014, 5, 5), "L", status_sekolah="SD")
    home.account(young)


def _two_rows(home: Home, head: Cells) -> None:
    home.persons.append(head | {"pekerjaan": "PEDAGANG"})


def _new_card(home: Home, head: Cells) -> None:
    card = f"{home.card[:12]}{int(home.card[12:]) + 5000:04d}"
    home.later["families"].append(home.families[0] | {"no_kk": card, "no_kk_lama": home.card})
    home.later["persons"] += [cells | {"no_kk": card} for cells in home.persons]


def _late_family(home: Home, head: Cells) -> None:
    home.later["families"] = home.families
    home.families = []


def _late_person(home: Home, head: Cells) -> None:
    home.later["persons"].append(home.persons.pop(0))


def _changed(home: Home, head: Cells) -> None:
    home.later["families"].append(home.families[0] | {"desil": "2"})
    home.later["persons"].append(head | {"pekerjaan": "PNS" if home.rng.random() < 0.5 else "TUKANG"})
    home.later["accounts"].append(home.accounts[0] | {"status": "PASIF"})


def _changed_sex(home: Home, head: Cells) -> None:
    home.later["persons"].append(head | {"jenis_kelamin": "P"})


def _unknown_village(home: Home, head: Cells) -> None:
    home.families[0]["kode_desa"] = f"{home.village[:6]}9999"


def _same_again(home: Home, head: Cells) -> None:
    home.later["families"].append(dict(home.families[0]))
    home.later["persons"] += [dict(cells) for cells in home.persons]
    home.later["accounts"].append(dict(home.accounts[0]))


def _twice_in_file(home: Home, head: Cells) -> None:
    home.families.append(dict(home.families[0]))
    home.persons.append(dict(head))
    home.accounts.append(dict(home.accounts[0]))


def _dead_head(home: Home, head: Cells) -> None:
    _all_dead(home, head)
    home.person("ANAK", home.days(19, 19), "L")


def _dead_soldier(home: Home, head: Cells) -> None:
    home.person("ORANGTUA", home.days(65, 80), "L", pekerjaan="TNI", status_dukcapil="MENINGGAL")


def _two_heads(home: Home, head: Cells) -> None:
    home.person("KEPALA", home.days(30, 40), "L")


def _two_accounts(home: Home, head: Cells) -> None:
    home.account(home.person("FAMILI", home.days(20, 40), "L"))


def _no_persons(home: Home, head: Cells) -> None:
    home.persons.clear()
    home.accounts.clear()


def _sex_differs(home: Home, head: Cells) -> None:
    head["nik"] = home.accounts[0]["nik"] = f"{head['nik'][:6]}{int(head['nik'][6]) + 4}{head['nik'][7:]}"


def _no_head(home: Home, head: Cells) -> None:
    home.persons.clear()
    home.accounts.clear()
    home.person("FAMILI", home.days(30, 40), "P")
    home.person("ORANGTUA", home.days(61, 80), "L")
    home.person("ANAK", home.days(2, 2), "L")


def _all_dead(home: Home, head: Cells) -> None:
    home.accounts.clear()
    for cells in home.persons:
        cells["status_dukcapil"] = "MENINGGAL"


def _dead_head_widow_paid(home: Home, head: Cells) -> None:
    head["status_dukcapil"] = "MENINGGAL"
    home.accounts.clear()
    home.account(home.person("FAMILI", home.days(21, 50), "P"))


def _disabled_pupil(home: Home, head: Cells) -> None:
    home.person("ANAK", home.days(10, 10), "L", status_sekolah="SD", disabilitas_berat="Y")


def _components_not_counted(home: Home, head: Cells) -> None:
    for status in ("TIDAK_PADAN", "MENINGGAL", "PINDAH", "BELUM_CEK", "", "GANDA"):
        home.person("ANAK", home.days(9, 9), "P", status_sekolah="SMA", status_dukcapil=status)


def _bad_child(home: Home, head: Cells) -> None:
    child = home.person("ANAK", home.days(5, 5), "L")
    child["nik"] = f"{child['nik'][:8]}13{child['nik'][10:]}"


def _bad_head(home: Home, head: Cells) -> None:
    head["tanggal_lahir"] = "2023-02-30"
    home.person("FAMILI", home.days(19, 40), "P")
    home.accounts.clear()


def _passed_on(home: Home, head: Cells) -> None:
    """Later somebody else's file claims the same head for a family that is known: both must be looked at.

    Somebody stays on the old card; a card that loses everybody would have been renewed.
    """
    home.person("FAMILI", home.days(20, 40), "P")
    other = f"{home.card[:12]}{int(home.card[12:]) + 7000:04d}"
    home.later["families"].append(home.families[0] | {"no_kk": other})
    home.later["persons"].append(head | {"no_kk": other})


def _twin_families(home: Home, head: Cells) -> None:
    other = f"{home.card[:12]}{int(home.card[12:]) + 7000:04d}"
    home.families.append(home.families[0] | {"no_kk": other})
    home.person("KEPALA", home.days(30, 40), "L", no_kk=other)
    home.persons.append(home.persons[0] | {"no_kk": other, "hubungan": "FAMILI"})


def _of_head(**more: str) -> Callable[[Home, Cells], None]:
    return lambda home, head: head.update(more)


def _of_family(**more: str) -> Callable[[Home, Cells], None]:
    return lambda home, head: home.families[0].update(more)


def _of_account(**more: str) -> Callable[[Home, Cells], None]:
    return lambda home, head: home.accounts[0].update(more)


def _wrong_bank(home: Home, head: Cells) -> None:
    home.accounts.clear()
    home.account(head, bank="BTN" if home.bank != "BTN" else "BRI")


KINDS: dict[str, Callable[[Home, Cells], None]] = {
    "plain": lambda home, head: None,
    "five components": _five_components,
    "fourteen": _fourteen,
    "birthdays": _birthdays,
    "children only": _children_only,
    "seventeen on the month's first day": lambda home, head: _children_only(home, head, date(2006, 5, 1)),
    "seventeen on the stage's first day": lambda home, head: _children_only(home, head, date(2006, 4, 1)),
    "disabled pupil": _disabled_pupil,
    "components not counted": _components_not_counted,
    "dead head": _dead_head,
    "dead head, widow paid": _dead_head_widow_paid,
    "all dead": _all_dead,
    "no head": _no_head,
    "bad child": _bad_child,
    "bad head": _bad_head,
    "no account": lambda home, head: home.accounts.clear(),
    "wrong bank": _wrong_bank,
    "two accounts": _two_accounts,
    "account with letters": _of_account(nomor_rekening="12A4567890"),
    "account too long": _of_account(nomor_rekening="12345678901234567"),
    "account in another name": _of_account(nama_rekening="ORANG LAIN CONTOH"),
    "two heads": _two_heads,
    "two rows": _two_rows,
    "twin families": _twin_families,
    "passed on": _passed_on,
    "two family rows": lambda home, head: home.families.append(home.families[0] | {"desil": "9"}),
    "pregnant L": _of_head(hamil="Y"),
    "sex differs from NIK": _sex_differs,
    "birth differs from NIK": _of_head(tanggal_lahir="1979-12-31"),
    "unknown village": _unknown_village,
    "no persons": _no_persons,
    "no family": lambda home, head: home.families.clear(),
    "decile unknown": _of_family(desil=""),
    "decile ten": _of_family(desil="10"),
    "civil servant": _of_head(pekerjaan="PNS"),
    "civil servant in small letters": _of_head(pekerjaan="pns"),
    "dead soldier": _dead_soldier,
    "twice in the file": _twice_in_file,
    "new card": _new_card,
    "changed": _changed,
    "changed sex": _changed_sex,
    "same again": _same_again,
    "late family": _late_family,
    "late person": _late_person,
    **{f"account {state}": _of_account(status=state) for state in ("PASIF", "TUTUP", "BLOKIR", "PROSES")},
    **{
        f"holder {status or 'empty'}": _of_head(status_dukcapil=status)
        for status in ("TIDAK_PADAN", "GANDA", "PINDAH", "BELUM_CEK", "")
    },
}
