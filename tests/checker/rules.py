"""What the law promises: deciles, exclusions and amounts, written down a second time from the sources themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .reading import age_on
from .register import Cells, birth, is_living

LAST_DECILE = {"SEMBAKO": 5, "PKH": 4}
EXCLUDED = {"PNS", "TNI", "POLRI", "PENSIUNAN", "BUMN", "BUMD", "PEJABAT", "SDM_KESOS"}
STAGES = 4
ELDERLY_FROM = 60


@dataclass(frozen=True)
class Month:
    """A month (`2023-05`) or a stage of three months (`2023-T2`)."""

    text: str

    @property
    def year(self) -> int:
        return int(self.text[:4])

    @property
    def stage(self) -> int:
        """1 to 4; 0 for a month."""
        return int(self.text[6]) if "T" in self.text else 0

    @property
    def first_day(self) -> date:
        return date(self.year, self.stage * 3 - 2 if self.stage else int(self.text[5:7]), 1)


def sembako_month(period: Month) -> int:
    """Rupiah of one month; sources date the step to 200,000 in March or in April 2020, so March is not asked here."""
    if period.first_day < date(2020, 1, 1):
        return 110_000
    return 150_000 if period.first_day < date(2020, 3, 1) else 200_000


def pkh_year(component: str, year: int) -> int:
    """Rupiah per year of one component."""
    health = 2_400_000 if year == 2019 else 3_000_000
    return {
        "pregnant": health,
        "early": health,
        "SD": 900_000,
        "SMP": 1_500_000,
        "SMA": 2_000_000,
        "disabled": 2_400_000,
        "elderly": 2_400_000,
    }[component]


def components(person: Cells, day: date) -> list[str]:
    """All that one member brings; somebody not PADAN, so the dead too, brings nothing."""
    if person["status_dukcapil"] != "PADAN":
        return []
    school, age = person.get("status_sekolah", ""), age_on(birth(person), day)
    held = []
    if person.get("hamil") == "Y":
        held.append("pregnant")
    if age < 7 and school in ("", "TIDAK"):
        held.append("early")
    if school in ("SD", "SMP", "SMA"):
        held.append(school)
    if person.get("disabilitas_berat") == "Y":
        held.append("disabled")
    if age >= ELDERLY_FROM:
        held.append("elderly")
    return held


def pkh_stage(members: Iterable[Cells], period: Month, *, has_access_amount: bool = False) -> int:
    """The four highest components, each split over the stages; in 2019 stage 1 the fixed part comes on top."""
    held = [name for person in members for name in components(person, period.first_day)]
    top = sorted((pkh_year(name, period.year) for name in held), reverse=True)[:4]
    rest = sum(amount % STAGES for amount in top) if period.stage == STAGES else 0
    fixed = (1_000_000 if has_access_amount else 550_000) if period.year == 2019 and period.stage == 1 else 0
    return sum(amount // STAGES for amount in top) + rest + fixed


def due(programme: str, period: Month, members: Iterable[Cells]) -> int:
    """Rupiah that an admitted family is owed for one period."""
    return sembako_month(period) if programme == "SEMBAKO" else pkh_stage(members, period)


def refusal(programme: str, period: Month, decile: int | None, members: Iterable[Cells]) -> str:
    """The first reason against a family, or nothing."""
    members = list(members)
    if any(is_living(person) and person.get("pekerjaan", "").upper() in EXCLUDED for person in members):
        return "PEKERJAAN"
    if decile is None:
        return "DESIL_TIDAK_DIKETAHUI"
    if not 1 <= decile <= LAST_DECILE[programme]:
        return "DESIL_DI_LUAR"
    if programme == "PKH" and not any(components(person, period.first_day) for person in members):
        return "TANPA_KOMPONEN"
    return ""


def doubt(period: Month, holder: Cells | None, members: Iterable[Cells]) -> str:
    """The first reason for which a person must look before money goes out, or nothing."""
    status = (holder["status_dukcapil"] or "BELUM_CEK") if holder else "PADAN"
    if status != "PADAN":
        return f"PENGURUS_{status}"
    if not any(is_living(person) and age_on(birth(person), period.first_day) >= 17 for person in members):
        return "TANPA_DEWASA"
    return ""
