"""The sealed tables of delivery: pseudonymous, so no name and no account number."""

from __future__ import annotations

from salur.foundation.vocabulary.tables import Table

# Each holder, at the place of the entitlement, with the versions of name and account that routing found; bank and status are '' without an account.
HOLDERS = Table(
    kind="holders",
    columns={
        "region_code": "text",
        "person_id": "int64",
        "person_version": "int32",
        "account_version": "int32?",
        "bank": "text",
        "status": "text",
    },
    key=("region_code", "person_id"),
    is_placed=True,
)

CHANNELS = Table(kind="channels", columns={"region_code": "text", "channel": "text"}, key=("region_code",))

INSTRUCTIONS = Table(
    kind="instructions",
    columns={
        "recipient_id": "int64",
        "attempt": "int16",
        "id_instruksi": "text",
        "region_code": "text",
        "channel": "text",
        "holder_id": "int64",
        "holder_version": "int32",
        "account_version": "int32?",
        "amount_rupiah": "int64",
    },
    key=("region_code", "recipient_id", "attempt"),
    is_placed=True,
    sums=("amount_rupiah",),
)

# One line of a channel's report. `region_code` is the village of the instruction, 00 for a stranger; `file` begins the digest of
# the file. `problem` is '' for a line that counts, else KANAL_LAIN, ID_TIDAK_DIKENAL or ID_SALAH_KETIK; then recipient and attempt
# may be null and the text of the id is not kept here (it could hold anything): `stranger` is a keyed digest of it, so that the same
# line told twice is one line; '' for a line of a known recipient. Where the channel gave no proof `has_proof` is false and `proof`
# is made of moment and amount. `note` is KODE_ALASAN_TIDAK_DIKENAL when the channel's reason was replaced by LAIN, else ''.
LINES = Table(
    kind="result_lines",
    columns={
        "region_code": "text",
        "file": "text",
        "line": "int64",
        "channel": "text",
        "cycle": "text",
        "recipient_id": "int64?",
        "attempt": "int16?",
        "kind": "text",
        "amount_rupiah": "int64",
        "at_ms": "int64",
        "proof": "text",
        "has_proof": "boolean",
        "reason": "text",
        "problem": "text",
        "note": "text",
        "stranger": "text",
    },
    key=("region_code", "file", "line"),
    is_placed=True,
    sums=("amount_rupiah",),
)
