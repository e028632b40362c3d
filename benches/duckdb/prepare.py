"""Turns a generated world into the three equal CSV files that the comparison script reads. Not timed.

    python benches/duckdb/prepare.py WORLD_DIR
"""

import sys
import duckdb

root = sys.argv[1]
db = duckdb.connect()
db.sql("SET preserve_insertion_order = true")
db.sql(f"""
COPY (
  SELECT trim(employment.employeeId) AS employee_id, id AS user_id, forename, surname, dateOfBirth AS dob,
         address.postcodeZipCode AS postcode, trim(employment.salaryDetails.payGroup) AS pay_group,
         employment.salaryDetails.salary AS salary, employment.salaryDetails.salaryEffectiveDate AS salary_effective,
         employment.salaryDetails.payPeriods AS pay_periods, employment.leaveDate AS leave_date
  FROM read_json('{root}/world/benifex/users.ndjson', format='newline_delimited', union_by_name=true)
) TO '{root}/users.csv' (HEADER)
""")
db.sql(f"""
COPY (
  SELECT userId AS user_id, b.benefitKey AS benefit, b.status AS status, b.effectiveFrom AS effective_from,
         b.employeeContribution.annual AS ee_annual, b.employeeContribution.currency AS ee_currency,
         b.employerContribution.annual AS er_annual
  FROM (SELECT userId, unnest(data.currentBenefits) AS b
        FROM read_json('{root}/world/benifex/benefits.ndjson', format='newline_delimited', union_by_name=true,
                       maximum_object_size=16777216))
) TO '{root}/benefits.csv' (HEADER)
""")
