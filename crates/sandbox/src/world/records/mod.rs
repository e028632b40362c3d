//! What each source of a generated world holds about one person, as plain values that the scenarios change before they
//! are written. None of these are the types of a client or of a rule.

use chrono::NaiveDate;

use crate::world::amounts::{Cents, due};
use crate::world::calendar::Group;
use crate::world::oyster::records::Engagement;
use crate::world::truth::Entry;

mod kind;

pub use kind::{CODES, Kind};

/// A JSON amount: absent, a number, or a text that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Absent,
    Cents(Cents),
    Text(&'static str),
}

impl Amount {
    pub fn cents(self) -> Option<Cents> {
        match self {
            Amount::Cents(cents) => Some(cents),
            Amount::Absent | Amount::Text(_) => None,
        }
    }
}

/// What one side pays for a benefit.
#[derive(Clone, Copy, Debug)]
pub struct Contribution {
    pub annual: Amount,
    pub monthly: Amount,
    pub currency: &'static str,
}

impl Contribution {
    /// What one of `per_year` deductions takes.
    pub fn due(&self, per_year: i64) -> Cents {
        due(self.annual.cents(), self.monthly.cents(), per_year)
    }
}

/// One current benefit in Benifex.
#[derive(Clone, Debug)]
pub struct Benefit {
    pub kind: Kind,
    pub status: &'static str,
    pub effective_from: NaiveDate,
    /// Stands in place of `effective_from` when it is to be unreadable.
    pub effective_text: Option<&'static str>,
    pub change_date: Option<NaiveDate>,
    pub dates_format: &'static str,
    pub ee: Contribution,
    pub er: Contribution,
    pub cost_currency: &'static str,
}

/// One user in Benifex, with the benefits.
#[derive(Clone, Debug)]
pub struct User {
    pub user_id: String,
    pub employee_id: String,
    pub first_name: String,
    pub last_name: String,
    pub preferred_name: Option<String>,
    pub local_name: Option<String>,
    pub dob: NaiveDate,
    pub line1: String,
    pub line2: String,
    pub town: String,
    pub postcode: String,
    pub status: &'static str,
    pub start_date: NaiveDate,
    pub leave_date: Option<NaiveDate>,
    pub pay_group: String,
    pub legal_entity: &'static str,
    pub salary: Amount,
    pub salary_effective: NaiveDate,
    pub pay_periods: u32,
    /// Hundredths; `None`: only the hours say.
    pub fte: Option<i64>,
    pub contracted_hours: i64,
    pub fte_hours: i64,
    pub benefits: Vec<Benefit>,
}

impl User {
    /// The benefit of a kind that the caller knows to be there.
    pub fn benefit(&mut self, kind: Kind) -> &mut Benefit {
        self.benefits
            .iter_mut()
            .find(|b| b.kind == kind)
            .expect("planted people hold the benefits that scenarios change")
    }
}

/// Street address as payroll and Benbase hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub line1: String,
    pub line2: String,
    pub city: String,
    pub state: String,
    pub zip: String,
}

/// One deduction cell pair; `None` is a blank cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub ee: Option<Cents>,
    pub er: Option<Cents>,
}

/// One payroll line.
#[derive(Clone, Debug)]
pub struct PayrollRow {
    pub employee_id: String,
    pub base_salary: Cents,
    pub rate_basis: &'static str,
    pub salary_effective: NaiveDate,
    pub hours: i64,
    pub fte: i64,
    pub employment_status: &'static str,
    pub hire_date: NaiveDate,
    pub term_date: Option<NaiveDate>,
    pub first_name: String,
    pub last_name: String,
    pub dob: NaiveDate,
    pub address: Address,
    pub lines: [Line; CODES],
    /// Only of people employed through Oyster.
    pub email: String,
    /// Oyster's health cover and pension.
    pub oyster: [Line; 2],
}

impl PayrollRow {
    /// The cells of a payroll code.
    pub fn line(&mut self, kind: Kind) -> &mut Line {
        &mut self.lines[kind as usize]
    }
}

/// One line of the crosswalk file.
#[derive(Clone, Debug, Default)]
pub struct Link {
    pub benbase_id: String,
    pub oyster_engagement_id: String,
}

/// What Benbase holds.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub benbase_id: String,
    pub pay_frequency: &'static str,
    pub amount: Cents,
    pub period: &'static str,
    pub effective_start: NaiveDate,
    pub employment_status: &'static str,
    pub address: Address,
    /// Benbase knows the person and nothing else of them: only the id is written.
    pub id_only: bool,
}

/// Everything that the world holds about one person, and the findings that this must cause.
#[derive(Debug)]
pub struct Subject {
    pub rng: fastrand::Rng,
    pub group: Group,
    /// As Benifex, the crosswalk and, blanks aside, payroll write it.
    pub employee_id: String,
    pub user: Option<User>,
    /// The same user before the cut-off, when something changed after it.
    pub at_cutoff: Option<User>,
    /// The first is the person's; another repeats it for some deductions.
    pub payroll: Vec<PayrollRow>,
    pub links: Vec<Link>,
    pub ledger: Option<Ledger>,
    /// What Oyster holds; of an engagement that is linked to nobody, the person has no id.
    pub engagement: Option<Engagement>,
    /// Employed or contracted through Oyster: the crosswalk names an engagement that was made, or is meant to be
    /// missing.
    pub through_oyster: bool,
    pub findings: Vec<Entry>,
    /// The user's record, or the engagement, is to fail over HTTP (CT02).
    pub fails_over_http: bool,
    /// Deduction lines that are a cent off, inside the tolerance.
    pub tolerated_lines: u64,
}

impl Subject {
    /// The Benifex side, which the caller knows to be there.
    pub fn user(&mut self) -> &mut User {
        self.user.as_mut().expect("the scenario applies to a person in Benifex")
    }

    /// The person's payroll line, which the caller knows to be there.
    pub fn row(&mut self) -> &mut PayrollRow {
        self.payroll.first_mut().expect("the scenario applies to a person on payroll")
    }

    /// The person's Benbase record, which the caller knows to be there.
    pub fn ledger(&mut self) -> &mut Ledger {
        self.ledger.as_mut().expect("the scenario applies to a person in Benbase")
    }

    /// The Oyster side, which the caller knows to be there.
    pub fn engagement(&mut self) -> &mut Engagement {
        self.engagement.as_mut().expect("the scenario applies to a person in Oyster")
    }

    /// Takes the person out of Benifex and all that follows from it. Such an id has letters, and so sorts behind those
    /// that are digits: the first batch of ids is always answered in full (CT03).
    pub fn unknown_to_benifex(&mut self) {
        self.user = None;
        self.ledger = None;
        self.links.clear();
        if let Some(digits) = self.employee_id.strip_prefix('0') {
            self.employee_id = format!("E-{digits}");
        }
        let id = self.employee_id.clone();
        self.row().employee_id = id;
    }

    /// Takes the person off payroll.
    pub fn off_payroll(&mut self) {
        self.payroll.clear();
        self.named_by_crosswalk();
    }

    /// Makes sure that the crosswalk names the person: it is the only file that does.
    pub fn named_by_crosswalk(&mut self) {
        let link = &mut self.links[0];
        if link.benbase_id.is_empty() {
            link.oyster_engagement_id = format!("eng_{}", self.employee_id);
        }
    }

    /// Notes a finding about this person; `benefit` is blank for findings about the person as a whole.
    pub fn expect(&mut self, code: &'static str, benefit: &str, field: &str) {
        let id = self.employee_id.clone();
        self.findings.push(Entry::new(code, &id, benefit, field));
    }
}
