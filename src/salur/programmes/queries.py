"""Which rule is in force."""

from __future__ import annotations

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period
from salur.programmes import catalogue
from salur.programmes.models import Programme, RuleVersion
from salur.programmes.rule import Rule


def rules(programme: str) -> list[Rule]:
    """All versions on record of a programme. Raises Refused for a programme that is not known."""
    if not Programme.objects.filter(code=programme).exists():
        known = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True))
        raise Refused(
            _("Program %(programme)s tidak dikenal; pilih: %(known)s.") % {"programme": programme, "known": known}
        )
    return [
        Rule.from_json(body) for body in RuleVersion.objects.filter(programme=programme).values_list("body", flat=True)
    ]


def period_kinds() -> dict[str, frozenset[str]]:
    """By programme, whether its rules go by months or by stages."""
    codes = Programme.objects.order_by("code").values_list("code", flat=True)
    return {code: frozenset(rule.period_kind for rule in rules(code)) for code in codes}


def rule_for(programme: str, period: Period) -> Rule:
    """The version in force on every day of the period. Raises Refused ("no rule") when there is none."""
    return catalogue.rule_for(rules(programme), programme, period)
