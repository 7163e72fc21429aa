"""The figures of an area: all of them, only of it, and none invented."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from entrypoints.web.conftest import KALSEL, SignIn
from entrypoints.web.measured import AS_OF, village
from salur.foundation.regions import codes
from support.house import House

Put = Callable[..., None]
CYCLE = "?tahap=SEMBAKO-2023-05"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_shows_the_sums_of_the_area(signed_in: SignIn) -> None:
    page = read(signed_in("kalsel"), f"/pantau/{CYCLE}")
    counted = [village(code, seed="2023-05") for code in KALSEL]
    paid, entitled = (sum(one[name] for one in counted) for name in ("paid", "entitled"))
    credited = sum(one["credited"] for one in counted)
    assert f"{paid} dibayar dari {entitled} keluarga berhak" in page
    assert f'title="Rp{credited:,}"'.replace(",", ".") in page
    assert "Data per 21 November 2026 pukul 20.00 WITA" in page, "in the time of the region"


def card(page: str, title: str) -> str:
    """One card of the page, '' when it is not there."""
    found = re.search(rf"<article class=\"card-figure\"> <h3>{title}</h3>.*?</article>", page)
    return found[0] if found else ""


def test_the_money_of_the_page_adds_up(signed_in: SignIn) -> None:
    """Hak + kelebihan = tersalur + kembali + belum tersalur, each from its own indicator."""
    page = read(signed_in("kalsel"), f"/pantau/{CYCLE}")
    counted = [village(code, seed="2023-05") for code in KALSEL]
    shown = {}
    for title, name in (
        ("Dana tersalur", "credited"),
        ("Belum tersalur", "open"),
        ("Kembali ke kas negara", "returned"),
        ("Kelebihan bayar", "excess"),
    ):
        (full,) = re.findall(r'title="Rp([\d.]+)"', card(page, title))
        shown[name] = int(full.replace(".", ""))
        assert shown[name] == sum(one[name] for one in counted) > 0, title
    entitled = sum(one["entitled_rupiah"] for one in counted)
    assert entitled + shown["excess"] == shown["credited"] + shown["returned"] + shown["open"]
    assert entitled - shown["credited"] != shown["open"], "what is due less what arrived is another figure"


@pytest.fixture
def put(measured_house: House) -> Iterator[Put]:
    """Measures of one district, in a cycle of its own."""
    from salur.monitoring.models import Measure

    def put(**numerators: int | None) -> None:
        Measure.objects.bulk_create(
            Measure(
                programme="SEMBAKO", period="2023-07", cycle="SEMBAKO-2023-07", region_code=code, level=level,
                indicator=name, numerator=numerator, denominator=1_000_000, data_as_of=AS_OF,
            )
            for name, numerator in ({"tersalur": 3} | numerators).items()
            for code, level in (("63", "provinsi"), ("6371", "kabupaten"))
        )  # fmt: skip

    yield put
    Measure.objects.filter(period="2023-07").delete()


def heads(page: str) -> list[str]:
    return re.findall(r'<th scope="col" aria-sort="[^"]*"[^>]*><a [^>]*>(.*?)<span', page)


def test_what_came_back_and_what_went_beyond_stand_there_only_when_there_is_some(signed_in: SignIn, put: Put) -> None:
    put(terbuka_nilai=400_000, kembali_nilai=0, lebih_nilai=0)
    page = read(signed_in("kalsel"), "/pantau/63/?tahap=SEMBAKO-2023-07")
    assert "Rp400 ribu" in card(page, "Belum tersalur") or "Rp400.000" in card(page, "Belum tersalur")
    assert "40,0% dari hak" in card(page, "Belum tersalur")
    assert not card(page, "Kembali ke kas negara") and not card(page, "Kelebihan bayar")
    assert heads(page)[2:4] == ["Tersalur", "Belum tersalur"] and not {"Kembali", "Kelebihan"} & set(heads(page))


def test_what_came_back_has_a_card_and_a_column(signed_in: SignIn, put: Put) -> None:
    put(terbuka_nilai=0, kembali_nilai=250_000, lebih_nilai=0)
    page = read(signed_in("kalsel"), "/pantau/63/?tahap=SEMBAKO-2023-07&urut=kembali_nilai")
    assert 'title="Rp0"' in card(page, "Belum tersalur"), "nothing open is a figure, not missing data"
    assert 'title="Rp250.000"' in card(page, "Kembali ke kas negara")
    assert not card(page, "Kelebihan bayar")
    assert heads(page)[2:5] == ["Tersalur", "Belum tersalur", "Kembali"]
    assert "25,0%" in page.partition('href="/pantau/6371/')[2].partition("</tr>")[0]


def test_without_the_indicator_the_page_says_that_there_are_no_data(signed_in: SignIn, put: Put) -> None:
    """A cycle that was measured before these figures existed: nothing is worked out from others in their place."""
    put(jumlah_nilai=600_000)
    page = read(signed_in("kalsel"), "/pantau/63/?tahap=SEMBAKO-2023-07&urut=lebih_nilai")
    for title in ("Belum tersalur", "Kembali ke kas negara", "Kelebihan bayar"):
        assert "tidak ada data" in card(page, title) and "Rp" not in card(page, title).partition("figure")[2], title
    assert "Rp600" in card(page, "Dana tersalur")
    assert not {"Kembali", "Kelebihan"} & set(heads(page))


def test_one_walks_down_from_the_country_to_a_village_and_the_cycle_stays_chosen(signed_in: SignIn) -> None:
    client, address = signed_in("nasional"), f"/pantau/{CYCLE}"
    for code in ("63", "6371", "637101", "6371011001"):
        page = read(client, address)
        found = re.search(rf'<a href="(/pantau/{code}/\?[^"]*tahap=SEMBAKO-2023-05[^"]*)"', page)
        assert found, f"no way down to {code}"
        address = found[1].replace("&amp;", "&")
    page = read(client, address)
    assert "<h1>Pantau Mantuil</h1>" in page
    for above in ("/pantau/00/", "/pantau/63/", "/pantau/6371/", "/pantau/637101/"):
        assert f'href="{above}?tahap=SEMBAKO-2023-05' in page, "the breadcrumb leads back"


def test_no_page_that_an_officer_reaches_speaks_of_another_area(signed_in: SignIn) -> None:
    client, seen, waiting = signed_in("kalsel"), set(), ["/pantau/"]
    while waiting:
        address = waiting.pop()
        seen.add(address)
        page = read(client, address)
        assert not re.search(r"/pantau/(?!63)\d", page), f"{address} leads outside"
        for name in (codes.name("64"), codes.name("6471"), codes.name("6472"), "PKH", "Indonesia<"):
            assert name not in page, f"{address} names {name}"
        links = {found.replace("&amp;", "&").partition("#")[0] for found in re.findall(r'href="(/pantau/[^"]*)"', page)}
        waiting += [link for link in links - seen - set(waiting) if "urut=" not in link or "urut=tersalur" in link]
    assert len(seen) > len(KALSEL), "the walk went down to the villages"


def test_a_place_outside_the_area_cannot_be_told_from_one_that_does_not_exist(signed_in: SignIn) -> None:
    client = signed_in("kalsel")
    bodies = set()
    for address in (
        "/pantau/64/",
        "/pantau/00/",
        "/pantau/6471/",
        "/pantau/99/",
        "/pantau/x/",
        "/pantau/?tahap=PKH-2023-T2",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        bodies.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()))
    assert len(bodies) == 1, "the pages differ"


def test_each_area_chooses_only_among_its_own_cycles(signed_in: SignIn) -> None:
    assert re.findall(r'<option value="([^"]*)"', read(signed_in("kalsel"), "/pantau/")) == ["SEMBAKO-2023-05"]
    assert len(re.findall(r"<option ", read(signed_in("nasional"), "/pantau/"))) == 2


def test_what_has_no_denominator_has_no_figure(signed_in: SignIn) -> None:
    page = read(signed_in("nasional"), f"/pantau/6371011001/{CYCLE}")
    for title in ("Tepat harga", "Tepat kualitas", "Kuota terisi"):
        card = page.partition(f"<h3>{title}</h3>")[2].partition("</article>")[0]
        assert "tidak ada data" in card and "%" not in card.partition('class="figure"')[2], title


def test_a_region_nobody_measured_says_so_in_every_figure(signed_in: SignIn) -> None:
    page = read(signed_in("nasional"), f"/pantau/11/{CYCLE}")
    assert "Tidak ada data untuk Aceh" in page
    figures = re.findall(r'<p class="figure"[^>]*>(.*?)</p>', page)
    assert len(figures) == 14 and all("tidak ada data" in figure for figure in figures)


def test_an_area_without_any_cycle_says_why_and_what_comes_next(signed_in: SignIn) -> None:
    page = read(signed_in("aceh"), "/pantau/")
    assert "Belum ada angka untuk wilayah Anda" in page and "petugas rekonsiliasi" in page


def test_the_regions_stand_in_the_order_asked_for(signed_in: SignIn) -> None:
    client = signed_in("nasional")

    def names(order: str) -> list[str]:
        page = read(client, f"/pantau/63/{CYCLE}&urut={order}")
        return re.findall(r'<th scope="row"><a href="/pantau/(\d+)/', page)

    assert names("berhak") == names("-berhak")[::-1] != []
    assert names("nama") == sorted(names("nama"), key=codes.name)
    assert names("omong kosong") == names("tersalur")


def test_no_figure_is_called_realisation(signed_in: SignIn) -> None:
    for address in (f"/pantau/{CYCLE}", f"/pantau/63/{CYCLE}", f"/pantau/6371011001/{CYCLE}"):
        assert "realisasi" not in read(signed_in("nasional"), address).lower()


def test_an_officer_without_a_role_is_told_whom_to_ask(measured_house: House, signed_in: SignIn) -> None:
    from salur.foundation.access.models import Grant

    client = signed_in("banjarmasin")
    grants = Grant.objects.filter(officer__name="banjarmasin")
    kept = list(grants)
    grants.delete()
    answer = client.get("/pantau/")
    Grant.objects.bulk_create(kept)
    assert answer.status_code == 403
    assert "Minta admin" in answer.content.decode()
