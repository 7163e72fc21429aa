"""What the database's own catalogue says that people may reach: the app's role and the reader's role."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

GUESTS = ("salur_app", "salur_read")
MAY_CALL = {
    "salur_app": {
        "area_lo()",
        "area_hi()",
        "sees_families()",
        "login_of(text)",
        "officer_of(bigint)",
        "accounts_of_area()",
    },
    "salur_read": {"area_lo()", "area_hi()", "sees_families()"},
}
OURS = "n.nspname not like 'pg\\_%%' and n.nspname <> 'information_schema'"
_RELATIONS = f"""
    select c.oid, c.oid::regclass::text as name, c.relkind, c.relispartition, c.relrowsecurity,
        coalesce(c.reloptions, '{{}}') as options
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where {OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')"""


def readable(conn: Any) -> dict[str, dict[str, Any]]:
    """Relations of which a guest can select anything, a single column included, by name."""
    found = conn.execute(
        f"""select name, relkind, relispartition, relrowsecurity, options, oid from ({_RELATIONS}) c
            where relkind <> 'S' and exists (select 1 from unnest(%s::text[]) role
              where has_table_privilege(role, c.oid, 'select') or has_any_column_privilege(role, c.oid, 'select'))
            order by name""",
        [list(GUESTS)],
    ).fetchall()
    names = ("kind", "is_partition", "has_row_security", "options", "oid")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found}


def faults(conn: Any, public: Collection[str]) -> list[str]:
    """Every way in which a guest reaches more than a guarded or public relation, in words; none: the house is closed."""
    seen = readable(conn)
    told = [f"{name}: stands on the public list, yet nobody can read it" for name in sorted(set(public) - set(seen))]
    for name, relation in seen.items():
        told += _of_relation(conn, name, relation, name in public)
    told += [f"{name}: is a view that works with its owner's rights" for name in _views_of_owner(conn)]
    told += [f"{name}: is a materialised view, which no policy guards" for (name,) in conn.execute(
        f"select name from ({_RELATIONS}) c where relkind = 'm' order by 1").fetchall()]  # fmt: skip
    return told + _writes(conn) + _calls(conn) + _paths(conn) + _standing(conn)


def _of_relation(conn: Any, name: str, relation: dict[str, Any], is_public: bool) -> list[str]:
    if relation["is_partition"]:
        return [f"{name}: is a partition that can be read past its parent's policy"]
    if relation["kind"] not in ("r", "p"):
        return []
    policies = conn.execute(
        "select polname, polcmd, polpermissive, pg_get_expr(polqual, polrelid) from pg_policy where polrelid = %s",
        [relation["oid"]],
    ).fetchall()
    if is_public:
        return [f"{name}: stands on the public list, yet has a policy"] if policies else []
    if not relation["has_row_security"] or not policies:
        return [f"{name}: can be read without a policy"]
    # Permissive policies are alternatives: one that is open opens the table.
    return [
        f"{name}: policy {policy} does not ask for the area"
        for policy, command, permissive, rule in policies
        if command != "r" or (permissive and not ("area_lo()" in rule and "area_hi()" in rule))
    ]


def _views_of_owner(conn: Any) -> list[str]:
    rows = conn.execute(f"select name, options from ({_RELATIONS}) c where relkind = 'v' order by 1").fetchall()
    return [name for name, options in rows if "security_invoker=true" not in options]


def _writes(conn: Any) -> list[str]:
    found = conn.execute(
        f"""select c.name, role, word from ({_RELATIONS}) c, unnest(%s::text[]) role,
              unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) word
            where relkind <> 'S' and (has_table_privilege(role, c.oid, word)
              or (word in ('insert', 'update', 'references') and has_any_column_privilege(role, c.oid, word)))
            union all
            select c.name, role, word
            from ({_RELATIONS}) c, unnest(%s::text[]) role, unnest(array['usage', 'select', 'update']) word
            where relkind = 'S' and has_sequence_privilege(role, c.oid, word)
            union all
            select n.nspname, role, 'create' from pg_namespace n, unnest(%s::text[]) role
            where has_schema_privilege(role, n.oid, 'create')
            union all
            select current_database(), role, word from unnest(%s::text[]) role, unnest(array['create', 'temp']) word
            where has_database_privilege(role, current_database(), word) order by 1, 2, 3""",
        [list(GUESTS)] * 4,
    ).fetchall()
    return [f"{name}: {role} may {word}" for name, role, word in found]


def _calls(conn: Any) -> list[str]:
    found = conn.execute(
        f"""select role, p.oid::regprocedure::text
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace, unnest(%s::text[]) role
            where {OURS} and has_function_privilege(role, p.oid, 'execute') order by 1, 2""",
        [list(GUESTS)],
    ).fetchall()
    may = {role: {name for who, name in found if who == role} for role in GUESTS}
    more = [f"{name}: {role} may call it" for role in GUESTS for name in sorted(may[role] - MAY_CALL[role])]
    return more + [f"{name}: {role} cannot call it" for role in GUESTS for name in sorted(MAY_CALL[role] - may[role])]


def _paths(conn: Any) -> list[str]:
    """What runs with the owner's rights must find the owner's tables, never a caller's."""
    found = conn.execute(
        f"""select p.oid::regprocedure::text, coalesce(p.proconfig, '{{}}')
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where {OURS} and p.prosecdef order by 1"""
    ).fetchall()
    wanted = "search_path=pg_catalog, public, pg_temp"
    return [f"{name}: runs as its owner on the caller's path" for name, settings in found if wanted not in settings]


def _standing(conn: Any) -> list[str]:
    """Rights that no grant shows: superuser, ownership, membership in another role."""
    found = conn.execute(
        """select rolname, 'is more than a guest' from pg_roles
           where rolname = any(%s)
             and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit)
           union all select pg_get_userbyid(relowner), 'owns ' || oid::regclass
             from pg_class where pg_get_userbyid(relowner) = any(%s)
           union all select member::regrole::text, 'belongs to ' || roleid::regrole
             from pg_auth_members where member::regrole::text = any(%s)
           union all select 'future tables', 'are granted to ' || pg_get_userbyid(a.grantee)
             from pg_default_acl d, aclexplode(d.defaclacl) a
             where pg_get_userbyid(a.grantee) = any(%s) or (a.grantee = 0 and d.defaclobjtype in ('r', 'f', 'S'))""",
        [list(GUESTS)] * 4,
    ).fetchall()
    return [f"{name}: {what}" for name, what in found]
