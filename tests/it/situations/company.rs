//! A small company of which a situation is told: its job file, its people at Benifex and Benbase, and night after night
//! what payroll did. Everything has a default that agrees, so that a situation names only what is odd about it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Output;

use serde_json::{Value, json};
use toml::{Table, Value as Key};

use crate::nights::proof::prove_if_asked;
use crate::support::{Site, exceptions, rows, shown};

/// Exit codes of a night that judged what it could: clean, findings that alarm, something unverified.
const JUDGED: [i32; 3] = [0, 1, 3];

const JOB: &str = r#"
name = "situation"
zone = "UTC"
[payroll]
file = "payroll.csv"
dates = "yyyy-MM-dd"
currency = "USD"
wide = [{ code = "MED", employee = "MED EE", employer = "MED ER" }]
[payroll.columns]
employee_id = "Employee ID"
pay_group = "Pay Group"
run_type = "Run Type"
period_start = "Period Start"
period_end = "Period End"
pay_date = "Pay Date"
base_salary = "Salary"
rate_basis = "Rate Basis"
salary_effective = "Salary Effective"
pay_frequency = "Pay Frequency"
employment_status = "Status"
hire_date = "Hire Date"
term_date = "Leave Date"
first_name = "First Name"
last_name = "Last Name"
dob = "Birth Date"
addr_line1 = "Address 1"
addr_line2 = "Address 2"
city = "City"
state = "State"
zip = "ZIP"
country = "Country"
[payroll.period]
cutoff_days = -5
[deductions]
codes = { MED = "_Medical" }
[benifex]
benefit_status = { ACTIVE = "live", PENDING = "pending", ENDED = "ended" }
salary_currency_by_country = { US = "USD" }
[benifex.http]
windows = [{ calls = 100000, per = "1 s" }]
[benbase]
employer_id = "emp_1"
opening_ledger = "world/benbase/employees.ndjson"
[benbase.http]
windows = [{ calls = 100000, per = "1 s" }]
[crosswalk]
file = "crosswalk.csv"
[guards]
headcount_min = 100
[approval]
approvers = [{ name = "maria" }]
[sandbox]
world = "world"
limit = { calls = 100000, per = "1 s" }
clock = "2026-04-02T02:00:00Z"
"#;

/// How often people are paid, as payroll's words and Benifex's `payPeriods` say it.
#[derive(Clone, Copy)]
pub struct Pays {
    pub word: &'static str,
    pub a_year: u32,
}

pub const MONTHLY: Pays = Pays { word: "monthly", a_year: 12 };
pub const BIWEEKLY: Pays = Pays { word: "biweekly", a_year: 26 };
pub const SEMIMONTHLY: Pays = Pays { word: "semimonthly", a_year: 24 };
pub const WEEKLY: Pays = Pays { word: "weekly", a_year: 52 };

