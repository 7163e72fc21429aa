-- What the channels' answers are planned to come to, one row for each planted story.
create table truth (
    mode text, kind text, key text, expected_code text, "when" text, detail text, credited_rupiah bigint,
    collected_rupiah bigint, returned_rupiah bigint, excess_rupiah bigint, open_rupiah bigint
);
