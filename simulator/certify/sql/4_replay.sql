-- E01 | 異動は前の異動の続きから始まる | Each change begins where the last one ended
WITH ordered AS (SELECT *,
  lag(household_to) OVER w AS last_household, lag(address_to) OVER w AS last_address, row_number() OVER w AS place
  FROM change WINDOW w AS (PARTITION BY resident_no ORDER BY change_no))
SELECT 'E01' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM ordered WHERE place > 1 AND (household_from IS NOT last_household OR address_from IS NOT last_address);

-- E02 | 最初の異動は住民票の記載から始まる | The first change begins at what the register says
WITH ordered AS (SELECT *, row_number() OVER (PARTITION BY resident_no ORDER BY change_no) AS place FROM change)
SELECT 'E02' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM ordered c JOIN resident r USING (resident_no)
WHERE place = 1 AND iif(c.household_from IS NULL, c.household_to, c.household_from) IS NOT r.household_no;

-- E03 | 転入・出生した人だけが期間中に住民になる | Whoever becomes a resident in the window has an arrival, nobody else
WITH came AS (SELECT DISTINCT resident_no FROM change WHERE reason IN ('転入', '特例転入', '国外転入', '出生', '職権記載')
  AND household_from IS NULL),
new AS (SELECT resident_no FROM resident JOIN term WHERE resident_since >= start_day)
SELECT 'E03' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM (SELECT * FROM new EXCEPT SELECT * FROM came);

-- E04 | 死亡の後に異動はない | Nothing happens after death
WITH died AS (SELECT resident_no, min(happened_on) AS day FROM change WHERE reason IN ('死亡', '失踪宣告') GROUP BY resident_no)
SELECT 'E04' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM change c JOIN died d USING (resident_no) WHERE c.happened_on > d.day;

-- E05 | 異動を再生した日の住民 ＝ その日の台帳（期間を6等分した各日） | Replaying the changes to a day gives the register of that day
WITH RECURSIVE step(span) AS (SELECT '+' || max(1, CAST((julianday(end_day) - julianday(start_day)) / 6 AS INTEGER)) || ' days'
  FROM term),
day(on_day) AS (SELECT start_day FROM term
  UNION ALL SELECT date(on_day, span) FROM day JOIN step JOIN term WHERE date(on_day, span) < end_day),
-- A record whose leaving was cancelled is left out: the register keeps the last word on it, not the days between.
plain AS (SELECT resident_no FROM resident
  EXCEPT SELECT resident_no FROM change WHERE reason IN ('転出取消', '異動取消', '職権回復')),
known AS (SELECT resident_no, change_no, household_to, max(happened_on, notified_on) AS known_on FROM change),
replayed AS (SELECT on_day, p.resident_no FROM day JOIN plain p JOIN resident r USING (resident_no) JOIN term
  WHERE coalesce(
    (SELECT k.household_to IS NOT NULL FROM known k WHERE k.resident_no = p.resident_no AND k.known_on <= on_day
      ORDER BY k.change_no DESC LIMIT 1),
    r.resident_since < start_day)),
recorded AS (SELECT on_day, p.resident_no FROM day JOIN plain p JOIN lookup l USING (resident_no)
  WHERE l.entered_on <= on_day AND (l.left_on IS NULL OR on_day < l.left_on)),
counted AS (SELECT on_day, sum(side) AS replayed, sum(1 - side) AS recorded, count(*) AS both_sides FROM (
  SELECT on_day, resident_no, 1 AS side FROM replayed UNION ALL SELECT on_day, resident_no, 0 FROM recorded)
  GROUP BY on_day),
apart AS (SELECT on_day, count(*) AS many FROM (
  SELECT * FROM (SELECT * FROM replayed EXCEPT SELECT * FROM recorded)
  UNION ALL SELECT * FROM (SELECT * FROM recorded EXCEPT SELECT * FROM replayed)) GROUP BY on_day)
SELECT 'E05' AS code, on_day AS item, replayed || ' replayed, ' || recorded || ' recorded' AS value,
  iif(coalesce(many, 0) = 0, 'ok', 'BROKEN') AS verdict
FROM counted LEFT JOIN apart USING (on_day) ORDER BY on_day;

-- E06 | 期首人口＋増－減＝期末人口 | Residents at the start, plus those who came, minus those who left, are those at the end
WITH n AS (SELECT
  (SELECT count(*) FROM resident JOIN term WHERE resident_since < start_day) AS before,
  (SELECT count(*) FROM change WHERE household_from IS NULL) AS came,
  (SELECT count(*) FROM change WHERE household_to IS NULL) AS went,
  (SELECT count(*) FROM lookup WHERE left_on IS NULL) AS after)
SELECT 'E06' AS code, 'balance' AS item, before || ' + ' || came || ' - ' || went || ' = ' || after AS value,
  iif(before + came - went = after, 'ok', 'BROKEN') AS verdict FROM n;
