-- N01 | 住民票コードは重複しない | Resident codes are unique
SELECT 'N01' AS code, 'duplicates' AS item, count(*) - count(DISTINCT resident_code) AS value,
  iif(count(*) = count(DISTINCT resident_code), 'ok', 'BROKEN') AS verdict FROM resident;

-- N02 | 個人番号は重複しない | My Numbers are unique
SELECT 'N02' AS code, 'duplicates' AS item, count(*) - count(DISTINCT my_number) AS value,
  iif(count(*) = count(DISTINCT my_number), 'ok', 'BROKEN') AS verdict FROM resident;

-- N03 | 個人番号の検査用数字（既定ではすべて誤り） | Check digits of My Numbers: all wrong by default, all right if asked for
WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 11),
-- weight of place n from the right: n + 1 up to 6, then n - 5. Source: 平成26年総務省令85号5条
summed AS (SELECT my_number, sum(substr(my_number, 12 - n, 1) * iif(n <= 6, n + 1, n - 5)) % 11 AS rest
  FROM resident JOIN place GROUP BY my_number),
passing AS (SELECT count(*) AS many, sum(CAST(substr(my_number, 12, 1) AS INTEGER) = iif(rest <= 1, 0, 11 - rest)) AS right FROM summed)
SELECT 'N03' AS code, 'passing' AS item, right AS value,
  iif(right = iif(check_digits = 'valid', many, 0), 'ok', 'BROKEN') AS verdict FROM passing JOIN term;

-- N04 | 住民票コードの検査数字（有力式。既定ではすべて誤り） | Check digits of resident codes by the likely formula, as above
WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 10),
summed AS (SELECT resident_code, sum(substr(resident_code, 11 - n, 1) * ((n - 1) % 6 + 2)) % 11 AS rest
  FROM resident JOIN place GROUP BY resident_code),
passing AS (SELECT count(*) AS many, sum(CAST(substr(resident_code, 11, 1) AS INTEGER) = iif(rest <= 1, 0, 11 - rest)) AS right FROM summed)
SELECT 'N04' AS code, 'passing' AS item, right AS value,
  iif(right = iif(check_digits = 'valid', many, 0), 'ok', 'BROKEN') AS verdict FROM passing JOIN term;

-- N05 | 番号はすべて数字で所定の桁数 | Numbers are digits, of their length
SELECT 'N05' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM resident WHERE length(resident_code) <> 11 OR length(my_number) <> 12 OR resident_code || my_number GLOB '*[^0-9]*';
