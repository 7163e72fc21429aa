"""Which role may do what, and which two roles no person may hold together."""

from __future__ import annotations

from salur.foundation.access.models import Role

MAY: dict[str, frozenset[Role]] = {
    "registry.import": frozenset({Role.REGISTRAR}),
    "registry.release": frozenset({Role.REGISTRAR}),
    "plan": frozenset({Role.PLANNER}),
    "approve": frozenset({Role.APPROVER}),
    "draw.commit": frozenset({Role.APPROVER}),
    "disburse": frozenset({Role.DISBURSER}),
    "result.import": frozenset({Role.CHANNEL, Role.RECONCILER}),
    "reconcile": frozenset({Role.RECONCILER}),
    "monitor": frozenset(Role),
    "export": frozenset({Role.REGISTRAR, Role.PLANNER, Role.APPROVER, Role.DISBURSER, Role.RECONCILER, Role.AUDITOR}),
    "export.identity": frozenset({Role.AUDITOR}),
    "explain": frozenset({Role.REGISTRAR, Role.PLANNER, Role.APPROVER, Role.DISBURSER, Role.RECONCILER, Role.AUDITOR}),
    "audit": frozenset({Role.AUDITOR}),
    "users": frozenset({Role.ADMIN}),
}

INCOMPATIBLE: tuple[frozenset[Role], ...] = (
    frozenset({Role.PLANNER, Role.APPROVER}),
    frozenset({Role.APPROVER, Role.DISBURSER}),
    frozenset({Role.DISBURSER, Role.RECONCILER}),
)
