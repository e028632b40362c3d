//! `tieout world generate`: a world of any size, with planted discrepancies and the truth about them. It is a witness
//! of its own: it asks neither the rules nor the expected amounts nor the clients' types, but plants a known
//! discrepancy and writes down which findings follow from it (see `scenarios`, which also names the codes that can't be
//! planted).
//!
//! Not in it: reconciling and serving (`sandbox`).

use std::path::Path;

use anyhow::{Context, Result, ensure};

use self::calendar::AS_OF;
use self::files::{Files, write_text};
use self::people::{Maker, Profile};
use self::plan::Plan;
use self::records::Subject;
use self::truth::{Entry, Truth};

mod amounts;
mod calendar;
mod files;
mod job_text;
mod names;
mod oyster;
mod payroll_csv;
mod people;
pub mod periods;
mod plan;
mod records;
mod scenarios;
#[cfg(test)]
mod tests;
mod truth;
mod variations;
mod wire;
mod wire_benefits;

/// Ids stay nine digits wide with a leading zero up to here.
pub const EMPLOYEES_MAX: usize = 14_000_000;
/// Ids that one list call asks for; the first such batch of a world is always answered in full.
const USERS_BATCH: usize = 20;

/// From this size on, a world has Oyster unless it is told otherwise.
const OYSTER_FROM: usize = 40;
/// Engagements that a world of the greatest size still has room for.
const ENGAGEMENTS_MAX: usize = 1_000_000;

/// What to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// People of Benifex.
    pub employees: usize,
    /// Oyster's, whose people come on top; 0: the world has no Oyster.
    pub engagements: usize,
    pub seed: u64,
}

/// Engagements of a world of `employees` when nobody says how many.
pub fn usual_engagements(employees: usize) -> usize {
    if employees >= OYSTER_FROM { oyster::DEFAULT_COUNT } else { 0 }
}

/// What was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Oyster's people included.
    pub employees: usize,
    pub engagements: usize,
    /// Benefits that Benifex lists as current.
    pub benefits: u64,
    pub payroll_rows: u64,
    pub planted_employees: u64,
    /// Findings that an import of the world must cause.
    pub findings: usize,
    pub tolerated_lines: u64,
    /// Fault specification for the sandbox.
    pub faults: String,
    /// The day to reconcile for.
    pub as_of: chrono::NaiveDate,
}

/// Writes a world into the folder `out`. The same arguments give the same bytes, and the people of Benifex are the same
/// whoever comes on top.
pub fn generate(wanted: Wanted, out: &Path) -> Result<Summary> {
    let Wanted { employees, engagements, seed } = wanted;
    ensure!(
        (1..=EMPLOYEES_MAX).contains(&employees),
        "a world has 1 to {EMPLOYEES_MAX} employees, not {employees}: give another --employees"
    );
    ensure!(
        engagements <= ENGAGEMENTS_MAX,
        "a world has at most {ENGAGEMENTS_MAX} engagements, not {engagements}: give another --engagements"
    );
    let maker = Maker { seed, employees };
    let mut plan = Plan::new(employees, seed);
    let mut files = Files::create(out, employees, engagements > 0)?;
    let mut tally = Tally::default();
    for index in 0..employees {
        let subject = subject(&maker, &mut plan, index);
        tally.add(&subject);
        files.write(&subject).with_context(|| format!("writing the world into {}", out.display()))?;
    }
    for engagement in 0..engagements {
        for subject in oyster::people(&maker, employees, engagement) {
            tally.add(&subject);
            files.write(&subject).with_context(|| format!("writing the world into {}", out.display()))?;
        }
    }
    files.finish().with_context(|| format!("writing the world into {}", out.display()))?;
    let summary = tally.summary();
    let mut truth = serde_json::to_string_pretty(&tally.truth)?;
    truth.push('\n');
    write_text(out, "truth.json", &truth)?;
    write_text(out, "job.toml", &job_text::job_toml(out, &summary.faults, engagements > 0))?;
    Ok(summary)
}

fn subject(maker: &Maker, plan: &mut Plan, index: usize) -> Subject {
    let Some(planted) = plan.next(index) else {
        let mut subject = maker.person(Profile { index, group: None, planted: false });
        variations::vary(&mut subject, plan.clean_before(index));
        return subject;
    };
    let mut rng = fastrand::Rng::with_seed(people::mixed(maker.seed, !(index as u64)));
    let group = scenarios::group(planted, &mut rng);
    let mut subject = maker.person(Profile { index, group, planted: true });
    for scenario in planted {
        (scenario.apply)(&mut subject);
        debug_assert!(scenario.is_planted_on(&subject), "`{}` must cause {:?}", scenario.name, scenario.codes);
    }
    subject
}

/// Counts and truth of the people written so far.
#[derive(Default)]
struct Tally {
    truth: Truth,
    employees: usize,
    engagements: usize,
    benefits: u64,
    payroll_rows: u64,
    faults: Vec<String>,
    /// People of the first batch of ids, as long as it is not full.
    first_batch: Vec<String>,
}

impl Tally {
    fn add(&mut self, subject: &Subject) {
        self.benefits += subject.user.as_ref().map_or(0, |user| user.benefits.len() as u64);
        self.payroll_rows += subject.payroll.len() as u64;
        self.engagements += usize::from(subject.engagement.is_some());
        // An engagement that is linked to nobody is no employee.
        if !subject.employee_id.is_empty() {
            self.employees += 1;
            match subject.findings.is_empty() {
                true => self.truth.clean_employees += 1,
                false => self.truth.planted_employees += 1,
            }
        }
        self.truth.tolerated_lines += subject.tolerated_lines;
        self.truth.findings.extend(subject.findings.iter().cloned());
        let digits_only = subject.employee_id.starts_with('0');
        if digits_only && subject.user.is_some() && self.first_batch.len() < USERS_BATCH {
            self.first_batch.push(subject.employee_id.clone());
        }
        let failing = match (&subject.user, &subject.engagement) {
            (Some(user), _) => Some((format!("user:{}", user.user_id), "benifex")),
            (None, Some(engagement)) => Some((format!("engagement:{}", engagement.id), "oyster")),
            (None, None) => None,
        };
        if let Some((target, field)) = failing.filter(|_| subject.fails_over_http) {
            let over_http = &mut self.truth.over_http;
            self.faults.push(format!("status:500@{target}"));
            over_http.findings.insert(Entry::new("CT02", &subject.employee_id, "", field));
            over_http.instead_of.insert(subject.employee_id.clone());
        }
    }

    /// Completes the truth: a doubled row in the first batch of ids, when the world has a full one.
    fn summary(&mut self) -> Summary {
        if let (USERS_BATCH, Some(first)) = (self.first_batch.len(), self.first_batch.first()) {
            self.faults.push(format!("duprow@employee:{first}"));
            self.truth.over_http.findings.insert(Entry::new("CT03", "", "", "paging"));
        }
        self.truth.over_http.faults = self.faults.join("; ");
        Summary {
            employees: self.employees,
            engagements: self.engagements,
            benefits: self.benefits,
            payroll_rows: self.payroll_rows,
            planted_employees: self.truth.planted_employees,
            findings: self.truth.findings.len(),
            tolerated_lines: self.truth.tolerated_lines,
            faults: self.truth.over_http.faults.clone(),
            as_of: AS_OF,
        }
    }
}
