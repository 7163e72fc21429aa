"""The expected result of one cycle, recomputed from the received files and the home's key."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .delivery import Order, route
from .enrolment import Outcome, determine, rows_for
from .register import Household, Register
from .rules import Month, due
from .settlement import Received, Settlement, receive, settle


@dataclass(frozen=True)
class World:
    """What the outside gave: `calls` are the import calls in order, each a delivery of files; secrets by programme."""

    key: bytes
    calls: tuple[tuple[Path, ...], ...]
    quotas: Path
    channels: Path
    secrets: Mapping[str, str]
    villages: Collection[str]
    as_of: date
    today: date


@dataclass(frozen=True)
class Expected:
    """One cycle as it should be; everything by recipient id. Entitlements and settlements: the admitted only."""

    cycle: str
    programme: str
    period: str
    households: dict[int, Household]
    outcomes: dict[int, Outcome]
    entitlements: dict[int, int]
    settlements: dict[int, Settlement]
    received: Received

    def totals(self) -> dict[str, int]:
        """Rupiah sums under the names of the reconcile summary."""
        ends = self.settlements.values()
        return {
            "entitled_rupiah": sum(self.entitlements.values()),
            "instructed_rupiah": sum(end.order.rupiah for end in ends if end.order.id),
            "credited_rupiah": sum(end.credited for end in ends),
            "collected_rupiah": sum(end.collected for end in ends),
            "returned_rupiah": sum(end.returned for end in ends),
            "excess_rupiah": sum(end.excess for end in ends),
            "open_rupiah": sum(end.open for end in ends),
        }

    def counts(self) -> dict[str, int]:
        """Families by outcome, and all considered."""
        by_outcome = Counter(outcome.outcome for outcome in self.outcomes.values())
        names = ("admitted", "held", "waiting", "not_admitted")
        return {"considered": len(self.outcomes)} | {name: by_outcome[name] for name in names}


def imports(world: World) -> tuple[Register, list[dict[str, Counter[str]]]]:
    """The register after all import calls, and per call the decisions by file name."""
    register = Register(world.key, frozenset(world.villages), world.today)
    return register, [register.take(call) for call in world.calls]


def expect(
    world: World,
    programme: str,
    period: str,
    results: Sequence[tuple[str, Path]] = (),
    register: Register | None = None,
) -> Expected:
    """From the register to the settled cycle; `results` are channel and path of this cycle's result files."""
    register = register or imports(world)[0]
    households = register.release(world.as_of)
    month, cycle = Month(period), f"{programme}-{period}"
    quotas = {region: int(text) for region, text in rows_for(world.quotas, programme, period, "kuota").items()}
    channels = rows_for(world.channels, programme, period, "kanal")
    outcomes = determine(households, programme, month, quotas, world.secrets[programme])
    admitted = [home for home in households if outcomes[home.recipient].outcome == "admitted"]
    entitlements = {home.recipient: due(programme, month, home.members) for home in admitted}
    orders = [route(home, cycle, entitlements[home.recipient], channels) for home in admitted]
    received = receive(results, _by_id(orders))
    return Expected(
        cycle,
        programme,
        period,
        {home.recipient: home for home in households},
        outcomes,
        entitlements,
        settle(orders, received),
        received,
    )


def _by_id(orders: Sequence[Order]) -> dict[str, Order]:
    return {order.id: order for order in orders if order.id}
