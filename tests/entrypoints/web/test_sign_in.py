"""Who may come in, and what strangers learn."""

from __future__ import annotations

import pytest
from django.test import Client

from entrypoints.web.conftest import PASSWORD, SignIn
from salur.entrypoints.web import throttle
from support.house import House


def test_a_stranger_is_sent_to_sign_in_and_back_to_where_they_wished(stranger: Client) -> None:
    answer = stranger.get("/pantau/63/?tahap=SEMBAKO-2023-05")
    assert (answer.status_code, answer["Location"]) == (302, "/masuk/?next=%2Fpantau%2F63%2F%3Ftahap%3DSEMBAKO-2023-05")
    wished = "/pantau/63/?tahap=SEMBAKO-2023-05"
    answer = stranger.post("/masuk/", {"name": "kalsel", "password": PASSWORD, "next": wished})
    assert (answer.status_code, answer["Location"]) == (302, wished)


@pytest.mark.parametrize("wished", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_signing_in_never_leads_to_another_house(stranger: Client, wished: str) -> None:
    answer = stranger.post("/masuk/", {"name": "kalsel", "password": PASSWORD, "next": wished})
    assert answer["Location"] == "/pantau/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(stranger: Client) -> None:
    wrong = stranger.post("/masuk/", {"name": "kalsel", "password": "bukan-itu"})
    unknown = stranger.post("/masuk/", {"name": "tiada", "password": "bukan-itu"})
    assert wrong.status_code == unknown.status_code == 422
    sentence = "Nama atau kata sandi tidak cocok."
    assert sentence in wrong.content.decode() and sentence in unknown.content.decode()
    assert "bukan-itu" not in wrong.content.decode(), "the password does not come back"
    assert stranger.get("/pantau/").status_code == 302


def test_after_five_failures_a_name_must_wait_even_with_the_right_password(stranger: Client) -> None:
    for _attempt in range(throttle.FAILURES_MAX):
        stranger.post("/masuk/", {"name": "aceh", "password": "salah"})
    answer = stranger.post("/masuk/", {"name": "aceh", "password": PASSWORD})
    throttle.succeeded("aceh")
    assert answer.status_code == 422
    assert "Terlalu banyak percobaan" in answer.content.decode()


def test_the_token_of_an_account_opens_too(stranger: Client) -> None:
    from salur.foundation.access.actions import officers

    token = officers.add("bertoken", role="monitor", area="63", by="admin")
    assert stranger.post("/masuk/", {"name": "bertoken", "password": token}).status_code == 302


def test_a_demo_home_offers_its_accounts_and_says_that_all_is_made_up(stranger: Client) -> None:
    page = stranger.get("/masuk/").content.decode()
    assert 'name="name" value="kalsel"' in page
    assert "DATA CONTOH" in page
    assert stranger.post("/masuk/", {"name": "kalsel"}).status_code == 302
    assert "DATA CONTOH" in stranger.get("/pantau/").content.decode()


def test_a_real_home_offers_no_accounts_and_a_name_alone_opens_nothing(real_home: House, stranger: Client) -> None:
    page = stranger.get("/masuk/").content.decode()
    assert "kalsel" not in page and "DATA CONTOH" not in page
    assert stranger.post("/masuk/", {"name": "kalsel"}).status_code == 422
    throttle.succeeded("kalsel")
    assert stranger.post("/masuk/", {"name": "kalsel", "password": PASSWORD}).status_code == 302


def test_leaving_needs_a_post_and_closes_the_pages(signed_in: SignIn) -> None:
    client = signed_in("kalsel")
    assert client.get("/keluar/").status_code == 405
    client.post("/keluar/")
    assert client.get("/pantau/").status_code == 302


def test_a_disabled_account_is_out_at_once_and_cannot_come_back(stranger: Client) -> None:
    from salur.foundation.access.actions import accounts, officers

    token = officers.add("pergi", role="monitor", area="63", by="admin", password=PASSWORD)
    stranger.post("/masuk/", {"name": "pergi", "password": PASSWORD})
    assert stranger.get("/pantau/").status_code == 200
    accounts.disable("pergi", reason="pindah tugas", by=officers.actor("admin"))
    assert stranger.get("/pantau/").status_code == 302
    for proof in (PASSWORD, token, ""):
        assert stranger.post("/masuk/", {"name": "pergi", "password": proof}).status_code == 422
    throttle.succeeded("pergi")


@pytest.mark.parametrize("replaced", ["token", "password"])
def test_whoever_signed_in_with_what_was_replaced_is_out_at_once(stranger: Client, replaced: str) -> None:
    from salur.foundation.access.actions import accounts, officers

    admin, name = officers.actor("admin"), f"bocor-{replaced}"
    old = officers.add(name, role="monitor", area="63", by="admin", password=PASSWORD)
    stranger.post("/masuk/", {"name": name, "password": old if replaced == "token" else PASSWORD})
    assert stranger.get("/pantau/").status_code == 200
    if replaced == "token":
        new = accounts.renew(name, by=admin)
    else:
        new = "rumput laut biru pagi"
        officers.set_password(name, new, by=admin)
    assert stranger.get("/pantau/").status_code == 302
    assert stranger.post("/masuk/", {"name": name, "password": new}).status_code == 302
    assert stranger.get("/pantau/").status_code == 200


def test_a_cookie_changed_by_hand_opens_nothing(signed_in: SignIn) -> None:
    client = signed_in("kalsel")
    cookie = client.cookies["sessionid"]
    client.cookies["sessionid"] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    assert client.get("/pantau/").status_code == 302


def test_a_form_without_its_token_is_refused_in_a_plain_sentence(measured_house: House) -> None:
    strict = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    answer = strict.post("/masuk/", {"name": "kalsel", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Formulir ini terlalu lama terbuka" in answer.content.decode()
