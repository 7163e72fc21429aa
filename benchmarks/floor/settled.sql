-- The state of each instruction of the span, folded from the set of its lines, and what was never sent. Channels of this world neither take
-- back (TARIK) nor return (KEMBALI), so the fold knows GAGAL, KREDIT and AMBIL only, in this order at one moment.
CREATE OR REPLACE TEMP TABLE settled AS
WITH RECURSIVE distinct_lines AS (
    -- A line is known by kind and proof. Other content under the same key contradicts it, and then neither moves anything.
    SELECT
        recipient_id, kind, proof, has_proof,
        min(at_ms) AS at_ms,
        min(amount) AS amount,
        min(reason) AS reason,
        min(at_ms) <> max(at_ms) OR min(amount) <> max(amount) OR min(reason) <> max(reason) AS contradicts
    FROM (SELECT *, CASE WHEN kind = 'GAGAL' THEN 0 ELSE amount_rupiah END AS amount FROM result_lines)
    GROUP BY recipient_id, kind, proof, has_proof
), facts AS (
    SELECT
        recipient_id,
        count(*) AS lines,
        count(*) FILTER (WHERE has_proof) AS proofs,
        count(*) FILTER (WHERE contradicts) AS clashes,
        count(*) FILTER (WHERE NOT contradicts AND kind = 'KREDIT') AS credits,
        count(*) FILTER (WHERE NOT contradicts AND kind = 'AMBIL') AS collects,
        count(*) FILTER (WHERE NOT contradicts AND kind = 'GAGAL') AS fails,
        coalesce(sum(amount) FILTER (WHERE NOT contradicts AND kind = 'KREDIT'), 0)::BIGINT AS credit_told,
        coalesce(sum(amount) FILTER (WHERE NOT contradicts AND kind = 'AMBIL'), 0)::BIGINT AS collect_told,
        min(at_ms) FILTER (WHERE NOT contradicts AND kind = 'KREDIT') AS credit_at,
        min(at_ms) FILTER (WHERE NOT contradicts AND kind = 'AMBIL') AS collect_at,
        max(at_ms) FILTER (WHERE NOT contradicts AND kind = 'GAGAL') AS fail_at,
        arg_max(reason, (at_ms, proof)) FILTER (WHERE NOT contradicts AND kind = 'GAGAL') AS fail_reason
    FROM distinct_lines
    GROUP BY recipient_id
), numbered AS (
    -- Who was credited or collected more than once, which is rare, is folded line by line.
    SELECT
        recipient_id, kind, amount, at_ms,
        row_number() OVER (PARTITION BY recipient_id ORDER BY at_ms, kind = 'AMBIL', proof) AS nth
    FROM distinct_lines
    WHERE NOT contradicts
        AND kind IN ('KREDIT', 'AMBIL')
        AND recipient_id IN (SELECT recipient_id FROM facts WHERE credits > 1 OR collects > 1)
), turns AS (
    SELECT
        i.recipient_id, i.amount_rupiah AS instructed, 0::BIGINT AS nth, 0::BIGINT AS credit, 0::BIGINT AS collect, false AS has_credit,
        NULL::BIGINT AS credited_at_ms
    FROM instructions i SEMI JOIN numbered n USING (recipient_id)
    UNION ALL
    SELECT
        t.recipient_id, t.instructed, n.nth,
        t.credit + CASE WHEN n.kind = 'KREDIT' THEN n.amount ELSE 0 END AS credit_now,
        t.collect + CASE
            WHEN n.kind = 'KREDIT' THEN 0
            WHEN t.has_credit THEN least(n.amount, greatest(t.credit - t.collect, 0))
            ELSE n.amount
        END AS collect_now,
        t.has_credit OR n.kind = 'KREDIT',
        coalesce(t.credited_at_ms, CASE WHEN greatest(credit_now, collect_now) >= t.instructed THEN n.at_ms END)
    FROM turns t JOIN numbered n ON n.recipient_id = t.recipient_id AND n.nth = t.nth + 1
), many AS (
    SELECT recipient_id, max(collect) AS collect, min(credited_at_ms) AS credited_at_ms FROM turns GROUP BY recipient_id
), folded AS (
    SELECT
        i.recipient_id, i.id_instruksi, i.region_code, i.channel, i.amount_rupiah AS instructed,
        coalesce(f.lines, 0) AS lines,
        coalesce(f.proofs, 0) AS proofs,
        coalesce(f.clashes, 0) AS clashes,
        coalesce(f.credits, 0) AS credits,
        coalesce(f.collects, 0) AS collects,
        coalesce(f.fails, 0) AS fails,
        f.fail_reason,
        coalesce(f.fail_at > f.credit_at, false) AS fails_after,
        coalesce(f.credit_told, 0) AS credit,
        coalesce(f.collect_told, 0) AS told_collected,
        -- What goes beyond an earlier credit is not collected.
        CASE
            WHEN m.recipient_id IS NOT NULL THEN m.collect
            WHEN f.credit_at <= f.collect_at THEN least(f.collect_told, f.credit_told)
            ELSE told_collected
        END AS collected,
        -- Since when the family has had all of it.
        CASE
            WHEN m.recipient_id IS NOT NULL THEN m.credited_at_ms
            WHEN f.collect_told >= instructed AND (f.credit_at IS NULL OR f.collect_at < f.credit_at) THEN f.collect_at
            WHEN f.credit_told >= instructed THEN f.credit_at
        END AS credited_at_ms,
        greatest(credit, collected) AS credited,
        greatest(credited - instructed, 0) AS excess,
        instructed + excess - credited AS open
    FROM instructions i
    LEFT JOIN facts f USING (recipient_id)
    LEFT JOIN many m USING (recipient_id)
)
SELECT
    recipient_id,
    1::SMALLINT AS attempt,
    id_instruksi,
    region_code,
    channel,
    CASE
        WHEN clashes > 0 AND open > 0 THEN 'HELD'
        WHEN credited > 0 AND collected = credited THEN 'COLLECTED'
        WHEN credited > 0 THEN 'CREDITED'
        WHEN fails > 0 THEN 'FAILED'
        ELSE 'SI_SENT'
    END AS state,
    instructed AS instructed_rupiah,
    credited AS credited_rupiah,
    collected AS collected_rupiah,
    0::BIGINT AS returned_rupiah,
    excess AS excess_rupiah,
    open AS open_rupiah,
    CASE
        WHEN open = 0 THEN ''
        WHEN clashes > 0 THEN 'KONTRADIKSI'
        WHEN credited > 0 THEN 'KURANG_BAYAR'
        WHEN fails > 0 THEN coalesce(nullif(fail_reason, ''), 'LAIN')
        WHEN lines > 0 THEN 'KURANG_BAYAR'
        ELSE 'TANPA_HASIL'
    END AS reason,
    credited_at_ms,
    lines > 0 AND proofs = lines AS has_proof,
    credits, collects, clashes, fails_after, told_collected - collected AS cut_collect
FROM folded
UNION ALL
SELECT
    e.recipient_id, 0::SMALLINT, '', e.region_code, '', 'NOT_SENT', e.amount_rupiah, 0, 0, 0, 0, e.amount_rupiah, f.reason, NULL, false,
    0, 0, 0, false, 0
FROM entitlements_SEMBAKO e JOIN findings f USING (recipient_id)
