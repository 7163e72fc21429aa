"""A synthetic register of families on the real villages of four Kalimantan provinces, made set based from a seed."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from salur.entrypoints.cli.demo import names
from salur.entrypoints.cli.demo.modes import MODES, places
from salur.entrypoints.cli.demo.truth import record
from salur.entrypoints.cli.demo.workbench import run, workbench, write_csv
from salur.foundation.regions import codes

# People per province, December 2024 (civil registry): how many families each gets.
PEOPLE = {"62": 2_825_290, "63": 4_305_281, "64": 4_123_303, "65": 770_627}
REMOTE = ("6212", "6411", "6502", "6504")  # reached by the post only
BANKS = ("BRI", "BRI", "BNI", "BRI", "MANDIRI", "BRI", "BNI", "BTN")  # taken in turn by the other regencies

FILES = {
    "families.csv": "select no_kk, kode_desa, alamat, desil from family_rows order by late, i",
    "persons.csv": "select nik, no_kk, nama, tanggal_lahir, jenis_kelamin, hubungan,"
    " nullif(status_dukcapil, '') as status_dukcapil, status_sekolah, hamil, disabilitas_berat,"
    " nullif(pekerjaan, '') as pekerjaan from person_rows order by late, i, slot",
    "accounts.csv": "select nik, bank, nomor_rekening, nama_rekening, status from account_rows order by late, i, slot",
    "quotas.csv": "select * from quota_rows order by program desc, kode_wilayah",
    "channels.csv": "select * from channel_rows order by program desc, kode_wilayah",
}
README = """DATA CONTOH / SYNTHETIC

Semua keluarga, orang, alamat, NIK, nomor KK, dan rekening di folder ini dibuat oleh program; tidak ada yang nyata.
Hanya kode desa yang nyata. Benih (seed): {seed}. Keluarga: {families}.

Every family, person, address, NIK, card and account number in this folder was made by a program; none is real.
Only the village codes are real. Seed: {seed}. Families: {families}.
"""


@dataclass(frozen=True)
class Summary:
    """What was written; rows count the repeated ones too."""

    families: int
    persons: int
    accounts: int
    modes: dict[str, int]  # families per planted mode


def generate(out: Path, *, families: int = 60_000, seed: str = "salur", failures: bool = True, truth: Path) -> Summary:
    """Write families, persons, accounts, quotas, channels and a README to `out`, and what was planted to `truth`.

    `failures=False` gives a sound register: nothing to reject, to review or to remark. Same arguments, same bytes.
    """
    if families < 1:
        raise ValueError("a population needs at least one family")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with workbench(seed) as connection:
        _prepare(connection, families, failures)
        for step in ("seats", "households", "persons", "files", "truth"):
            run(connection, step)
        counts = {name: write_csv(connection, query, out / name) for name, query in FILES.items()}
        record(connection, truth, "population")
        (out / "README.txt").write_text(README.format(seed=seed, families=families), encoding="utf-8")
        planted = connection.execute("select mode, count(*) from planted group by mode order by mode").fetchall()
    return Summary(counts["families.csv"], counts["persons.csv"], counts["accounts.csv"], dict(planted))


def _prepare(connection: duckdb.DuckDBPyConnection, families: int, failures: bool) -> None:
    """Hand the seats.sql what it reads: regions, shares, modes, names."""
    regions = codes.table()
    connection.register("every_region", regions)
    connection.execute(
        "create table peoples as select * from (select unnest(?) as province, unnest(?) as people)",
        [list(PEOPLE), list(PEOPLE.values())],
    )
    connection.execute(
        "create table regions as select code from every_region"
        " where length(code) = 10 and substr(code, 1, 2) in (select province from peoples)"
    )
    connection.execute(
        "create table channel_of as with r as (select distinct substr(code, 1, 4) as regency from regions),"
        " turn as (select regency, row_number() over (order by regency) - 1 as n from r"
        " where not list_contains($remote, regency))"
        " select regency, coalesce($banks[1 + n % len($banks)], 'POS') as kanal from r left join turn using (regency)",
        {"remote": list(REMOTE), "banks": list(BANKS)},
    )
    connection.execute("create table places (mode text, first bigint, last bigint)")
    connection.executemany("insert into places values (?, ?, ?)", places(families))
    connection.execute('create table modes (mode text, kind text, code text, about text, "when" text)')
    modes = [(m.name, m.kind, m.code, m.about, m.when) for m in MODES]
    connection.executemany("insert into modes values (?, ?, ?, ?, ?)", modes)
    given = [(sex, n, name) for sex, some in (("L", names.MALE), ("P", names.FEMALE)) for n, name in enumerate(some)]
    connection.execute("create table given (sex text, number bigint, name text)")
    connection.executemany("insert into given values (?, ?, ?)", given)
    connection.execute("create table last (number bigint, name text)")
    connection.executemany("insert into last values (?, ?)", list(enumerate(names.LAST)))
    for variable, value in {"families": families, "failures": failures}.items():
        connection.execute(f"set variable {variable} = ?", [value])
