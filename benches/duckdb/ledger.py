"""Reckons every balance of a world over several periods once more, from its inputs alone (payroll files, answers of the
services, job file), and holds the benefit ledger of its last night against them. tieout takes no part in the reckoning.
`benches/ledger.sh` makes the world and runs its nights.

    python benches/duckdb/ledger.py WORLD_DIR

Exit 1: a balance is another one.
"""

import pathlib
import sys
import tomllib

import duckdb

# What is rounding of a percentage, in units of the currency.
ROUNDING = "0.05"

root = pathlib.Path(sys.argv[1])
nights = sorted((root / "nights").iterdir())
job = tomllib.loads((nights[-1] / "job.toml").read_text())
columns = job["payroll"]["columns"]
benefit_of = job["deductions"]["codes"]
by_percentage = {scheme["benefit"] for scheme in job["schemes"] if scheme.get("percent_of_pay")}
dates = {scheme["pay_group"]: scheme["deduction_dates"] for scheme in job["schemes"] if "deduction_dates" in scheme}
last_day = job["sandbox"]["clock"][:10]
pack = root / "reports" / job["name"] / last_day

db = duckdb.connect()
db.sql("CREATE MACRO night_of(path) AS regexp_extract(path, 'nights/([0-9]+)/', 1)::INT")
db.sql("CREATE MACRO money(text) AS coalesce(text, '0')::DECIMAL(18, 4)")
db.sql("CREATE MACRO day(text) AS nullif(trim(text), '')::DATE")
# A whole number of 1/10,000, divided and rounded half away from zero to a hundredth.
db.sql("""CREATE MACRO one_of(n, amount) AS
  (((2 * abs((amount * 10000)::HUGEINT) + n * 100) // (2 * n * 100) * sign(amount))::DECIMAL(15, 0)
   * 0.01)::DECIMAL(18, 4)""")

db.sql("CREATE TABLE per_year (pay_group VARCHAR, n INT)")
per_year = job["deductions"]["per_year"]
counts = [(entry["pay_group"], entry["deductions"]) for entry in per_year]
db.executemany("INSERT INTO per_year VALUES (?, ?)", counts)
db.sql("CREATE TABLE first_of_month (pay_group VARCHAR, n INT)")
for group, text in dates.items():
    words = text.split()
    assert words[0] == "first" and words[2:] == ["of", "a", "month"], f"not reckoned with: {text}"
    db.execute("INSERT INTO first_of_month VALUES (?, ?)", (group, int(words[1])))

contribution = "STRUCT(annual VARCHAR, monthly VARCHAR)"
employment = 'STRUCT("employeeId" VARCHAR, "leaveDate" VARCHAR, "startDate" VARCHAR, "originalStartDate" VARCHAR)'
benefit = f"""STRUCT("benefitKey" VARCHAR, status VARCHAR, "effectiveFrom" VARCHAR, "datesFormat" VARCHAR,
                     "employeeContribution" {contribution}, "employerContribution" {contribution})"""
answers = "format='newline_delimited', filename=true, maximum_object_size=16777216"
db.sql(f"""
CREATE TABLE rows_of_payroll AS
  SELECT *, night_of(filename) AS night
  FROM read_csv('{root}/nights/*/payroll.csv', all_varchar=true, filename=true);
CREATE TABLE people AS
  SELECT night, trim({columns['employee_id']}) AS id, trim({columns['pay_group']}) AS pay_group,
         day({columns['period_start']}) AS first, day({columns['period_end']}) AS last,
         day({columns['pay_date']}) AS paid, day({columns['hire_date']}) AS hired,
         day({columns['term_date']}) AS left_on
  FROM rows_of_payroll;
CREATE TABLE taken (night INT, id VARCHAR, benefit VARCHAR, payer VARCHAR, amount DECIMAL(18, 4));
CREATE TABLE users AS
  SELECT night_of(filename) AS night, id AS user_id, trim(employment.employeeId) AS id,
         day(employment.leaveDate) AS left_on,
         greatest(day(employment.startDate), day(employment.originalStartDate)) AS started
  FROM read_json('{root}/nights/*/world/benifex/users.ndjson', {answers},
                 columns={{id: 'VARCHAR', employment: '{employment}'}});
CREATE TABLE records AS
  SELECT night_of(filename) AS night, userId AS user_id, unnest(data.currentBenefits) AS b
  FROM read_json('{root}/nights/*/world/benifex/benefits.ndjson', {answers},
                 columns={{userId: 'VARCHAR', data: 'STRUCT("currentBenefits" {benefit}[])'}});
""")
for line in job["payroll"]["wide"]:
    benefit = benefit_of.get(line["code"])
    if benefit is None:
        continue
    for payer in ("employee", "employer"):
        if payer in line:
            amounts = f"""INSERT INTO taken SELECT night, trim({columns['employee_id']}), ?, ?, money({line[payer]})
                          FROM rows_of_payroll WHERE {line[payer]} IS NOT NULL"""
            db.execute(amounts, (benefit, payer))

