"""What the command line says when something goes wrong that no action foresaw."""

from __future__ import annotations

import logging
from pathlib import Path

from salur.entrypoints.cli.main import Discreet, unforeseen
from support.house import House
from support.journey import generated, register


def test_a_folder_that_cannot_be_written_is_named(house: House, tmp_path: Path) -> None:
    register(house, generated(tmp_path, families=20))
    house.ok("enrolment", "determine", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "open", "SEMBAKO", "2023-05", "--as", "planner")
    taken = tmp_path / "berkas"
    taken.write_text("")
    sentence = house.refused("export", "SEMBAKO-2023-05", "--out", taken / "daftar", "--as", "auditor")
    assert str(taken) in sentence


def test_the_text_of_another_error_is_not_repeated() -> None:
    assert "3204050101800010" not in unforeseen(ValueError("3204050101800010"))


def test_the_log_shows_no_nik_that_somebody_typed_into_an_address() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Not Found: /pantau/%s/", ("3204050101800010",), None
    )
    assert Discreet("%(message)s").format(record) == "Not Found: /pantau/320405******0010/"
