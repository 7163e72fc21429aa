"""What the civil registry says about a person."""

from __future__ import annotations

import ibis.expr.types as ir

from salur.foundation.vocabulary.codes import CivilStatus


def is_alive(civil_status: ir.StringValue) -> ir.BooleanValue:
    """No death is known."""
    return civil_status != CivilStatus.MENINGGAL.value


def is_matched(civil_status: ir.StringValue) -> ir.BooleanValue:
    """The civil registry knows this person, alive and once: only then does a member add a component."""
    return civil_status == CivilStatus.PADAN.value
