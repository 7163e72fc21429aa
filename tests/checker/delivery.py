"""Which entitlements become instructions, through which channel, under which id; and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass

from .enrolment import nearest
from .register import Household

ACCOUNT_REASONS = {
    "PASIF": "REKENING_PASIF",
    "TUTUP": "REKENING_TUTUP",
    "BLOKIR": "REKENING_BLOKIR",
    "PROSES": "REKENING_PROSES",
}


@dataclass(frozen=True)
class Order:
    """An entitlement on its way: `id` is empty and `reason` filled when it is not instructed."""

    id: str
    recipient: int
    channel: str
    regency: str
    rupiah: int
    reason: str


def route(home: Household, cycle: str, rupiah: int, channels: Mapping[str, str]) -> Order:
    """First attempt for one family."""
    region = nearest(home.village, channels)
    channel = channels[region] if region else ""
    reason = why_not(home, channel)
    identity = "" if reason else instruction_id(cycle, home.recipient, 1)
    return Order(identity, home.recipient, channel, home.village[:4], rupiah, reason)


def why_not(home: Household, channel: str) -> str:
    """The first obstacle, or nothing; the post needs no account."""
    if not channel:
        return "TANPA_KANAL"
    if channel == "POS":
        return ""
    if home.account is None:
        return "TANPA_REKENING"
    if home.account["bank"] != channel:
        return "BANK_LAIN"
    return ACCOUNT_REASONS.get(home.account["status"], "")


def check_digits(text: str) -> str:
    """ISO 7064 MOD 97-10 over digits and letters (A = 10); everything else is skipped."""
    number = "".join(str(int(sign, 36)) for sign in text.upper() if sign.isalnum())
    return f"{98 - int(number + '00') % 97:02d}"


def instruction_id(cycle: str, recipient: int, attempt: int) -> str:
    """Cycle, recipient in 19 digits, attempt, check digits."""
    body = f"{cycle}-{recipient:019d}-{attempt}"
    return f"{body}-{check_digits(body)}"


def is_mistyped(identity: str) -> bool:
    """True when the check digits do not fit, or there are none."""
    body, _, check = identity.rpartition("-")
    try:
        return not body or check != check_digits(body)
    except ValueError:
        return True
