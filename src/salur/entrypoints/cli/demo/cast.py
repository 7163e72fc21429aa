"""Who acts in the demo: one account for each role and bank, each of them another person."""

from __future__ import annotations

from dataclasses import dataclass

ADMIN = "admin"


@dataclass(frozen=True)
class Player:
    """One account of the demo."""

    name: str
    role: str
    area: str = "00"
    channel: str = ""


CAST = (
    Player("registrar", "registrar"),
    Player("planner", "planner"),
    Player("approver", "approver"),
    Player("disburser", "disburser"),
    Player("disburser2", "disburser"),
    Player("reconciler", "reconciler"),
    Player("monitor", "monitor"),
    Player("monitor63", "monitor", area="63"),
    Player("auditor", "auditor"),
    Player("bri", "channel", channel="BRI"),
    Player("bni", "channel", channel="BNI"),
    Player("mandiri", "channel", channel="MANDIRI"),
    Player("btn", "channel", channel="BTN"),
    Player("bsi", "channel", channel="BSI"),
    Player("pos", "channel", channel="POS"),
)


def assemble() -> None:
    """Add the accounts that are missing; no password: in a demo home the name is enough."""
    from salur.foundation.access.actions import officers

    for player in CAST:
        officers.add(player.name, role=player.role, area=player.area, channel=player.channel, by=ADMIN)


def of_channel(channel: str) -> str:
    """The account that imports this channel's results."""
    return next(player.name for player in CAST if player.channel == channel)
