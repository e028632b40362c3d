//! `job.toml` of a generated world: a job on the embedded sandbox, in the shape of `jobs/demo.toml`.

use std::path::Path;

use chrono::NaiveDate;

use crate::world::calendar::AS_OF;

/// Benbase's id of the employer, which one planted employee has for an own id (ID08).
pub const EMPLOYER_ID: &str = "emp_900000001";

const AFTER_FOLDERS: &str = r#"delimiter = ","
thousands_mark = ","
dates = "yyyy-MM-dd"
wide = [
    { code = "MED", employee = "med_ee", employer = "med_er" },
    { code = "DEN", employee = "den_ee", employer = "den_er" },
    { code = "PEN", employee = "pen_ee", employer = "pen_er" },
    { code = "LIFE", employee = "life_ee", employer = "life_er" },
    { code = "CYC", employee = "cyc_ee", employer = "cyc_er" },
@wide@    # Mapped to no benefit (EN13).
    { code = "GYM", employee = "gym_ee" },
]

[payroll.columns]
employee_id = "employee_id"
legal_entity = "legal_entity"
pay_group = "pay_group"
run_type = "run_type"
period_start = "period_start"
period_end = "period_end"
pay_date = "pay_date"
currency = "currency"
base_salary = "base_salary"
rate_basis = "rate_basis"
salary_effective = "salary_effective"
pay_frequency = "pay_frequency"
hours = "hours"
fte = "fte"
employment_status = "employment_status"
hire_date = "hire_date"
term_date = "term_date"
first_name = "first_name"
last_name = "last_name"
dob = "dob"
addr_line1 = "addr_line1"
addr_line2 = "addr_line2"
city = "city"
state = "state"
zip = "zip"
country = "country"
@columns@
[deductions]
codes = { MED = "_Medical", DEN = "_Dental", PEN = "_Pension", LIFE = "_LifeInsurance", CYC = "_CycleToWork"@codes@ }
# Biweekly pay with two deductions a month: 26 pays, 24 deductions.
per_year = [
    { pay_group = "US-SM", deductions = 24 },
    { pay_group = "US-BW", deductions = 24 },
    { pay_group = "UK-M", deductions = 12 },
@per_year@]

# Life cover is deducted from the pay in which it begins, never before it.
[[schemes]]
benefit = "_LifeInsurance"
first_deduction = "same pay"

[benifex]
benefit_status = { ACTIVE = "live", PENDING = "pending", ENDED = "ended" }
# Ireland is left out: the currency of a salary there is not known (CU02).
salary_currency_by_pay_group = { US-SM = "USD", US-BW = "USD", UK-M = "GBP"@salary_currency@ }
@section@"#;

/// In worlds over several periods: pensions are a percentage of pay, which the file states, and the deduction dates of
/// a fortnight are known.
const GROSS_PAY: &str = "[payroll.columns]\ngross_pay = \"gross_pay\"\n";
const SCHEMES: &str = r#"[[schemes]]
benefit = "_Pension"
percent_of_pay = true

# Else a third pay date just before a public holiday might be the next month's first.
[[schemes]]
pay_group = "US-BW"
deduction_dates = "first 2 of a month"

[benifex]
"#;

/// What stands at the marks where the world has an Oyster; nothing otherwise.
const OYSTER: [(&str, &str); 6] = [
    (
        "@wide@",
        r#"    { code = "OYH", employee = "oyh_ee", employer = "oyh_er" },
    { code = "OYP", employee = "oyp_ee", employer = "oyp_er" },
"#,
    ),
    ("@columns@", "email = \"email\"\n"),
    ("@codes@", r#", OYH = "_OysterHealth", OYP = "_OysterPension""#),
    (
        "@per_year@",
        r#"    { pay_group = "ES-M", deductions = 12 },
    { pay_group = "CTR-M", deductions = 12 },
"#,
    ),
    ("@salary_currency@", r#", ES-M = "EUR""#),
    (
        "@section@",
        r#"
[oyster]
plans = { D4c07300 = "_OysterHealth", Bbc51b6b = "_OysterHealth", Fd20c8a1 = "_OysterPension" }
ignored_plans = { Ge61a9f2 = "paid by the employer" }
match_email = true
# Health cover of both services is cover of one kind (EN07).
categories = { _Medical = "HEALTH", _OysterHealth = "HEALTH" }
opening_states = @states@
"#,
    ),
];

/// The text of the job file of a world in the folder `out`. The faults stand in a comment: without them the run finds
/// what `truth.json` lists under `findings`.
pub fn job_toml(out: &Path, faults: &str, oyster: bool) -> String {
    text(out, "", AS_OF, faults, oyster)
}

/// The same of one night of a world over several periods, whose payroll and answers are in `folder`.
pub fn job_of_night(out: &Path, folder: &str, as_of: NaiveDate) -> String {
    let text = text(out, folder, as_of, "", false);
    let lines = text.lines().filter(|line| !line.starts_with("baseline = "));
    let text = lines.fold(String::new(), |text, line| text + line + "\n");
    text.replace("[payroll.columns]\n", GROSS_PAY).replace("[benifex]\n", SCHEMES)
}

fn text(out: &Path, folder: &str, as_of: NaiveDate, faults: &str, oyster: bool) -> String {
    let path = |name: &str| toml::Value::String(out.join(name).display().to_string()).to_string();
    let of_night = |name: &str| path(&Path::new(folder).join(name).display().to_string());
    let [state, reports, crosswalk] = ["state", "reports", "crosswalk.csv"].map(path);
    let [payroll, ledger] = ["payroll.csv", "world/benbase/employees.ndjson"].map(of_night);
    let [states] = ["world/oyster/states.ndjson"].map(path);
    let mut after_folders = AFTER_FOLDERS.to_owned();
    for (mark, text) in OYSTER {
        after_folders = after_folders.replace(mark, if oyster { text } else { "" });
    }
    let after_folders = after_folders.replace("@states@", &states);
    let [world, baseline] = ["world", "world_at_cutoff"].map(of_night);
    format!(
        r#"# A generated world, as of {as_of}. Paths are relative to the folder that tieout is run from.

name = "generated"
zone = "UTC"
state_dir = {state}

[payroll]
file = {payroll}
{after_folders}
[benbase]
employer_id = "{EMPLOYER_ID}"
countries = ["US"]
opening_ledger = {ledger}

[crosswalk]
file = {crosswalk}

[rules]
compensation_authority = "payroll"

[guards]
# In a small world every kind of discrepancy is planted among few people: a share of them says nothing.
headcount_min = 100

[report]
dir = {reports}

[sandbox]
world = {world}
baseline = {baseline}
# Read over HTTP with these faults, the findings are those that truth.json explains under `over_http`.
# faults = "{faults}"
faults = ""
clock = "{as_of}T02:00:00Z"
"#
    )
}
