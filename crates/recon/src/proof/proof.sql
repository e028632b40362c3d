-- Derives what this report says once more, from its tables alone; tieout is not needed. In the folder of the report:
--     duckdb < proof.sql
-- One row a check: what is checked, how many were compared, and `same`, or the first places where it is not, each with what
-- is stated / what was derived. The columns of the tables are described in docs/tables.md of tieout.

CREATE OR REPLACE TEMP VIEW people AS FROM 'tables/people.parquet';
CREATE OR REPLACE TEMP VIEW lines AS FROM 'tables/lines.parquet';
CREATE OR REPLACE TEMP VIEW cover AS FROM 'tables/cover.parquet';
CREATE OR REPLACE TEMP VIEW ledger AS FROM 'tables/ledger.parquet';
CREATE OR REPLACE TEMP VIEW findings AS FROM 'tables/findings.parquet';
CREATE OR REPLACE TEMP VIEW variances AS FROM 'tables/variances.parquet';
CREATE OR REPLACE TEMP VIEW totals AS FROM 'tables/totals.parquet';

-- An amount as a whole number of 1/10,000, for division; and one of n parts of it, rounded half away from zero to a unit.
CREATE OR REPLACE TEMP MACRO counts(amount) AS CAST(amount * 10000 AS HUGEINT);
CREATE OR REPLACE TEMP MACRO one_of(n, amount, unit) AS
  sign(amount) * ((2 * abs(amount) + n * unit) // (2 * n * unit)) * unit;

-- Each line twice, once a payer.
CREATE OR REPLACE TEMP VIEW sides AS
  SELECT employee_id, benefit, rung, tolerance, payroll_currency, 'employee' AS payer, employee_payroll AS payroll,
         employee_expected AS expected, employee_currency AS currency, employee_counts_as AS counts_as
  FROM lines
  UNION ALL
  SELECT employee_id, benefit, rung, tolerance, payroll_currency, 'employer', employer_payroll,
         employer_expected, employer_currency, employer_counts_as
  FROM lines;

-- The money of the lines by currency: payroll's in its own, what is due in that of the service.
CREATE OR REPLACE TEMP VIEW money AS
  SELECT employee_id, benefit, rung, payer, counts_as, payroll_currency AS currency, payroll, 0::DECIMAL(18,4) AS expected
  FROM sides WHERE payroll_currency IS NOT NULL
  UNION ALL
  SELECT employee_id, benefit, rung, payer, counts_as, currency, 0, expected
  FROM sides WHERE currency IS NOT NULL;

-- What each record of cover makes due, once a payer.
CREATE OR REPLACE TEMP VIEW dues AS
  SELECT employee_id, benefit, 'employee' AS payer, employee_annual AS annual, employee_monthly AS monthly,
         employee_currency AS currency, employee_due AS due, employee_unit AS unit, deductions_a_year AS n, share
  FROM cover
  UNION ALL
  SELECT employee_id, benefit, 'employer', employer_annual, employer_monthly,
         employer_currency, employer_due, employer_unit, employer_deductions_a_year, employer_share
  FROM cover;

-- The same from the amounts of a year or a month.
CREATE OR REPLACE TEMP VIEW priced AS
  SELECT *, CASE
    WHEN share = 'nothing' OR currency IS NULL OR n = 0 THEN 0
    WHEN n = 12 AND monthly IS NOT NULL THEN counts(monthly)
    ELSE one_of(n, coalesce(counts(annual), 12 * counts(monthly), 0), counts(unit)) END AS whole
  FROM dues;

-- Whose findings are all waived, by line and by employee; a finding on a benefit as a whole speaks of each line of it.
CREATE OR REPLACE TEMP VIEW told AS
  SELECT employee_id, benefit, bool_and(waived) AS waived FROM findings GROUP BY ALL;
CREATE OR REPLACE TEMP VIEW ended_lines AS
  SELECT lines.service, payroll_rows, service_rows, CASE
    WHEN ended = 'finding' AND coalesce(own.waived, whole.waived) AND coalesce(whole.waived, own.waived) THEN 'waived'
    ELSE ended END AS ended
  FROM lines
  LEFT JOIN told own ON own.employee_id = lines.employee_id AND own.benefit = lines.benefit
  LEFT JOIN told whole ON whole.employee_id = '' AND whole.benefit = lines.benefit;
CREATE OR REPLACE TEMP VIEW ended_people AS
  SELECT asked, payroll_rows, CASE WHEN ended = 'finding' AND all_waived THEN 'waived' ELSE ended END AS ended
  FROM people
  LEFT JOIN (SELECT employee_id, bool_and(waived) AS all_waived FROM told GROUP BY ALL) USING (employee_id);

-- The totals of the report, derived.
CREATE OR REPLACE TEMP VIEW derived AS
  SELECT 'control total' AS proof, benefit AS name, payer, currency, 'payroll' AS item, sum(payroll) AS amount
  FROM money GROUP BY ALL
  UNION ALL
  SELECT 'control total', benefit, payer, currency, 'expected', sum(due)
  FROM dues WHERE currency IS NOT NULL GROUP BY ALL
  UNION ALL
  SELECT 'control total', benefit, payer, currency, replace(counts_as, 'accepted', 'tolerated') AS item,
         sum(expected) - sum(payroll)
  FROM money WHERE counts_as <> 'finding' GROUP BY ALL
  UNION ALL
  SELECT 'control total', benefit, payer, currency, if(waived, 'waived', lower(left(code, 2))) AS item,
         sum(expected) - sum(payroll)
  FROM variances GROUP BY ALL
  UNION ALL
  SELECT 'balance', benefit, payer, currency, item, sum(amount)
  FROM (SELECT benefit, payer, currency, if(entry = 1, opening, 0) AS opening, expected, taken,
               caught_up AS "caught up", refunded, written_off AS "written off",
               if(entry = max(entry) OVER (PARTITION BY employee_id, benefit, payer, currency), closing, 0) AS closing
        FROM ledger)
  UNPIVOT (amount FOR item IN (opening, expected, taken, "caught up", refunded, "written off", closing))
  GROUP BY ALL;
CREATE OR REPLACE TEMP VIEW derived_rows AS
  SELECT 'payroll lines' AS name, ended AS item, sum(payroll_rows) AS n FROM ended_lines GROUP BY ALL
  UNION ALL SELECT 'benefits', ended, sum(service_rows) FROM ended_lines WHERE service = 'benifex' GROUP BY ALL
  UNION ALL SELECT 'employees', ended, count(*) FROM ended_people WHERE asked GROUP BY ALL
  UNION ALL SELECT 'payroll rows', ended, sum(payroll_rows) FROM ended_people GROUP BY ALL;

-- What each account holds after the night.
CREATE OR REPLACE TEMP VIEW held AS
  SELECT employee_id, benefit, payer, currency, max_by(closing, entry) AS closing FROM ledger GROUP BY ALL;

-- The money of each finding, and the deductions a year of the line that it is on, and of the employer's share of it.
CREATE OR REPLACE TEMP VIEW explained AS
  SELECT finding_id, sum(payroll) AS payroll, sum(expected) AS expected,
         coalesce(sum(expected - payroll) FILTER (payer = 'employee'), 0) AS of_employee,
         coalesce(sum(expected - payroll) FILTER (payer = 'employer'), 0) AS of_employer
  FROM variances GROUP BY ALL HAVING count(DISTINCT currency) = 1;
-- What the two payers together are due, by benefit.
CREATE OR REPLACE TEMP VIEW costs AS
  SELECT employee_id, benefit, currency, sum(due) AS cost FROM dues WHERE currency IS NOT NULL GROUP BY ALL;
CREATE OR REPLACE TEMP VIEW exposures AS
  SELECT f.*, deductions_a_year AS n, employer_deductions_a_year AS employer_n, of_employee, of_employer, CASE
    -- Of two that cover the same the cheaper one is paid for nothing.
    WHEN code = 'EN07' THEN least(own.cost, other.cost)
    -- Nothing is due: all that was taken is owed back.
    WHEN code IN ('EN05', 'EN15', 'EN16') THEN -payroll
    -- The two payers' amounts are exchanged.
    WHEN code = 'AM09' THEN of_employee
    -- A part of a period without a rule: the least that is wrong, between nothing and all that is due; or all that was
    -- taken, or that the accounts hold, where the price changed inside the period, for the one before is in no table.
    WHEN code = 'AM08' THEN greatest(least(exposure, greatest(0, -payroll, expected - payroll, coalesce(h.owed, 0))),
                                     least(-payroll, expected - payroll))
    -- Gross pay is in no table: more than rounding, and at most what is above the percentage of the salary.
    WHEN code = 'AM13' THEN greatest(least(exposure, -tolerance), least(of_employee, 0) + least(of_employer, 0))
    ELSE expected - payroll END AS derived
  FROM findings f
  LEFT JOIN explained e ON e.finding_id = f.finding_id
  LEFT JOIN costs own ON own.employee_id = f.employee_id AND own.benefit = f.benefit AND own.currency = f.currency
  LEFT JOIN costs other
    ON other.employee_id = f.employee_id AND other.benefit = f.other_benefit AND other.currency = f.currency
  LEFT JOIN (SELECT employee_id, benefit, max(deductions_a_year) AS deductions_a_year,
                    max(employer_deductions_a_year) AS employer_deductions_a_year, min(tolerance) AS tolerance
             FROM lines GROUP BY ALL) l
    ON l.employee_id = f.employee_id AND l.benefit = f.benefit
  LEFT JOIN (SELECT employee_id, benefit, currency, sum(closing) AS owed FROM held GROUP BY ALL) h
    ON h.employee_id = f.employee_id AND h.benefit = f.benefit AND h.currency = f.currency
  WHERE e.finding_id IS NOT NULL OR code = 'EN07';

CREATE OR REPLACE TEMP MACRO rank_of(ended) AS list_position(['matched', 'out of scope', 'unverified', 'finding'], ended);
CREATE OR REPLACE TEMP MACRO unlike(stated, derived, place) AS
  CASE WHEN stated IS DISTINCT FROM derived THEN concat(place, ': ', stated, ' / ', derived) END;

CREATE OR REPLACE TEMP VIEW checks AS
  SELECT 1 AS no,
         unlike(coalesce(t.amount, 0), coalesce(d.amount, 0), concat_ws(' ', proof, name, currency, payer, item)) AS off
  FROM (FROM totals WHERE proof <> 'disposition') t
  FULL JOIN derived d USING (proof, name, payer, currency, item)
  UNION ALL
  SELECT 2,
         unlike(sum(amount) FILTER (item = 'expected') - sum(amount) FILTER (item = 'payroll'),
            sum(amount) FILTER (item NOT IN ('expected', 'payroll')), concat_ws(' ', name, currency, payer))
  FROM totals WHERE proof = 'control total' GROUP BY name, currency, payer
  UNION ALL
  SELECT 3,
         unlike(coalesce(t.rows, 0), coalesce(d.n, 0), concat_ws(' ', name, item))
  FROM (FROM totals WHERE proof = 'disposition' AND item <> 'rows'
        AND name IN ('payroll lines', 'benefits', 'employees', 'payroll rows')) t
  FULL JOIN derived_rows d USING (name, item)
  UNION ALL
  SELECT 4,
         unlike(sum(rows) FILTER (item = 'rows'), sum(rows) FILTER (item <> 'rows'), name)
  FROM totals WHERE proof = 'disposition' GROUP BY name
  UNION ALL
  SELECT 5,
         unlike(1, count(*), concat_ws(' ', employee_id, benefit, payroll_currency))
  FROM lines GROUP BY employee_id, benefit, payroll_currency, employee_currency, employer_currency
  UNION ALL
  SELECT 6,
         unlike(counts_as, CASE WHEN abs(payroll - expected) > tolerance THEN 'settled' ELSE 'tolerated' END,
            concat_ws(' ', employee_id, benefit, payer))
  FROM sides WHERE counts_as IN ('tolerated', 'settled')
  UNION ALL
  SELECT 7,
         unlike(0, sum(CASE WHEN lines.ended <> 'out of scope' AND rank_of(lines.ended) > rank_of(people.ended) THEN 1
                        ELSE 0 END), lines.employee_id)
  FROM lines LEFT JOIN people USING (employee_id) WHERE lines.ended <> 'rejected' GROUP BY lines.employee_id
  UNION ALL
  SELECT 8,
         unlike(counts(due), CASE WHEN share = 'estimate' THEN counts(due)
                              WHEN share = 'part' THEN greatest(least(counts(due), greatest(whole, 0)), least(whole, 0))
                              ELSE whole END, concat_ws(' ', employee_id, benefit, payer, 'in 1/10,000'))
  FROM priced
  UNION ALL
  SELECT 9,
         unlike(coalesce(l.expected, 0), coalesce(c.due, 0), concat_ws(' ', employee_id, benefit, currency, payer))
  FROM (SELECT employee_id, benefit, payer, currency, sum(expected) AS expected FROM money
        WHERE employee_id IS NOT NULL GROUP BY ALL) l
  FULL JOIN (SELECT employee_id, benefit, payer, currency, sum(due) AS due FROM dues
             WHERE currency IS NOT NULL GROUP BY ALL) c USING (employee_id, benefit, payer, currency)
  UNION ALL
  SELECT 10,
         unlike(concat_ws(' of ', coalesce(v.payroll, 0), coalesce(v.expected, 0)),
            concat_ws(' of ', coalesce(l.payroll, 0), coalesce(l.expected, 0)),
            concat_ws(' ', employee_id, benefit, currency, payer))
  -- A finding on two spellings of an id (ID05) is told of one of them, one on a whole benefit (EN13) of nobody.
  FROM (SELECT if(code = 'ID05', '', employee_id) AS employee_id, benefit, payer, currency,
               sum(payroll) AS payroll, sum(expected) AS expected
        FROM variances GROUP BY ALL) v
  FULL JOIN (SELECT if(rung IN ('en13', 'id05'), '', employee_id) AS employee_id, benefit, payer, currency,
                    sum(payroll) AS payroll, sum(expected) AS expected
             FROM money WHERE counts_as = 'finding' GROUP BY ALL) l USING (employee_id, benefit, payer, currency)
  UNION ALL
  SELECT 11, unlike(exposure, derived, concat_ws(' ', code, employee_id, benefit))
  FROM exposures WHERE exposure IS NOT NULL
  UNION ALL
  SELECT 12,
         unlike(run_rate, if(n = employer_n, exposure * n, of_employee * n + of_employer * employer_n),
            concat_ws(' ', code, employee_id, benefit))
  FROM exposures WHERE run_rate IS NOT NULL AND benefit <> '' AND left(code, 2) IN ('AM', 'EN')
  UNION ALL
  SELECT 13, unlike(1, count(f.finding_id), concat_ws(' ', v.code, v.employee_id, v.finding_id))
  FROM variances v LEFT JOIN findings f
    ON f.finding_id = v.finding_id AND f.code = v.code AND f.employee_id = v.employee_id AND f.waived = v.waived
  GROUP BY v.code, v.employee_id, v.finding_id, v.benefit, v.payer, v.currency
  UNION ALL
  SELECT 14,
         unlike(closing, opening + expected - taken - caught_up + refunded - written_off,
            concat_ws(' ', employee_id, benefit, currency, payer, entry))
  FROM ledger
  UNION ALL
  SELECT 15,
         unlike(opening, coalesce(lag(closing) OVER (PARTITION BY employee_id, benefit, payer, currency ORDER BY entry), opening),
            concat_ws(' ', employee_id, benefit, currency, payer, entry))
  FROM ledger
  UNION ALL
  SELECT 16, unlike(0, if(currency IS NULL, expected, 0) + if(payroll_currency IS NULL, payroll, 0),
            concat_ws(' ', employee_id, benefit, payer))
  FROM sides
  UNION ALL
  SELECT 17, unlike(any_value(told), coalesce(sum(closing), 0) - any_value(rounding) - any_value(unproven),
            concat_ws(' ', codes, f.employee_id, f.benefit))
  -- What somebody left open who had the id before is told apart, and stands on the same account.
  FROM (SELECT employee_id, benefit, to_date_currency, balance_of, string_agg(code, ' ' ORDER BY code) AS codes,
               sum(exposure_to_date) AS told, sum(rounding) AS rounding, sum(unproven) AS unproven
        FROM findings WHERE balance_of IS NOT NULL GROUP BY ALL) f
  LEFT JOIN held h
    ON h.employee_id = f.employee_id AND h.benefit = f.benefit AND h.currency = f.to_date_currency
    AND f.balance_of IN (h.payer, 'both')
  GROUP BY codes, f.employee_id, f.benefit, to_date_currency, balance_of
  UNION ALL
  SELECT 18, unlike(max(exposure_to_date), max(earlier) + coalesce(sum(exposure), 0), concat_ws(' ', code, employee_id, benefit))
  FROM findings WHERE earlier IS NOT NULL GROUP BY finding_id, code, employee_id, benefit, to_date_currency;

SELECT "check", count(checks.no) AS compared, CASE count(off) WHEN 0 THEN 'same' ELSE
  concat('not same in ', count(off), ': ',
         array_to_string(list_slice(list_sort(list(off) FILTER (off IS NOT NULL)), 1, 5), '; ')) END AS result
FROM (VALUES
  (1, 'control totals and balances: each figure'),
  (2, 'control totals: what is due less payroll is what explains it'),
  (3, 'dispositions: rows of each source, place by place'),
  (4, 'dispositions: the places add up to the rows'),
  (5, 'lines: each stands once'),
  (6, 'lines: rounding is rounding, and more than that is none'),
  (7, 'people: each is at least as urgent as their lines'),
  (8, 'cover: what is due, from the amounts of a year or a month'),
  (9, 'lines: what is expected is what cover makes due'),
  (10, 'findings: their money is that of the lines'),
  (11, 'findings: the exposure of each, from its money'),
  (12, 'findings: the run rate of each'),
  (13, 'variances: each is of a finding'),
  (14, 'ledger: opening and movements are closing'),
  (15, 'ledger: each entry opens where the one before closed'),
  (16, 'lines: without a currency there is no amount'),
  (17, 'findings: the exposure to date of each on a balance, from its accounts'),
  (18, 'findings: the exposure to date of the others, period by period')
) AS names(no, "check")
LEFT JOIN checks USING (no)
GROUP BY no, "check" ORDER BY no;
