"""How an answer reads on the terminal."""

from salur.entrypoints.cli.house import lines


def test_sums_have_their_thousands_apart_and_years_and_ids_are_left_whole() -> None:
    told = lines({"year": 2023, "ceiling_rupiah": 1000000, "recipient_id": 4037504167308132656, "is_new": True})
    assert [line.split() for line in told.splitlines()] == [
        ["year", "2023"],
        ["ceiling_rupiah", "1.000.000"],
        ["recipient_id", "4037504167308132656"],
        ["is_new", "True"],
    ]
