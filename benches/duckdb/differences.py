"""What somebody would script instead: full-join payroll and benefits, and people and users, and write the differences.
No history, no reasons, no proofs, no queue.

    python benches/duckdb/differences.py WORLD_DIR
"""

import sys
import duckdb

root = sys.argv[1]
db = duckdb.connect()
db.sql(f"""
CREATE TABLE payroll AS FROM read_csv('{root}/payroll.csv', all_varchar=true);
CREATE TABLE users AS FROM read_csv('{root}/users.csv', all_varchar=true);
CREATE TABLE benefits AS FROM read_csv('{root}/benefits.csv', all_varchar=true);
""")
db.sql("""
CREATE VIEW lines AS
  SELECT trim(employee_id) AS employee_id, benefit, ee, er FROM (
    SELECT employee_id, '_Medical' AS benefit, med_ee AS ee, med_er AS er FROM payroll UNION ALL
    SELECT employee_id, '_Dental', den_ee, den_er FROM payroll UNION ALL
    SELECT employee_id, '_Pension', pen_ee, pen_er FROM payroll UNION ALL
    SELECT employee_id, '_LifeInsurance', life_ee, life_er FROM payroll UNION ALL
    SELECT employee_id, '_CycleToWork', cyc_ee, cyc_er FROM payroll)
  WHERE ee IS NOT NULL OR er IS NOT NULL;
CREATE VIEW expected AS
  SELECT u.employee_id, b.benefit, try_cast(b.ee_annual AS DECIMAL(18, 4)) / d.per_year AS ee, try_cast(b.er_annual AS DECIMAL(18, 4)) / d.per_year AS er
  FROM benefits b JOIN users u USING (user_id)
  JOIN (VALUES ('US-SM', 24), ('US-BW', 24), ('UK-M', 12)) d (pay_group, per_year) ON d.pay_group = u.pay_group
  WHERE b.status = 'ACTIVE';
""")
db.sql(f"""
COPY (
  SELECT employee_id, benefit, p.ee AS payroll_ee, e.ee AS expected_ee, p.er AS payroll_er, e.er AS expected_er
  FROM lines p FULL JOIN expected e USING (employee_id, benefit)
  WHERE p.employee_id IS NULL OR e.employee_id IS NULL
     OR abs(coalesce(try_cast(p.ee AS DECIMAL(18, 4)), 0) - e.ee) > 0.01 OR abs(coalesce(try_cast(p.er AS DECIMAL(18, 4)), 0) - e.er) > 0.01
) TO '{root}/differences_lines.csv' (HEADER);
COPY (
  SELECT coalesce(trim(p.employee_id), u.employee_id) AS employee_id, base_salary, salary, p.dob AS payroll_dob, u.dob,
         zip, postcode, term_date, leave_date
  FROM payroll p FULL JOIN users u ON trim(p.employee_id) = u.employee_id
  WHERE p.employee_id IS NULL OR u.employee_id IS NULL OR p.dob <> u.dob OR term_date IS DISTINCT FROM leave_date
     OR abs(try_cast(base_salary AS DECIMAL(18, 4)) - try_cast(salary AS DECIMAL(18, 4))) > 1 OR left(zip, 5) <> left(postcode, 5)
) TO '{root}/differences_people.csv' (HEADER);
""")
