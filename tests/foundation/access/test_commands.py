"""Which command is whose: every role at the door of every command that changes something."""

from __future__ import annotations

from pathlib import Path

from support.commands import tree
from support.house import House

READING = {"monitor", "export", "audit", "explain", "registry review list", "user list"}
OF_THE_HOUSE = {"init", "demo", "bench world", "serve", "doctor", "db start", "db stop", "db status"}
OF_ONES_OWN = {"user password"}


def writing(folder: Path) -> dict[str, tuple[tuple[str, ...], str]]:
    """Every command that changes something, with the role that may."""
    file = folder / "x.csv"
    file.write_text("a\n")
    return {
        "registry import": ((str(file),), "registrar"),
        "registry release": (("--as-of", "2023-05-31", "--decree", "SK"), "registrar"),
        "quota import": ((str(file),), "planner"),
        "channel assign": ((str(file),), "planner"),
        "budget ceiling": (("SEMBAKO", "2023", "1", "--decree", "D"), "planner"),
        "draw commit": (("SEMBAKO", "2023-05"), "approver"),
        "enrolment determine": (("SEMBAKO", "2023-05"), "planner"),
        "cycle open": (("SEMBAKO", "2023-05"), "planner"),
        "cycle submit": (("SEMBAKO-2023-05",), "planner"),
        "cycle approve": (("SEMBAKO-2023-05",), "approver"),
        "cycle send-back": (("SEMBAKO-2023-05", "--reason", "R"), "approver"),
        "instruction write": (("SEMBAKO-2023-05", "--out", str(folder / "out")), "disburser"),
        "instruction release": (("SEMBAKO-2023-05",), "disburser"),
        "result import": (("BRI", str(file)), "reconciler"),
        "reconcile": (("SEMBAKO-2023-05",), "reconciler"),
        "registry review decide": (("1", "--drop", "--reason", "R"), "registrar"),
        "user add": (("baru", "--role", "monitor", "--area", "00"), "admin"),
        "user disable": (("monitor", "--reason", "R"), "admin"),
        "user renew": (("monitor",), "admin"),
    }


def kept(house: House) -> list[tuple]:
    """How much every table holds: a refused command leaves it as it was."""
    with house.owner() as conn:
        names = [
            name
            for (name,) in conn.execute(
                "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            )
        ]
        return [(name, conn.execute(f"select count(*) from {name}").fetchone()[0]) for name in sorted(names)]


def test_each_command_is_refused_to_every_role_but_its_own(house: House, tmp_path: Path) -> None:
    before = kept(house)
    for command, (arguments, role) in writing(tmp_path).items():
        for name in ("auditor", "monitor", "registrar", "planner", "approver", "disburser", "reconciler", "admin"):
            if name != role:
                assert role in house.refused(*command.split(), *arguments, "--as", name), (command, name)
                if any("--dry-run" in parameter.opts for parameter in tree()[command].params):
                    house.refused(*command.split(), *arguments, "--dry-run", "--as", name)
    assert kept(house) == before
    assert not (tmp_path / "out").exists()


def test_work_on_the_whole_country_is_refused_to_an_officer_of_a_part(house: House, tmp_path: Path) -> None:
    """Users and rows under review are the work of every area; the rest is done for the country at once."""
    commands = {
        name: one
        for name, one in writing(tmp_path).items()
        if not name.startswith("user ") and name != "registry review decide"
    }
    for role in {role for _arguments, role in commands.values()}:
        house.ok("user", "add", f"{role}63", "--role", role, "--area", "63", "--as", "admin")
    before = kept(house)
    for command, (arguments, role) in commands.items():
        assert "63" in house.refused(*command.split(), *arguments, "--as", f"{role}63"), command
    assert kept(house) == before


def test_every_command_is_known_to_read_or_to_write(tmp_path: Path) -> None:
    """A new command fails this test until it is decided who may call it."""
    assert set(tree()) - READING - OF_THE_HOUSE - OF_ONES_OWN == set(writing(tmp_path))
