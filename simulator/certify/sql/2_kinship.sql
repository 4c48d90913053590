-- K01 | どの世帯にも世帯主がちょうど1人 | Every household has exactly one head
SELECT 'K01' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict FROM (
  SELECT h.household_no FROM household h JOIN term
  JOIN resident r ON r.household_no = h.household_no AND r.resident_since < start_day
  GROUP BY h.household_no HAVING sum(r.relationship = '世帯主') <> 1);

-- K02 | 世帯主とされた人の続柄は世帯主 | Whoever is named head is called 世帯主
SELECT 'K02' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM household h JOIN resident r ON r.resident_no = h.head
WHERE r.household_no = h.household_no AND r.relationship <> '世帯主';

-- K03 | 世帯人員は世帯員の数に等しい | The size of a household is the number of its members
SELECT 'K03' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict FROM (
  SELECT h.household_no FROM household h JOIN term
  LEFT JOIN resident r ON r.household_no = h.household_no AND r.resident_since < start_day
  GROUP BY h.household_no HAVING h.size <> count(r.resident_no));

-- K04 | 配偶者は1人まで | Nobody has two spouses in the house
SELECT 'K04' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict FROM (
  SELECT household_no FROM resident WHERE relationship IN ('夫', '妻') GROUP BY household_no HAVING count(*) > 1);

-- K05 | 妻・母・姉・妹は女性、夫・父・兄・弟は男性 | Words for women are of women, words for men of men
SELECT 'K05' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM resident
WHERE (relationship IN ('妻', '母', '姉', '妹', '祖母') AND sex <> 'female')
   OR (relationship IN ('夫', '父', '兄', '弟', '祖父') AND sex <> 'male');

-- K06 | 子は世帯主より15歳以上若い | A child is at least 15 years younger than the head
SELECT 'K06' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM resident c JOIN household h ON h.household_no = c.household_no JOIN resident p ON p.resident_no = h.head
WHERE c.relationship = '子' AND p.household_no = c.household_no AND c.birth_date < date(p.birth_date, '+15 years');

-- K07 | 父母は世帯主より15歳以上年長 | A parent is at least 15 years older than the head
SELECT 'K07' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM resident p JOIN household h ON h.household_no = p.household_no JOIN resident c ON c.resident_no = h.head
WHERE p.relationship IN ('父', '母') AND c.household_no = p.household_no AND c.birth_date < date(p.birth_date, '+15 years');

-- K08 | 婚姻は婚姻適齢に達してから | Nobody marries below the legal age of the day (women 16 before 2022-04-01)
SELECT 'K08' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM change c JOIN resident r USING (resident_no)
WHERE c.reason = '婚姻' AND c.happened_on < date(r.birth_date,
  iif(r.sex = 'female' AND c.happened_on < '2022-04-01', '+16 years', '+18 years'));

-- K09 | 世帯と住所は台帳にある | Households and addresses exist
SELECT 'K09' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM resident r LEFT JOIN household h ON h.household_no = r.household_no
LEFT JOIN address a ON a.address_no = r.address_no
WHERE h.household_no IS NULL OR a.address_no IS NULL;

-- K10 | 出生前・期間後に住民になった人はいない | Nobody is a resident before birth or after the window
SELECT 'K10' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM resident JOIN term WHERE resident_since < birth_date OR resident_since >= end_day;

-- K11 | 氏名カナは片仮名 | Kana are katakana
SELECT 'K11' AS code, 'violations' AS item, count(*) AS value, iif(count(*) = 0, 'ok', 'BROKEN') AS verdict
FROM resident WHERE family_kana || given_kana GLOB '*[^ァ-ヺー]*' OR family_kana = '' OR given_kana = '';

-- K12 | 同じ住所は二つない | No two addresses are the same
SELECT 'K12' AS code, 'violations' AS item, count(*) - count(DISTINCT address) AS value,
  iif(count(*) = count(DISTINCT address), 'ok', 'BROKEN') AS verdict FROM address;