live = [word for word, meaning in job["benifex"]["benefit_status"].items() if meaning == "live"]
db.execute("""
CREATE TABLE cover AS
  WITH flat AS (
    SELECT u.night, u.id, b.benefitKey AS benefit, b.status AS status,
           if(b.datesFormat = 'MM/dd/yyyy', strptime(b.effectiveFrom, '%m/%d/%Y'),
              strptime(b.effectiveFrom, '%d/%m/%Y'))::DATE AS since,
           b.employeeContribution AS employee, b.employerContribution AS employer
    FROM records JOIN users u USING (night, user_id))
  SELECT night, id, benefit, since, 'employee' AS payer, employee.annual AS annual, employee.monthly AS monthly
  FROM flat WHERE list_contains($live, status)
  UNION ALL
  SELECT night, id, benefit, since, 'employer', employer.annual, employer.monthly
  FROM flat WHERE list_contains($live, status)
""", {"live": live})

db.sql("""
-- A leave date before a later hire or start is what an earlier employment left behind.
CREATE TABLE judged AS
  SELECT p.*, if(u.left_on >= greatest(p.hired, u.started), u.left_on, NULL) AS left_benifex,
         if(p.left_on >= greatest(p.hired, u.started), p.left_on, NULL) AS left_payroll
  FROM people p JOIN users u USING (night, id);
-- Payroll pays on, and by the service cover is over: nothing is built on the date.
DELETE FROM judged WHERE left_payroll IS NULL AND left_benifex < first;
-- What is known of leaving on the last night holds for every period.
CREATE TABLE left_at_last AS
  SELECT id, arg_max(greatest(left_benifex, left_payroll), night) FILTER (left_payroll IS NOT NULL) AS left_on
  FROM judged GROUP BY id;
-- Of each period the record that was told last of those that began by its end.
CREATE TABLE due AS
  WITH in_force AS (
    SELECT j.night, j.id, c.benefit, c.payer, arg_max({annual: c.annual, monthly: c.monthly}, c.night) AS price
    FROM judged j JOIN cover c ON c.id = j.id AND c.since <= j.last GROUP BY ALL)
  SELECT night, id, benefit, payer, CASE
      WHEN l.left_on < j.first THEN 0
      WHEN (extract('day' FROM j.paid) - 1) // 14 >= f.n THEN 0
      WHEN n.n = 12 AND price.monthly IS NOT NULL THEN money(price.monthly)
      ELSE one_of(n.n, coalesce(price.annual::DECIMAL(18, 4), 12 * price.monthly::DECIMAL(18, 4), 0)) END AS amount
  FROM in_force JOIN judged j USING (night, id) JOIN left_at_last l USING (id)
  JOIN per_year n ON n.pay_group = j.pay_group LEFT JOIN first_of_month f ON f.pay_group = j.pay_group;
""")

in_percent = ", ".join(f"'{benefit}'" for benefit in by_percentage) or "''"
db.sql(f"""
CREATE TABLE reckoned AS
  SELECT id AS employee_id, benefit, payer, sum(due) AS expected, sum(taken) AS taken, sum(due - taken) AS balance
  FROM (SELECT id, benefit, payer, amount AS due, 0::DECIMAL(18, 4) AS taken FROM due
        UNION ALL
        SELECT t.id, t.benefit, t.payer, 0, t.amount FROM taken t JOIN judged USING (night, id))
  -- The employer's share is compared where payroll has amounts of it.
  WHERE benefit NOT IN ({in_percent}) AND (benefit, payer) IN (SELECT (benefit, payer) FROM taken) GROUP BY ALL
  UNION ALL
  -- A percentage of pay is due as it was taken, up to what the record makes of it.
  SELECT id, benefit, payer, sum(due), sum(taken), sum(due - taken)
  FROM (SELECT t.id, t.benefit, t.payer, t.amount AS taken,
               CASE WHEN t.amount > d.amount + {ROUNDING} THEN d.amount ELSE t.amount END AS due
        FROM taken t JOIN judged USING (night, id) JOIN due d USING (night, id, benefit, payer)
        WHERE t.benefit IN ({in_percent})) GROUP BY ALL;
CREATE TABLE stated AS
  SELECT employee_id, benefit, payer, arg_max(closing, entry) AS balance
  FROM '{pack}/tables/ledger.parquet' GROUP BY ALL;
CREATE TABLE compared AS
  SELECT employee_id, benefit, payer, coalesce(r.balance, 0) AS reckoned, coalesce(s.balance, 0) AS stated
  FROM reckoned r FULL JOIN stated s USING (employee_id, benefit, payer);
""")
[(employee_periods,)] = db.sql("SELECT count(*) FROM people").fetchall()
[figures] = db.sql("""SELECT count(*), count(*) FILTER (reckoned <> 0), count(*) FILTER (reckoned <> stated),
                           coalesce(sum(abs(reckoned - stated)), 0), sum(abs(reckoned)) FROM compared""").fetchall()
accounts, open_accounts, unlike, residual, money = figures
[(expected, taken)] = db.sql("SELECT sum(expected), sum(taken) FROM reckoned").fetchall()
print(f"{employee_periods} employee-periods over {len(nights)} nights")
print(f"{accounts} accounts, {open_accounts} with a balance")
print(f"due {expected}, taken {taken}, balances without their signs {money}")
print(f"not equal: {unlike}, residual {residual}")
if unlike:
    print(db.sql("FROM compared WHERE reckoned <> stated ORDER BY abs(reckoned - stated) DESC LIMIT 20"))
    sys.exit(1)
