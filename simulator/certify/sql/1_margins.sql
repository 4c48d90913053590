-- M01 | 年齢・男女別人口（令和2年国勢調査との比較） | Residents by age and sex, beside the census of 2020
WITH official(band, male, female) AS (VALUES
  (0, 18.8, 17.9), (5, 21.2, 20.1), (10, 22.3, 21.2), (15, 23.4, 22.2), (20, 24.5, 23.6), (25, 24.9, 24.0),
  (30, 26.8, 25.9), (35, 30.0, 29.3), (40, 34.0, 33.3), (45, 39.5, 38.9), (50, 34.7, 34.6), (55, 31.4, 31.7),
  (60, 29.2, 30.1), (65, 31.7, 33.8), (70, 34.5, 38.7), (75, 25.1, 31.1), (80, 17.8, 25.2), (85, 15.4, 33.5)),
whole AS (SELECT sum(male + female) AS per_mille FROM official),
expected(band, sex, share) AS (
  SELECT band, 'male', male / per_mille FROM official, whole
  UNION ALL SELECT band, 'female', female / per_mille FROM official, whole),
aged AS (
  SELECT sex, min(85, (strftime('%Y', day_before) - strftime('%Y', birth_date)
    - (strftime('%m%d', day_before) < strftime('%m%d', birth_date))) / 5 * 5) AS band
  FROM resident, (SELECT *, date(start_day, '-1 day') AS day_before FROM term)
  WHERE resident_since < start_day),
total AS (SELECT count(*) AS people FROM aged),
seen AS (SELECT band, sex, count(*) AS people FROM aged GROUP BY band, sex),
beside AS (SELECT e.band, e.sex, e.share, t.people, 1.0 * coalesce(s.people, 0) / t.people AS found
  FROM expected e JOIN total t LEFT JOIN seen s ON s.band = e.band AND s.sex = e.sex),
apart AS (SELECT *, max(0, abs(found - share) - 0.001) AS beyond FROM beside)
SELECT 'M01' AS code, sex || ' ' || band AS item,
  printf('%.2f of %.2f per mille', 1000 * found, 1000 * share) AS value,
  -- 0.1 points, and beyond them four standard errors of so many people (variance 1.5 times: they come by households)
  CASE WHEN profile <> 'national' THEN 'no reference'
    WHEN beyond * beyond <= 16 * 1.5 * share * (1 - share) / people THEN 'ok' ELSE 'OFF' END AS verdict
FROM apart JOIN term ORDER BY band, sex DESC;

-- M02 | 世帯人員（令和2年国勢調査との比較） | Private households by size, beside the census of 2020
WITH official(size, share) AS (VALUES (1, 0.381), (2, 0.281), (3, 0.166), (4, 0.119), (5, 0.038), (6, 0.016)),
private AS (SELECT min(size, 6) AS size FROM household WHERE size > 0 AND kind <> 'institution'),
total AS (SELECT count(*) AS homes FROM private),
seen AS (SELECT size, count(*) AS homes FROM private GROUP BY size),
beside AS (SELECT o.size, o.share, t.homes, 1.0 * coalesce(s.homes, 0) / t.homes AS found
  FROM official o JOIN total t LEFT JOIN seen s ON s.size = o.size),
apart AS (SELECT *, max(0, abs(found - share) - 0.005) AS beyond FROM beside)
SELECT 'M02' AS code, size || iif(size = 6, '+', '') AS item,
  printf('%.1f of %.1f %%', 100 * found, 100 * share) AS value,
  CASE WHEN profile <> 'national' THEN 'no reference'
    WHEN beyond * beyond <= 16 * share * (1 - share) / homes THEN 'ok' ELSE 'OFF' END AS verdict
FROM apart JOIN term ORDER BY size;

-- M03 | 多い氏（上位10、推計人口との比較） | The ten most frequent surnames, beside estimates
WITH official(family_name, people_k) AS (VALUES
  ('佐藤', 1990), ('鈴木', 1900), ('高橋', 1470), ('田中', 1340), ('渡辺', 1200), ('伊藤', 1150), ('中村', 1080),
  ('小林', 1060), ('山本', 1020), ('加藤', 920)),
folded AS (SELECT replace(replace(replace(family_name, '髙', '高'), '邊', '辺'), '邉', '辺') AS family_name
  FROM resident JOIN term WHERE nationality = 'JP' AND resident_since < start_day),
total AS (SELECT count(*) AS people FROM folded),
seen AS (SELECT family_name, count(*) AS people FROM folded GROUP BY family_name),
beside AS (SELECT o.family_name, o.people_k / 127700.0 AS share, t.people, 1.0 * coalesce(s.people, 0) / t.people AS found
  FROM official o JOIN total t LEFT JOIN seen s ON s.family_name = o.family_name),
apart AS (SELECT *, max(0, abs(found - share) - 0.1 * share) AS beyond FROM beside)
SELECT 'M03' AS code, family_name AS item, printf('%.2f of %.2f %%', 100 * found, 100 * share) AS value,
  -- a tenth, and beyond it four standard errors (variance 4 times: households and kin share a name)
  CASE WHEN beyond * beyond <= 16 * 4 * share / people THEN 'ok' ELSE 'OFF' END AS verdict
FROM apart JOIN term ORDER BY share DESC;

-- M04 | 出生・死亡（年率、人口千対） | Births and deaths a year, per thousand, beside those of 2023
WITH official(reason, rate) AS (VALUES ('出生', 6.0), ('死亡', 12.6)),
size AS (SELECT count(*) * (julianday(end_day) - julianday(start_day)) / 365 AS years
  FROM resident JOIN term WHERE resident_since < start_day),
seen AS (SELECT reason, count(*) AS many FROM change GROUP BY reason),
beside AS (SELECT o.reason, o.rate, o.rate * years / 1000 AS wanted, coalesce(s.many, 0) AS many, years
  FROM official o JOIN size LEFT JOIN seen s ON s.reason = o.reason),
apart AS (SELECT *, max(0, abs(many - wanted) - 0.05 * wanted) AS beyond FROM beside)
SELECT 'M04' AS code, reason AS item, printf('%.2f of %.2f', 1000.0 * many / years, rate) AS value,
  CASE WHEN profile <> 'national' THEN 'no reference'
    WHEN beyond * beyond <= 16 * (1 + wanted) THEN 'ok' ELSE 'OFF' END AS verdict
FROM apart JOIN term ORDER BY reason;