/// A pay period: first day, last day, pay date, ISO.
pub type Period = [&'static str; 3];

pub const JANUARY: Period = ["2026-01-01", "2026-01-31", "2026-01-30"];
pub const FEBRUARY: Period = ["2026-02-01", "2026-02-28", "2026-02-27"];
pub const MARCH: Period = ["2026-03-01", "2026-03-31", "2026-03-31"];
pub const APRIL: Period = ["2026-04-01", "2026-04-30", "2026-04-30"];
pub const MAY: Period = ["2026-05-01", "2026-05-31", "2026-05-29"];
pub const JUNE: Period = ["2026-06-01", "2026-06-30", "2026-06-30"];
pub const JULY: Period = ["2026-07-01", "2026-07-31", "2026-07-31"];
pub const AUGUST: Period = ["2026-08-01", "2026-08-31", "2026-08-31"];

/// The nights after the months before them.
pub const FEBRUARY_NIGHT: &str = "2026-02-03";
pub const MARCH_NIGHT: &str = "2026-03-03";
pub const APRIL_NIGHT: &str = "2026-04-02";
pub const MAY_NIGHT: &str = "2026-05-04";
pub const JUNE_NIGHT: &str = "2026-06-02";
pub const JULY_NIGHT: &str = "2026-07-02";
pub const AUGUST_NIGHT: &str = "2026-08-03";
pub const SEPTEMBER_NIGHT: &str = "2026-09-02";

/// One benefit as Benifex states it. Amounts are a year's, in whole units and cents.
#[derive(Clone)]
pub struct Cover {
    pub employee: f64,
    pub employer: f64,
    /// ISO.
    pub from: &'static str,
    pub changed: &'static str,
    pub status: &'static str,
}

impl Cover {
    /// In force since 1 January 2026.
    pub fn yearly(employee: f64, employer: f64) -> Cover {
        Cover { employee, employer, from: "2026-01-01", changed: "2026-01-01", status: "ACTIVE" }
    }

    pub fn from(mut self, day: &'static str) -> Cover {
        (self.from, self.changed) = (day, day);
        self
    }

    pub fn changed(mut self, day: &'static str) -> Cover {
        self.changed = day;
        self
    }

    pub fn status(mut self, word: &'static str) -> Cover {
        self.status = word;
        self
    }
}

/// One person as Benifex and Benbase know them tonight, and how payroll's row differs from that.
#[derive(Clone)]
pub struct Person {
    id: &'static str,
    user: Value,
    covers: Vec<(&'static str, Cover)>,
    benbase: Value,
    /// By the crosswalk, and the day on which somebody looked at it.
    benbase_id: String,
    checked_on: &'static str,
    cells: BTreeMap<String, String>,
    on_payroll: bool,
    known_to_benifex: bool,
    currency: &'static str,
    more_rows: Vec<BTreeMap<String, String>>,
}

impl Person {
    /// Changes a field of Benifex's user, by its JSON pointer: `/employment/leaveDate`.
    pub fn user(&mut self, pointer: &str, value: Value) -> &mut Self {
        *self.user.pointer_mut(pointer).unwrap_or_else(|| panic!("no field {pointer}")) = value;
        self
    }

    /// The benefits of this person from tonight on, in place of those before.
    pub fn covers(&mut self, covers: &[(&'static str, Cover)]) -> &mut Self {
        self.covers = covers.to_vec();
        self
    }

    /// What Benbase holds of the person before the first night; see `world/benbase/employees.ndjson`.
    pub fn benbase(&mut self, pointer: &str, value: Value) -> &mut Self {
        *self.benbase.pointer_mut(pointer).unwrap_or_else(|| panic!("no field {pointer}")) = value;
        self
    }

    /// Given name, surname and birth date in Benifex.
    pub fn identity(&self) -> [Value; 3] {
        ["forename", "surname", "dateOfBirth"].map(|field| self.user[field].clone())
    }

    /// Benifex and the crosswalk have the person under this id from tonight on.
    pub fn benifex_calls(&mut self, id: &'static str) -> &mut Self {
        self.id = id;
        self.user("/employment/employeeId", json!(id))
    }

    /// What the crosswalk gives as the person's Benbase id from tonight on.
    pub fn linked_to(&mut self, benbase_id: &str) -> &mut Self {
        benbase_id.clone_into(&mut self.benbase_id);
        self
    }

    /// Somebody saw on this day that the Benbase record is the person's.
    pub fn checked_on(&mut self, day: &'static str) -> &mut Self {
        self.checked_on = day;
        self
    }

    /// A cell of payroll's row from tonight on, by header.
    pub fn pays(&mut self, header: &str, cell: &str) -> &mut Self {
        self.cells.insert(header.to_owned(), cell.to_owned());
        self
    }

    /// A cell of payroll's row.
    pub fn cell(&self, header: &str) -> String {
        self.cells[header].clone()
    }

    /// A further row of the person tonight: the cells that differ from the first one.
    pub fn further_row(&mut self, cells: &[(&str, &str)]) -> &mut Self {
        let mut row = self.cells.clone();
        row.extend(cells.iter().map(|(header, cell)| ((*header).to_owned(), (*cell).to_owned())));
        self.more_rows.push(row);
        self
    }

    /// The currency of the benefits.
    pub fn currency(&mut self, code: &'static str) -> &mut Self {
        self.currency = code;
        self
    }

    /// Benifex has never heard of the person.
    pub fn unknown_to_benifex(&mut self) -> &mut Self {
        self.known_to_benifex = false;
        self
    }

    /// Benifex has got to know the person.
    pub fn known_to_benifex(&mut self) -> &mut Self {
        self.known_to_benifex = true;
        self
    }

    pub fn on_payroll(&mut self, is: bool) -> &mut Self {
        self.on_payroll = is;
        self
    }

    fn rows(&self) -> Vec<BTreeMap<String, String>> {
        if !self.on_payroll {
            return Vec::new();
        }
        [vec![self.cells.clone()], self.more_rows.clone()].concat()
    }

    fn benefits(&self) -> Value {
        let cents = |amount: f64| (amount * 100.0).round() / 100.0;
        let money =
            |annual: f64| json!({"annual": cents(annual), "monthly": cents(annual / 12.0), "currency": self.currency});
        let covers: Vec<Value> = self
            .covers
            .iter()
            .map(|(key, cover)| {
                json!({"status": cover.status, "effectiveFrom": european(cover.from),
                    "editableUntil": "31/12/2026", "changeDate": european(cover.changed),
                    "benefitCost": money(cover.employee + cover.employer),
                    "employeeContribution": money(cover.employee), "employerContribution": money(cover.employer),
                    "benefitKey": key, "title": key, "benefitLink": "https://app.example.com/benefits",
                    "description": "", "sections": [], "faqs": [], "needToKnow": "", "usefulLinks": [],
                    "datesFormat": "dd/MM/yyyy"})
            })
            .collect();
        json!({"userId": self.user["id"], "data": {"currentBenefits": covers}})
    }
}

/// `31/12/2026` of `2026-12-31`.
fn european(day: &str) -> String {
    let mut parts: Vec<&str> = day.split('-').collect();
    parts.reverse();
    parts.join("/")
}

/// The night on March's payroll of a company in which 1001 is odd.
pub fn march(odd: impl FnOnce(&mut Person)) -> Outcome {
    march_with("", odd)
}

/// The same, with further keys in the job.
pub fn march_with(job: &str, odd: impl FnOnce(&mut Person)) -> Outcome {
    let mut company = Company::new(MONTHLY);
    company.job(job);
    odd(company.person("1001"));
    company.night(APRIL_NIGHT, MARCH)
}

/// The company and its working folder.
pub struct Company {
    site: Site,
    job: Table,
    people: Vec<Person>,
    pays: Pays,
}

impl Company {
    /// Five people, 1000 to 1004, paid 60,000.00 a year, with medical cover that costs the employee 1,200.00 a year and
    /// the employer nothing.
    pub fn new(pays: Pays) -> Company {
        let mut company =
            Company { site: Site::new(), job: JOB.parse().expect("a job file"), people: Vec::new(), pays };
        for id in ["1000", "1001", "1002", "1003", "1004"] {
            company.hire(id);
        }
        company
    }

    /// With a second medical plan, whose code is `PLUS` and which nobody has; January and February were right.
    pub fn of_two_plans() -> Company {
        let mut company = Company::new(MONTHLY);
        company.job(
            "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
             { code = \"PLUS\", employee = \"PLUS EE\" }]\n\
             [deductions]\ncodes = { MED = \"_Medical\", PLUS = \"_MedicalPlus\" }",
        );
        company.all(|person| _ = person.pays("PLUS EE", ""));
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company
    }

    /// One more person with the defaults.
    pub fn hire(&mut self, id: &'static str) -> &mut Person {
        let number = self.people.len();
        let (first, last) =
            [("Ada", "Okafor"), ("Ben", "Larsen"), ("Cleo", "Marsh"), ("Dev", "Iyer"), ("Eva", "Stone")][number % 5];
        let address = format!("{} Maple Street", 100 + number);
        let born = format!("19{}-02-03", 70 + number);
        let user = json!({"id": format!("812095c1-8262-42d5-a6e8-{number:012}"), "forename": first, "surname": last,
            "dateOfBirth": born, "emailAddress": format!("{id}@example.com"),
            "address": {"line1": address, "line2": "", "line3": "Reno", "postcodeZipCode": "89501", "country": "US"},
            "employment": {"employeeId": id, "startDate": "2020-01-06", "originalStartDate": "2020-01-06",
                "leaveDate": null, "employmentStatus": "Active", "legalEmployerCompany": "Acme", "department": "Ops",
                "countryOfWork": "US", "workingHours": {"contractedHours": 40, "fullTimeEquivalentHours": 40,
                    "daysPerWeek": 5, "fullTimeEquivalentFraction": 1.0},
                "salaryDetails": {"payGroup": "G1", "salary": 60000.0, "salaryEffectiveDate": "2025-01-01",
                    "pensionableSalary": 60000.0, "payPeriods": self.pays.a_year}},
            "title": "Mx", "phoneNumber": "", "gender": null, "nationality": "", "language": "en-US",
            "maritalStatus": "Single", "nationalIdentity": {"nationalIdentityNumber1": "000-00-0000",
                "nationalIdentityNumber2": "", "nationalIdentityCountry": "US"}, "customAttributes": {}});
        let benbase = json!({"employee_id": format!("bb_{id}"), "pay_frequency": self.pays.word,
            "pay_rate": {"amount": "60000.00", "period": "annually", "effective_start": "2025-01-01"},
            "employment_status": "full_time",
            "address": {"line1": address, "city": "Reno", "state": "NV", "zip_code": "89501"}});
        let cells = [
            ("Employee ID", id),
            ("Pay Group", "G1"),
            ("Run Type", "regular"),
            ("Salary", "60000.00"),
            ("Rate Basis", "annually"),
            ("Salary Effective", "2025-01-01"),
            ("Pay Frequency", self.pays.word),
            ("Status", "full_time"),
            ("Hire Date", "2020-01-06"),
            ("Leave Date", ""),
            ("First Name", first),
            ("Last Name", last),
            ("Birth Date", &born),
            ("Address 1", &address),
            ("Address 2", ""),
            ("City", "Reno"),
            ("State", "NV"),
            ("ZIP", "89501"),
            ("Country", "US"),
            ("MED EE", "100.00"),
            ("MED ER", "0.00"),
        ];
        let cells = cells.iter().map(|(header, cell)| ((*header).to_owned(), (*cell).to_owned())).collect();
        self.people.push(Person {
            id,
            user,
            covers: vec![("_Medical", Cover::yearly(1200.0, 0.0))],
            benbase,
            benbase_id: format!("bb_{id}"),
            checked_on: "",
            cells,
            on_payroll: true,
            known_to_benifex: true,
            currency: "USD",
            more_rows: Vec::new(),
        });
        self.people.last_mut().expect("just added")
    }

    pub fn person(&mut self, id: &str) -> &mut Person {
        self.people.iter_mut().find(|person| person.id == id).unwrap_or_else(|| panic!("nobody has the id {id}"))
    }

    /// Payroll and Benifex give two people the ids of each other from tonight on; the crosswalk follows.
    pub fn exchange_ids(&mut self, one: &'static str, other: &'static str) {
        for person in self.people.iter_mut().filter(|person| [one, other].contains(&person.id)) {
            let id = if person.id == one { other } else { one };
            person.id = id;
            person.user("/employment/employeeId", json!(id)).pays("Employee ID", id);
        }
    }

    /// Payroll gives the rows of these people each under the id of the one before from tonight on. Done again as often as
    /// there are others, they are right.
    pub fn slip_rows(&mut self, ids: &[&str]) {
        let mut rows: Vec<_> = ids.iter().map(|id| self.person(id).cells.clone()).collect();
        rows.rotate_left(1);
        for (id, row) in ids.iter().zip(rows) {
            self.person(id).cells = row;
            self.person(id).pays("Employee ID", id);
        }
    }

    /// Sets keys of the job file from TOML text: sections are merged, values replaced.
    pub fn job(&mut self, text: &str) -> &mut Self {
        merge(&mut self.job, text.parse().expect("TOML"));
        self
    }

    /// Takes a key of a section of the job file away.
    pub fn without(&mut self, section: &str, table: &str, key: &str) -> &mut Self {
        let keys = self.job.get_mut(section).and_then(|section| section.get_mut(table)).and_then(Key::as_table_mut);
        keys.and_then(|keys| keys.remove(key)).unwrap_or_else(|| panic!("no key {section}.{table}.{key}"));
        self
    }

    /// Changes every person: `company.all(|p| { p.pays("MED EE", "50.00"); })`.
    pub fn all(&mut self, mut change: impl FnMut(&mut Person)) -> &mut Self {
        self.people.iter_mut().for_each(&mut change);
        self
    }

    /// The night of a day, for a period. Further rows of a person are gone afterwards; all else stays.
    #[track_caller]
    pub fn night(&mut self, as_of: &str, period: Period) -> Outcome {
        let output = self.attempt(as_of, period);
        assert!(
            output.status.code().is_some_and(|code| JUDGED.contains(&code)),
            "the night of {as_of}: exit {:?}\n{}",
            output.status.code(),
            shown(&output)
        );
        Outcome::read(&self.site, as_of, shown(&output))
    }

    /// The same, and somebody takes the file as it is.
    #[track_caller]
    pub fn accepted_night(&mut self, as_of: &str, period: Period) -> Outcome {
        let output = self.run(as_of, period, &["--accept-swing", "looked at"]);
        assert!(output.status.code().is_some_and(|code| JUDGED.contains(&code)), "{as_of}: {}", shown(&output));
        Outcome::read(&self.site, as_of, shown(&output))
    }

    /// The night of a day, for a period, whatever becomes of it.
    pub fn attempt(&mut self, as_of: &str, period: Period) -> Output {
        self.run(as_of, period, &[])
    }

    fn run(&mut self, as_of: &str, period: Period, more: &[&str]) -> Output {
        self.write(as_of, period);
        self.people.iter_mut().for_each(|person| person.more_rows.clear());
        self.site.run(&[&["run", "job.toml"], more].concat())
    }

    /// For what else a situation does: a command, a look into a file.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Job file, payroll file, crosswalk and world of one night.
    fn write(&mut self, as_of: &str, [start, end, pay_date]: Period) {
        let clock = format!("[sandbox]\nclock = \"{as_of}T02:00:00Z\"");
        merge(&mut self.job, clock.parse().expect("TOML"));
        let put = |name: &str, text: String| {
            let path = self.site.path(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        put("job.toml", toml::to_string(&self.job).expect("TOML"));
        let mut rows: Vec<BTreeMap<String, String>> = self.people.iter().flat_map(Person::rows).collect();
        for row in &mut rows {
            for (header, cell) in [("Period Start", start), ("Period End", end), ("Pay Date", pay_date)] {
                row.entry(header.to_owned()).or_insert_with(|| cell.to_owned());
            }
        }
        put("payroll.csv", csv_of(&rows));
        let ids: Vec<String> =
            self.people.iter().map(|p| format!("{},{},,{}\n", p.id, p.benbase_id, p.checked_on)).collect();
        put(
            "crosswalk.csv",
            format!("employee_id,benbase_id,oyster_engagement_id,benbase_checked_on\n{}", ids.concat()),
        );
        let ndjson = |people: &[&Person], of: fn(&Person) -> Value| -> String {
            people.iter().map(|person| format!("{}\n", of(person))).collect()
        };
        let everybody: Vec<&Person> = self.people.iter().collect();
        let known: Vec<&Person> = self.people.iter().filter(|person| person.known_to_benifex).collect();
        put("world/benifex/users.ndjson", ndjson(&known, |person| person.user.clone()));
        put("world/benifex/benefits.ndjson", ndjson(&known, Person::benefits));
        put("world/benbase/employees.ndjson", ndjson(&everybody, |person| person.benbase.clone()));
    }
}

/// A CSV with the headers of all rows; a cell that a row does not have is blank.
fn csv_of(rows: &[BTreeMap<String, String>]) -> String {
    let headers: BTreeSet<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&headers).expect("written");
    for row in rows {
        writer.write_record(headers.iter().map(|h| row.get(*h).map_or("", String::as_str))).expect("written");
    }
    String::from_utf8(writer.into_inner().expect("flushed")).expect("UTF-8")
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Key::Table(old)), Key::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// What a night told.
pub struct Outcome {
    /// Rows of `exceptions.csv`.
    pub findings: Vec<BTreeMap<String, String>>,
    /// Rows of `unverified.csv`.
    pub unverified: Vec<BTreeMap<String, String>>,
    /// Rows of `corrections.csv`: one a field of a planned change.
    pub corrections: Vec<BTreeMap<String, String>>,
    /// Items of the queue, as `queue list --json` gives them.
    pub queue: Vec<Value>,
    /// Both streams of the run, for messages.
    said: String,
}

impl Outcome {
    fn read(site: &Site, as_of: &str, said: String) -> Outcome {
        let pack = site.path(&format!("reports/situation/{as_of}"));
        prove_if_asked(&pack);
        let queue = site.expect(0, &["queue", "list", "job.toml", "--json"]);
        let queue: Value = serde_json::from_str(&queue).expect("JSON");
        Outcome {
            findings: exceptions(&pack),
            unverified: rows(&pack.join("unverified.csv")),
            corrections: rows(&pack.join("corrections.csv")),
            queue: queue.as_array().cloned().unwrap_or_default(),
            said,
        }
    }

    /// All of it, for messages.
    pub fn told(&self) -> String {
        let line = |f: &BTreeMap<String, String>| {
            format!("{} {} {} {} {}", f["code"], f["employee_id"], f["benefit"], f["exposure_to_date"], f["sentence"])
        };
        let aside =
            |f: &BTreeMap<String, String>| format!("unverified {} {} {}", f["employee_id"], f["benefit"], f["reason"]);
        let all: Vec<String> = self.findings.iter().map(line).chain(self.unverified.iter().map(aside)).collect();
        format!("{}\n{:#?}\n{:#?}\n{}", all.join("\n"), self.corrections, self.queue, self.said)
    }

    /// No finding and nothing queued.
    #[track_caller]
    pub fn nothing(&self) {
        assert!(self.findings.is_empty(), "expected nothing, but:\n{}", self.told());
        self.nothing_queued();
    }

    /// These findings and no others, as `CODE EMPLOYEE BENEFIT EXPOSURE`: `*` stands for any code, `any` for any
    /// exposure, `-` for no benefit or no exposure.
    #[track_caller]
    pub fn only(&self, expected: &[&str]) {
        let mut left: Vec<_> = self.findings.iter().collect();
        for line in expected {
            let at = left.iter().position(|finding| is(finding, line));
            left.remove(at.unwrap_or_else(|| panic!("no finding {line}:\n{}", self.told())));
        }
        assert!(left.is_empty(), "more findings than expected:\n{}", self.told());
    }

    /// The one finding of an employee and benefit.
    #[track_caller]
    pub fn finding(&self, expected: &str) -> &BTreeMap<String, String> {
        self.findings
            .iter()
            .find(|finding| is(finding, expected))
            .unwrap_or_else(|| panic!("no finding {expected}:\n{}", self.told()))
    }

    /// A change that was proposed tonight, as `EMPLOYEE FIELD VALUE DAY`:
    /// `1001 base_salary 66000.00 annually 2026-03-20`. Personal values are `differs`, as in the report; a change
    /// without a day of its own has `-`.
    #[track_caller]
    pub fn queued(&self, expected: &str) {
        let planned = |row: &BTreeMap<String, String>| {
            let day = if row["effective"].is_empty() { "-" } else { &row["effective"] };
            row["queue"] == "propose"
                && format!("{} {} {} {day}", row["employee_id"], row["field"], row["to"]) == expected
        };
        assert!(self.corrections.iter().any(planned), "{expected} is not queued:\n{}", self.told());
    }

    #[track_caller]
    pub fn nothing_queued(&self) {
        assert!(self.queue.is_empty(), "something is queued:\n{}", self.told());
    }

    /// Whether the employee's benefit stands among what could not be judged.
    #[track_caller]
    pub fn unverified(&self, employee: &str, benefit: &str) {
        let found = self.unverified.iter().any(|row| row["employee_id"] == employee && row["benefit"] == benefit);
        assert!(found, "{employee} {benefit} is not unverified:\n{}", self.told());
    }

    /// Why the employee's benefit could not be judged.
    #[track_caller]
    pub fn reason(&self, employee: &str, benefit: &str) -> &str {
        let is_of = |row: &&BTreeMap<String, String>| row["employee_id"] == employee && row["benefit"] == benefit;
        let found = self.unverified.iter().find(is_of);
        &found.unwrap_or_else(|| panic!("{employee} {benefit} is not unverified:\n{}", self.told()))["reason"]
    }
}

fn is(finding: &BTreeMap<String, String>, expected: &str) -> bool {
    let parts: Vec<&str> = expected.split(' ').collect();
    let [code, employee, benefit, exposure] = parts[..] else { panic!("{expected}: four parts, please") };
    let of = |part: &str| if part == "-" { String::new() } else { part.to_owned() };
    (code == "*" || finding["code"] == code)
        && finding["employee_id"] == of(employee)
        && finding["benefit"] == of(benefit)
        && (exposure == "any" || finding["exposure_to_date"] == of(exposure))
}
