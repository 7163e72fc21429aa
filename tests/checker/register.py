"""The register: what each import decides about each row, and which families a release takes."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .forms import nik_differs, well_formed
from .reading import age_on, as_date, content, plain_code, read

ACCOUNT_LENGTHS = {"BRI": 15, "BNI": 10, "MANDIRI": 13, "BTN": 16, "BSI": 10}
Cells = dict[str, str]


def recipient_id(key: bytes, first_card: str) -> int:
    """63 bits of SHA-256 over the key (as hex text) and the family's first card."""
    digest = hashlib.sha256(f"{key.hex()}:{first_card}".encode()).hexdigest()
    return int(digest[:16], 16) & ((1 << 63) - 1) or 1


@dataclass(frozen=True)
class Household:
    """A family as the release knows it. `members` and `holder` are rows of the persons file, `account` the holder's."""

    recipient: int
    village: str
    decile: int | None
    members: tuple[Cells, ...]
    holder: Cells | None
    account: Cells | None
    findings: frozenset[str]
    perhaps: frozenset[str]  # findings that the rules neither ask for nor forbid


@dataclass
class Row:
    """One physical row on its way through an import; `families` are the first cards that it makes wait."""

    file: str
    kind: str
    cells: Cells | None
    decision: str = ""
    reason: str = ""
    families: set[str] = field(default_factory=set)

    @property
    def data(self) -> Cells:
        """The cells of a row that is not ragged."""
        return self.cells or {}

    def review(self, reason: str, families: Iterable[str] = ()) -> None:
        self.decision, self.reason = "to_review", reason
        self.families |= set(families)


@dataclass
class Register:
    """`cards` leads from every card of a family to its first one; families, by first card, hold their newest row."""

    key: bytes
    villages: Collection[str]
    today: date
    cards: dict[str, str] = field(default_factory=dict)
    families: dict[str, Cells] = field(default_factory=dict)
    persons: dict[str, Cells] = field(default_factory=dict)
    accounts: dict[str, Cells] = field(default_factory=dict)
    open_rows: list[Row] = field(default_factory=list)
    rejected_cards: set[str] = field(default_factory=set)

    def take(self, files: Sequence[Path]) -> dict[str, Counter[str]]:
        """One call: all files of one kind are one delivery. Gives the counts of decisions by file name."""
        rows: list[Row] = []
        for path in files:
            sheet = read(path)
            rows += [Row(path.name, sheet.kind, cells) for cells in sheet.rows]
        for row in rows:
            if row.cells is None or not well_formed(row.kind, row.cells, self.villages, self.today):
                row.decision = "rejected"
        self._take_families(_by(rows, "families", "no_kk"))
        self._take_pending("KELUARGA_BELUM_ADA", "no_kk", self.cards, self.persons)
        self._take_persons(_by(rows, "persons", "nik"))
        self._take_pending("ORANG_BELUM_ADA", "nik", self.persons, self.accounts)
        self._take_accounts(_by(rows, "accounts", "nik"))
        self.open_rows += [row for row in rows if row.decision == "to_review"]
        self.rejected_cards |= {
            row.cells["no_kk"] for row in rows if row.kind == "persons" and row.decision == "rejected" and row.cells
        }
        counts: dict[str, Counter[str]] = {path.name: Counter() for path in files}
        for row in rows:
            counts[row.file][row.decision] += 1
        return counts

    def _take_families(self, groups: dict[str, list[Row]]) -> None:
        for card, group in groups.items():
            if _differ("families", group):
                for row in group:
                    row.review("BARIS_BERBEDA_SATU_BERKAS", {self.cards[card]} if card in self.cards else ())
                continue
            cells = group[0].data
            old_card = cells.get("no_kk_lama", "")
            first = self.cards.get(card) or self.cards.get(old_card) or card
            _settle(group, _news("families", self.families.get(first), cells))
            self.cards[card] = first
            self.families[first] = cells

    def _take_pending(self, reason: str, name: str, known: Collection[str], into: dict[str, Cells]) -> None:
        """Rows that waited for their family or person are taken as soon as it is there."""
        for row in [row for row in self.open_rows if row.reason == reason]:
            if row.cells and row.cells[name] in known:
                into[row.cells["nik"]] = row.cells
                self.open_rows.remove(row)

    def _take_persons(self, groups: dict[str, list[Row]]) -> None:
        taken: list[Row] = []
        for nik, group in groups.items():
            cards = {row.cells["no_kk"] for row in group if row.cells}
            firsts = {self.cards[card] for card in cards if card in self.cards}
            cells, old = group[0].data, self.persons.get(nik)
            old_family = self.cards[old["no_kk"]] if old else ""
            if _differ("persons", group):
                reason = "NIK_DI_DUA_KELUARGA" if len(cards) > 1 else "BARIS_BERBEDA_SATU_BERKAS"
            elif cells["jenis_kelamin"] == "L" and cells.get("hamil") == "Y":
                reason = "HAMIL_L"
            elif not firsts:
                reason = "KELUARGA_BELUM_ADA"
            elif old and old_family not in firsts:
                reason = "NIK_DI_DUA_KELUARGA"
            elif old and _identity(old) != _identity(cells):
                reason = "KELAMIN_ATAU_LAHIR_BERUBAH"
            else:
                _settle(group, _news("persons", old, cells))
                taken.append(group[0])
                continue
            for row in group:
                row.review(reason, firsts | ({old_family} if old else set()))
        heads = self._crowded([row for row in taken if row.data["hubungan"] == "KEPALA"], self._heads(taken))
        for row in heads:
            row.review("DUA_KEPALA", {self.cards[row.data["no_kk"]]})
        self.persons |= {row.data["nik"]: row.data for row in taken if row not in heads}

    def _heads(self, taken: list[Row]) -> dict[str, set[str]]:
        """NIKs of the heads by first card, after these rows."""
        after = self.persons | {row.data["nik"]: row.data for row in taken}
        heads: dict[str, set[str]] = defaultdict(set)
        for nik, cells in after.items():
            if cells["hubungan"] == "KEPALA":
                heads[self.cards[cells["no_kk"]]].add(nik)
        return heads

    def _crowded(self, rows: list[Row], by_family: dict[str, set[str]]) -> list[Row]:
        return [row for row in rows if len(by_family[self._family_of(row.data)]) > 1]

    def _family_of(self, cells: Cells) -> str:
        return self.cards[cells["no_kk"] if "no_kk" in cells else self.persons[cells["nik"]]["no_kk"]]

    def _take_accounts(self, groups: dict[str, list[Row]]) -> None:
        taken: list[Row] = []
        for nik, group in groups.items():
            cells, old = group[0].data, self.accounts.get(nik)
            known = nik in self.persons
            if _differ("accounts", group):
                for row in group:
                    row.review("BARIS_BERBEDA_SATU_BERKAS", {self._family_of(cells)} if known else ())
            elif not known:
                for row in group:
                    row.review("ORANG_BELUM_ADA")
            else:
                _settle(group, _news("accounts", old, cells))
                taken.append(group[0])
        holders: dict[str, set[str]] = defaultdict(set)
        for nik in set(self.accounts) | {row.data["nik"] for row in taken}:
            if self.persons[nik]["status_dukcapil"] != "MENINGGAL":
                holders[self._family_of({"nik": nik})].add(nik)
        crowded = self._crowded(taken, holders)
        for row in crowded:
            row.review("DUA_REKENING", {self._family_of(row.data)})
        self.accounts |= {row.data["nik"]: row.data for row in taken if row not in crowded}

    def release(self, as_of: date) -> list[Household]:
        """Families with a living member and without an open row to review."""
        waiting = {first for row in self.open_rows for first in row.families}
        members: dict[str, list[Cells]] = defaultdict(list)
        for cells in self.persons.values():
            members[self.cards[cells["no_kk"]]].append(cells)
        return [
            self._household(first, members[first], as_of)
            for first in self.families
            if first not in waiting and any(is_living(cells) for cells in members[first])
        ]

    def _household(self, first: str, members: list[Cells], as_of: date) -> Household:
        family = self.families[first]
        holder = choose_holder(members, self.accounts, as_of)
        account = self.accounts.get(holder["nik"]) if holder else None
        findings: set[str] = set()
        for cells in members:
            findings |= nik_differs(cells["nik"], birth(cells), cells["jenis_kelamin"])
            findings |= _account_findings(self.accounts.get(cells["nik"]), cells)
        perhaps: set[str] = set()
        rejected = {card for card, root in self.cards.items() if root == first} & self.rejected_cards
        if rejected:
            findings.add("ANGGOTA_DITOLAK")
        if not any(cells["hubungan"] == "KEPALA" for cells in members):
            (perhaps if rejected else findings).add("TANPA_KEPALA")
        decile = family.get("desil", "")
        return Household(
            recipient_id(self.key, first),
            plain_code(family["kode_desa"]),
            int(decile) if decile else None,
            tuple(members),
            holder,
            account,
            frozenset(findings),
            frozenset(perhaps),
        )


