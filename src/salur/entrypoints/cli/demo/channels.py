"""The banks and the post of the demo: they read instruction files and write result files, in two rounds."""

from hashlib import sha256
from json import dumps
from pathlib import Path

import duckdb

from salur.entrypoints.cli.demo.answers import ANSWERS, SOUND_BANK, SOUND_POST, Line, places
from salur.entrypoints.cli.demo.truth import record
from salur.entrypoints.cli.demo.workbench import quoted, run, workbench, write_csv
from salur.foundation.vocabulary.instruction_id import instruction_id

STRANGERS = 8  # lines about ids that nobody instructed, per cycle


def answer(
    instructions: Path, out: Path, *, seed: str, truth: Path, round: int, failures: bool = True
) -> dict[str, list[Path]]:
    """Answer the instruction files (*.csv below `instructions`, one cycle) as their channels would, in round 1 or 2.

    Writes <channel>-<round>-<number>.csv with its manifest to `out`; the second round also hands in one file of the
    first again. The whole story is planned from the seed in either round, so `truth` speaks of the state after the
    second; call both rounds with the same instructions. Result: channel → its files, in order.
    """
    if round not in (1, 2):
        raise ValueError("channels answer in round 1 and in round 2")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with workbench(seed) as connection:
        cycle = _plan(connection, instructions, failures)
        _write_lines(connection)
        if failures:
            _add_strangers(connection, cycle)
        _plant_truth(connection, failures)
        record(connection, truth, f"results-{cycle}")
        return _write_files(connection, out, round, repeat=failures)


def _plan(connection: duckdb.DuckDBPyConnection, instructions: Path, failures: bool) -> str:
    """Choose the answer to each instruction (table `planned`); answers the cycle."""
    connection.execute(
        f"create table given as select * from read_csv('{quoted(instructions)}/**/*.csv', all_varchar = true,"
        " header = true, delim = ',', quote = '\"', escape = '\"', union_by_name = true)"
    )
    queue = []
    for post in (False, True):
        [[count]] = connection.execute("select count(*) from given where (kanal = 'POS') = ?", [post]).fetchall()
        queue += places(count, post=post) if failures else []
    connection.execute("create table places (answer text, post boolean, first bigint, last bigint)")
    if queue:
        connection.executemany("insert into places values (?, ?, ?, ?)", queue)
    run(connection, "planned")
    cycles = connection.execute("select distinct cycle from planned").fetchall()
    if len(cycles) != 1:
        raise ValueError(f"expected the instructions of one cycle, found {len(cycles)}")
    return str(cycles[0][0])


def _write_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Spell out the lines of every planned answer into the table `lines`."""
    for planned in ANSWERS:
        for line in planned.lines:
            _insert(connection, line, f"answer = '{planned.name}'")
    for post, sound in ((False, SOUND_BANK), (True, SOUND_POST)):
        first = 0
        for lines, share in sound:
            for line in lines:
                _insert(
                    connection, line, f"answer = '' and post = {post} and luck between {first} and {first + share - 1}"
                )
            first += share


def _insert(connection: duckdb.DuckDBPyConnection, line: Line, where: str) -> None:
    channel = "case kanal when 'BNI' then 'BRI' else 'BNI' end" if line.other_channel else "kanal"
    connection.execute(
        f"insert into lines select {line.round}, {channel}, {'mistyped' if line.mistyped else 'id'}, '{line.result}',"
        f" {line.amount}, opening + to_hours({line.hour}) + to_seconds(second),"
        f" proof || '-{line.proof}', '{line.reason}' from (select *, amount as i from planned) where {where}"
    )


def _add_strangers(connection: duckdb.DuckDBPyConnection, cycle: str) -> None:
    """Lines with a well-formed id of this cycle that was never instructed (table `strangers`)."""
    drawn = connection.execute(
        "select (dice_a('stranger:' || ? || n) >> 1)::bigint from range(?) as r(n) order by n", [cycle, STRANGERS]
    ).fetchall()
    ids = [[instruction_id(cycle, recipient, 1)] for [recipient] in drawn]
    connection.executemany("insert into strangers values (?)", ids)
    connection.execute(
        "insert into lines select 1, home.kanal, s.id, 'KREDIT', 200000, home.opening + to_hours(5),"
        " 'X-' || right(s.id, 12), '' from strangers s"
        " cross join (select kanal, opening from planned order by post, id limit 1) home"
    )


def _plant_truth(connection: duckdb.DuckDBPyConnection, failures: bool) -> None:
    """The table `truth`: what each planned answer must come to, with the sums that the settlement must show."""
    run(connection, "result_truth")
    unknown = ("null",) * 5

    def plant(name: str, kind: str, key: str, code: str, detail: str, sums: tuple[str, ...], source: str) -> None:
        connection.execute(
            f"insert into truth select '{name}', '{kind}', {key}, '{code}', 'always', {detail},"
            f" {', '.join(sums)} from {source}"
        )

    for a in ANSWERS if failures else ():
        sums = (a.sums.credited, a.sums.collected, a.sums.returned, a.sums.excess, a.sums.still_open)
        source = f"(select *, amount as i from planned) where answer = '{a.name}'"
        plant(a.name, "exception", "id", "" if a.names_mistyped else a.code, "''", sums, source)
        if a.names_mistyped:
            plant(a.name, "exception", "mistyped", a.code, "'meant ' || id", unknown, source)
        if a.finding:
            plant(a.name, "import_finding", "id", a.finding, "''", unknown, source)
    plant("ID_TIDAK_DIKENAL", "exception", "id", "ID_TIDAK_DIKENAL", "''", unknown, "strangers")


def _write_files(
    connection: duckdb.DuckDBPyConnection, out: Path, round: int, *, repeat: bool
) -> dict[str, list[Path]]:
    run(connection, "result_files")
    files: dict[str, list[Path]] = {}
    for number, channel in connection.execute(
        "select distinct number, channel from filed where round = ? order by channel, number", [round]
    ).fetchall():
        path = out / f"{channel}-{round}-{number}.csv"
        files.setdefault(channel, []).append(_write(connection, path, round, channel, number))
    if repeat and round == 2:
        first = "select channel, number from filed where round = 1 order by channel, number limit 1"
        [[channel, number]] = connection.execute(first).fetchall()
        path = out / f"{channel}-2-ulang.csv"
        files.setdefault(channel, []).append(_write(connection, path, 1, channel, number))
    return files


def _write(connection: duckdb.DuckDBPyConnection, path: Path, round: int, channel: str, number: int) -> Path:
    """One result file and the manifest beside it."""
    of_file = f"from filed where round = {round} and channel = '{channel}' and number = {number}"
    columns = "id_instruksi, hasil, jumlah, waktu, bukti, kode_alasan"
    write_csv(connection, f"select {columns} {of_file} order by shuffle, waktu", path)
    [[rows, rupiah]] = connection.execute(f"select count(*), sum(jumlah)::bigint {of_file}").fetchall()
    manifest = {"rows": rows, "rupiah": rupiah, "sha256": sha256(path.read_bytes()).hexdigest()}
    path.with_suffix(".manifest.json").write_text(dumps(manifest) + "\n", encoding="utf-8")
    return path
