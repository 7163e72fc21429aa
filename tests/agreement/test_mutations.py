"""The tests can fail: a small mistake in a copy of the package makes a named test fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutation:
    """One mistake: in `file`, `before` becomes `after`; `test` must notice. Below src/salur and below tests."""

    name: str
    file: str
    before: str
    after: str
    test: str


MUTATIONS = [
    Mutation(
        "the last place is not given",
        "enrolment/steps/rank.py",
        "(ranked.rank <= ranked.places)",
        "(ranked.rank < ranked.places)",
        "enrolment/steps/test_rank.py::test_the_last_place_is_given_and_the_next_family_waits",
    ),
    Mutation(
        "the draw is left out of the order",
        "enrolment/steps/rank.py",
        "        runners.draw,\n",
        "",
        "enrolment/steps/test_rank.py::test_the_draw_breaks_ties_of_decile_and_not_the_id",
    ),
    Mutation(
        "who was in is not kept",
        "enrolment/steps/rank.py",
        "        ibis.cases((runners.was_in, 0), else_=1),\n",
        "",
        "enrolment/steps/test_rank.py::test_the_admitted_of_an_earlier_list_stay_before_poorer_newcomers",
    ),
    Mutation(
        "the deadline falls a day early",
        "enrolment/steps/rank.py",
        "held_since > rule.hold",
        "held_since >= rule.hold",
        "enrolment/steps/test_rank.py::test_the_place_is_free_once_the_deadline_has_passed",
    ),
    Mutation(
        "a parent keeps the places of its children",
        "enrolment/steps/places.py",
        "joined.places - joined.children.fill_null(0)",
        "joined.places",
        "enrolment/steps/test_places.py::test_a_parent_keeps_what_its_children_leave",
    ),
    Mutation(
        "a share is rounded",
        "programmes/rule.py",
        "part = annual_rupiah // self.stages_in_year",
        "part = round(annual_rupiah / self.stages_in_year)",
        "programmes/test_rule.py::test_what_division_leaves_is_paid_in_the_last_stage",
    ),
    Mutation(
        "a birthday counts a day late",
        "programmes/conditions/age.py",
        "birth_date <= _born_then",
        "birth_date < _born_then",
        "programmes/test_agreement.py::test_features_verdicts_and_amounts_equal_the_slow_version[SEMBAKO-2023-05-0]",
    ),
    Mutation(
        "seventeen is not enough to receive",
        "registry/steps/holder.py",
        "age >= ADULT_YEARS",
        "age > ADULT_YEARS",
        "registry/steps/test_holder.py::test_the_seventeenth_birthday_itself_makes_an_adult",
    ),
    Mutation(
        "the head comes before who has an account",
        "registry/steps/holder.py",
        "_ORDER_OLDEST = 0, 1, 2, 3",
        "_ORDER_OLDEST = 1, 0, 2, 3",
        "registry/steps/test_holder.py::test_the_living_person_with_an_account_comes_before_the_head",
    ),
    Mutation(
        "an account at any bank will do",
        "delivery/steps/route.py",
        "        (bank != known.channel, NotInstructed.BANK_LAIN.value),\n",
        "",
        "delivery/steps/test_route.py::test_an_account_at_another_bank_is_not_instructed",
    ),
    Mutation(
        "every place has the time of the capital",
        "delivery/steps/lines.py",
        'zone_minutes_expr(found.known_region.fill_null("31"))',
        "7 * 60",
        "delivery/steps/test_lines.py::test_a_time_without_offset_takes_the_zone_of_the_regency",
    ),
    Mutation(
        "one proof serves one cycle only",
        "delivery/steps/lines.py",
        'key = ["cycle", "recipient_id"',
        'key = ["recipient_id"',
        "delivery/steps/test_lines.py::test_one_proof_may_serve_two_cycles_of_a_family",
    ),
    Mutation(
        "a failure comes after the credit of its moment",
        "foundation/vocabulary/codes.py",
        '    GAGAL = "GAGAL"\n    KREDIT = "KREDIT"\n',
        '    KREDIT = "KREDIT"\n    GAGAL = "GAGAL"\n',
        "reconciliation/steps/test_fold.py::test_lines_of_one_moment_are_taken_failure_credit_collection_taking_back_return",
    ),
    Mutation(
        "more is taken back than was there",
        "reconciliation/steps/fold.py",
        "ibis.least(amount, in_account)",
        "amount",
        "reconciliation/steps/test_fold.py::test_taking_back_more_than_was_credited_moves_only_the_credit",
    ),
    Mutation(
        "lines that contradict each other count",
        "reconciliation/steps/fold.py",
        "ibis.cases((~distinct.contradicts, nth + 1))",
        "(nth + 1)",
        "reconciliation/steps/test_fold.py::test_lines_that_contradict_each_other_move_nothing",
    ),
    Mutation(
        "excess may be less than nothing",
        "reconciliation/steps/settle.py",
        "ibis.greatest(credited + joined.give_back - joined.instructed, 0)",
        "credited + joined.give_back - joined.instructed",
        "reconciliation/steps/test_fold.py::test_before_any_line_all_money_is_open_at_the_channel",
    ),
    Mutation(
        "more is collected than was credited",
        "reconciliation/steps/settle.py",
        "collected_rupiah=ibis.least(t.collect, t.credited)",
        "collected_rupiah=t.collect",
        "reconciliation/steps/test_fold.py::test_collected_never_exceeds_credited_when_money_is_taken_back_after_collection",
    ),
    Mutation(
        "the due day itself is late",
        "monitoring/indicators/rights.py",
        "joined.received_day <= due_day",
        "joined.received_day < due_day",
        "monitoring/indicators/test_rights.py::test_the_due_day_ends_at_midnight_of_the_regency",
    ),
    Mutation(
        "the digest forgets where a text ends",
        "foundation/lake/digest.py",
        "self.nulls.digest() + self.lengths.digest()",
        "self.nulls.digest()",
        "foundation/lake/test_digest.py::test_two_texts_that_together_read_the_same_are_not_the_same",
    ),
]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of package and tests that may be spoilt."""
    copy = tmp_path_factory.mktemp("workshop")
    for folder in ("src", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def run(workshop: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *(f"tests/{test}" for test in tests),
    ]
    return subprocess.run(command, cwd=workshop, capture_output=True, text=True, check=False)


def test_the_unspoilt_copy_passes(workshop: Path) -> None:
    where = f"import salur\n\ndef test_where():\n    assert salur.__file__.startswith({str(workshop)!r})\n"
    (workshop / "tests" / "test_where.py").write_text(where)
    assert run(workshop, "test_where.py").returncode == 0, "the copy is not what is tested"
    done = run(workshop, *dict.fromkeys(mutation.test for mutation in MUTATIONS))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.name for mutation in MUTATIONS])
def test_the_mistake_is_noticed(workshop: Path, mutation: Mutation) -> None:
    file = workshop / "src" / "salur" / mutation.file
    whole = file.read_text()
    assert whole.count(mutation.before) == 1, "the mistake no longer fits the code"
    file.write_text(whole.replace(mutation.before, mutation.after))
    try:
        done = run(workshop, mutation.test)
    finally:
        file.write_text(whole)
    assert done.returncode == 1 and "AssertionError" in done.stdout, done.stdout[-2000:]