def choose_holder(members: list[Cells], accounts: dict[str, Cells], as_of: date) -> Cells | None:
    """Who receives for the family: account, else head (dead or alive), else spouse, else the oldest grown-up."""
    with_account = [cells for cells in members if is_living(cells) and cells["nik"] in accounts]
    heads = [cells for cells in members if cells["hubungan"] == "KEPALA"]
    spouses = [cells for cells in members if cells["hubungan"] == "PASANGAN"]
    grown = [cells for cells in members if is_living(cells) and age_on(birth(cells), as_of) >= 17]
    for choice in (with_account, heads, spouses, grown):
        if choice:
            return min(choice, key=lambda cells: (birth(cells), cells["nik"]))
    return None


def is_living(cells: Cells) -> bool:
    """By the civil register's mark."""
    return cells["status_dukcapil"] != "MENINGGAL"


def birth(cells: Cells) -> date:
    """Birth date of an accepted row."""
    born = as_date(cells["tanggal_lahir"])
    assert born is not None
    return born


def _by(rows: list[Row], kind: str, name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == kind and row.cells is not None and row.decision != "rejected":
            groups[row.cells[name]].append(row)
    return groups


def _differ(kind: str, group: list[Row]) -> bool:
    return len({content(kind, row.data) for row in group}) > 1


def _news(kind: str, old: Cells | None, new: Cells) -> str:
    return "unchanged" if old and content(kind, old) == content(kind, new) else "accepted"


def _settle(group: list[Row], decision: str) -> None:
    """The first of equal rows carries the decision, the others change nothing."""
    for number, row in enumerate(group):
        row.decision = decision if number == 0 else "unchanged"


def _identity(cells: Cells) -> tuple[str, date]:
    return cells["jenis_kelamin"], birth(cells)


def _account_findings(account: Cells | None, person: Cells) -> set[str]:
    found = set()
    if account and len(account["nomor_rekening"]) != ACCOUNT_LENGTHS.get(account["bank"]):
        found.add("REKENING_PANJANG")
    if account and account["nama_rekening"].casefold() != person["nama"].casefold():
        found.add("REKENING_NAMA_BEDA")
    return found
