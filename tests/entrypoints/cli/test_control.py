"""The figures of `salur monitor` on the terminal."""

from salur.entrypoints.cli.control import _table

FIGURE = {"programme": "PKH", "period": "2023-T2", "region": "6371", "indicator": "tersalur", "numerator": 1, "denominator": 2,
          "value": 0.5}  # fmt: skip


def test_figures_of_several_lists_stand_under_the_name_of_each() -> None:
    told = _table([FIGURE, FIGURE | {"programme": "SEMBAKO", "period": "2023-05", "numerator": None, "value": None}])
    assert [line.split() for line in told.splitlines()] == [
        ["PKH", "2023-T2"],
        ["6371", "tersalur", "1", "2", "0.5"],
        [],
        ["SEMBAKO", "2023-05"],
        ["6371", "tersalur", "None", "2", "None"],
    ]


def test_figures_of_one_list_need_no_name() -> None:
    assert [line.split() for line in _table([FIGURE]).splitlines()] == [["6371", "tersalur", "1", "2", "0.5"]]


def test_no_figures_say_what_to_do() -> None:
    assert "salur reconcile" in _table([])
