"""A dry run checks what the deed checks, answers in its shape, and leaves nothing behind: no row, no audit line, no file."""

from __future__ import annotations

import json
from pathlib import Path

from salur.entrypoints.cli.demo import channels
from support.commands import tree
from support.house import House
from support.journey import generated

CYCLE = "SEMBAKO-2023-05"
READING = {"monitor", "audit", "explain", "registry review list", "user list"}
OF_THE_HOUSE = {"init", "demo", "bench world", "serve", "doctor", "db start", "db stop", "db status"}


def traces(house: House, folder: Path) -> dict[str, object]:
    """What every table holds, and every file of the house and of the people's own folder."""
    with house.owner() as conn:
        names = [
            name
            for (name,) in conn.execute(
                "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            )
        ]
        found: dict[str, object] = {
            name: conn.execute(
                f"select count(*), md5(string_agg(t::text, E'\n' order by t::text)) from {name} t"
            ).fetchone()
            for name in names
        }
    for place in (house.home, folder):
        found |= {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in place.rglob("*") if file.is_file()}  # fmt: skip
    return found


class Rehearsed:
    """Every command twice: first dry, then in earnest."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder, self.commands = house, folder, set()

    def __call__(self, command: str, *arguments: str | Path, by: str, same: tuple[str, ...] = ()) -> dict:
        """The answer in earnest. `same`: what the dry run must have foretold."""
        self.commands.add(command)
        call = [*command.split(), *arguments, "--as", by, "--json"]
        before = traces(self.house, self.folder)
        dry = self.house.run(*call, "--dry-run")
        assert dry.returncode in (0, 3), f"{command}: {dry.stderr}"
        assert "Hanya diperiksa" in dry.stderr
        after = traces(self.house, self.folder)
        assert {name for name in before | after if before.get(name) != after.get(name)} == set(), command
        done = self.house.run(*call)
        assert done.returncode == dry.returncode, f"{command}: {done.stderr}"
        assert "Hanya diperiksa" not in done.stderr
        assert traces(self.house, self.folder) != before, f"{command} in earnest leaves no trace: the test sees nothing"
        foretold, told = (_one(json.loads(answer)) for answer in (dry.stdout, done.stdout))
        missing = set(told) - set(foretold)
        assert missing <= {"decree", "families_digest", "persons_digest"}, (command, missing)
        for name in same:
            assert foretold[name] == told[name], (command, name)
        return told


def _one(told: dict | list) -> dict:
    return told[0] if isinstance(told, list) else told


def test_every_writing_command_can_be_rehearsed_along_the_journey(house: House, tmp_path: Path) -> None:
    files, out = generated(tmp_path, families=120), tmp_path / "out"
    quotas = files / "quotas.csv"
    quotas.write_text(quotas.read_text() + "SEMBAKO,2023-05,9999,1\n")  # one row that is rejected
    do = Rehearsed(house, tmp_path)
    counts = ("rows", "accepted", "rejected", "unchanged", "to_review")

    do("draw commit", "SEMBAKO", "2023-05", "--secret", "rahasia", by="approver", same=("commitment",))
    do("registry import", *(files / f"{kind}.csv" for kind in ("families", "persons", "accounts")), by="registrar", same=counts)  # fmt: skip
    waiting = house.ok("registry", "review", "list", "--reason", "NIK_DI_DUA_KELUARGA", "--as", "registrar")["rows"]
    review = next(row["id"] for row in waiting if row["file"])
    do("registry review decide", str(review), "--accept", "--reason", "R", by="registrar", same=("id", "state"))
    do("registry release", "--as-of", "2023-05-31", "--decree", "SK", by="registrar", same=("families", "persons"))
    do("quota import", quotas, by="planner", same=counts)
    do("channel assign", files / "channels.csv", by="planner", same=counts)
    do("budget ceiling", "SEMBAKO", "2023", "900000000000", "--decree", "D", by="planner", same=("ceiling_rupiah",))
    do("enrolment determine", "SEMBAKO", "2023-05", by="planner", same=("admitted", "waiting", "list_digest"))
    do("cycle open", "SEMBAKO", "2023-05", by="planner", same=("cycle", "entitled_rupiah", "list_digest"))
    do("cycle submit", CYCLE, by="planner", same=("state",))
    do("cycle send-back", CYCLE, "--reason", "periksa lagi", by="approver", same=("state",))
    house.ok("cycle", "open", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "submit", CYCLE, "--as", "planner")
    do("cycle approve", CYCLE, by="approver", same=("state", "list_digest", "audit_head"))
    do("instruction write", CYCLE, "--out", out, by="disburser", same=("instructions", "instructed_rupiah"))
    do("instruction release", CYCLE, by="disburser", same=("state", "instructed_rupiah"))
    answers = channels.answer(out, tmp_path / "results", seed="s", truth=tmp_path / "truth", round=1)
    channel, (file, *_more) = next(iter(answers.items()))
    do("result import", channel, file, by="reconciler", same=counts)
    do(
        "reconcile",
        CYCLE,
        by="reconciler",
        same=("open_rupiah", "difference_rupiah", "exceptions", "settlement_digest"),
    )
    for name, handed_in in channels.answer(
        out, tmp_path / "results-2", seed="s", truth=tmp_path / "truth", round=2
    ).items():
        house.run("result", "import", name, *handed_in, "--as", "reconciler")
    do("reconcile", CYCLE, by="reconciler", same=("open_rupiah", "difference_rupiah", "settlement_digest"))
    do("export", CYCLE, "--out", tmp_path / "lists", by="auditor", same=("files",))
    do("user add", "baru", "--role", "monitor", "--area", "00", by="admin", same=("user", "role"))
    do("user renew", "baru", by="admin", same=("user",))
    do("user disable", "baru", "--reason", "pindah tugas", by="admin", same=("user", "active"))
    assert do.commands == set(tree()) - READING - OF_THE_HOUSE - {"user password"}


def test_months_paid_at_once_are_rehearsed_one_on_the_other(house: House, tmp_path: Path) -> None:
    """The list of the second month keeps whom the first admitted, in the rehearsal too."""
    files, months = generated(tmp_path, families=60, failures=False), "2023-05..2023-06"
    quotas, channel_rows = files / "quotas.csv", files / "channels.csv"
    for file in (quotas, channel_rows):
        rows = file.read_text()
        file.write_text(rows + "".join(row.replace("2023-05", "2023-06") for row in rows.splitlines(True) if "SEMBAKO,2023-05" in row))  # fmt: skip
    do = Rehearsed(house, tmp_path)
    do("draw commit", "SEMBAKO", months, "--secret", "rahasia", by="approver", same=("commitment",))
    house.ok("registry", "import", *(files / f"{kind}.csv" for kind in ("families", "persons")), "--as", "registrar")
    house.ok("registry", "release", "--as-of", "2023-05-31", "--decree", "SK", "--as", "registrar")
    house.ok("quota", "import", quotas, "--as", "planner")
    do("enrolment determine", "SEMBAKO", months, by="planner", same=("admitted", "list_digest"))
    do("cycle open", "SEMBAKO", months, by="planner", same=("cycle", "entitled_rupiah", "list_digest"))


def test_a_dry_run_is_refused_what_the_deed_is_refused(house: House) -> None:
    house.ok("draw", "commit", "SEMBAKO", "2023-05", "--secret", "a", "--as", "approver")
    for call in (
        ("draw", "commit", "SEMBAKO", "2023-05", "--secret", "b", "--as", "approver"),
        ("budget", "ceiling", "TIDAK_ADA", "2023", "1", "--decree", "D", "--as", "planner"),
        ("user", "add", "planner", "--role", "approver", "--area", "00", "--as", "admin"),
        ("cycle", "submit", CYCLE, "--as", "planner"),
        ("instruction", "release", CYCLE, "--as", "disburser"),
    ):
        assert house.refused(*call, "--dry-run") == house.refused(*call)


def test_a_dry_run_tells_no_secret_that_opens_or_binds_nothing(house: House) -> None:
    """A token that is not kept opens nothing, the hash of a secret that is not kept binds nobody: neither is told."""
    told = house.ok("user", "add", "baru", "--role", "monitor", "--area", "00", "--as", "admin", "--dry-run")
    assert told["token"] is None
    told = house.ok("user", "renew", "monitor", "--as", "admin", "--dry-run")
    assert told["token"] is None
    told = house.ok("draw", "commit", "SEMBAKO", "2023-05", "--as", "approver", "--dry-run")
    assert told["commitment"] is None
