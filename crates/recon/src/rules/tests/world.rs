//! A small world as plain rows, and its frames.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use crate::balance::BalanceHistory;
use crate::rules::tests::job::Job;
use crate::rules::tests::job::job;
use crate::rules::tests::oyster_world::{Engagement, Enrollment};
use crate::rules::{Benefits, Inputs, Judgement, OysterEvidence, Prior, compare};
use crate::snapshot::Outcome;
use crate::tables::payroll::PayrollTables;
use tieout_model::control::{BaseLine, PastPeriods, PeriodsByGroup};
use tieout_model::correction::{BenbaseLedger, Held};
use tieout_model::enrollment::Sightings;
use tieout_model::history::Pending;
use tieout_model::money::{Currency, Marks, Money};
use tieout_model::source::Reject;
use tieout_payroll::crosswalk::{Crosswalk, Linked, Links};
use tieout_payroll::settings::DeductionLayout;
use tieout_payroll::{CodeTotal, ControlCheck, FilePeriod, RowCounts};

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub fn amount(text: &str) -> i64 {
    Money::parse(text, Marks::PLAIN, 4).expect("an amount").0
}

/// One row of payroll's people; the defaults agree with [`User`]'s.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub group: &'static str,
    pub currency: Option<&'static str>,
    pub salary: Option<&'static str>,
    pub basis: &'static str,
    pub effective: Option<&'static str>,
    pub frequency: Option<&'static str>,
    pub hours: Option<&'static str>,
    pub status: Option<&'static str>,
    pub hired: Option<&'static str>,
    pub left: Option<&'static str>,
    pub first: &'static str,
    pub last: &'static str,
    pub born: Option<&'static str>,
    pub line1: Option<&'static str>,
    pub line2: Option<&'static str>,
    pub city: Option<&'static str>,
    pub state: Option<&'static str>,
    pub zip: Option<&'static str>,
    pub country: &'static str,
    pub email: Option<&'static str>,
    pub unmapped: Option<&'static str>,
    pub duplicate: bool,
}

pub fn person(id: &str) -> Person {
    Person {
        id: id.to_owned(),
        group: "US-SM",
        currency: Some("USD"),
        salary: Some("60000.00"),
        basis: "annually",
        effective: Some("2026-01-01"),
        frequency: Some("semimonthly"),
        hours: None,
        status: Some("full_time"),
        hired: Some("2020-01-01"),
        left: None,
        first: "Mary",
        last: "Stone",
        born: Some("1980-03-04"),
        line1: Some("1 Main Street"),
        line2: None,
        city: Some("Boston"),
        state: Some("MA"),
        zip: Some("02139"),
        country: "US",
        email: None,
        unmapped: None,
        duplicate: false,
    }
}

/// One row of payroll's lines.
#[derive(Clone, Debug)]
pub struct Deduction {
    pub id: String,
    pub code: &'static str,
    pub ee: Option<&'static str>,
    pub er: Option<&'static str>,
    pub currency: &'static str,
    pub duplicate: bool,
}

pub fn deduction(id: &str, code: &'static str, ee: &'static str, er: &'static str) -> Deduction {
    let cell = |text: &'static str| Some(text).filter(|t| !t.is_empty());
    Deduction { id: id.to_owned(), code, ee: cell(ee), er: cell(er), currency: "USD", duplicate: false }
}

/// One row of Benifex's users.
#[derive(Clone, Debug)]
pub struct User {
    pub id: String,
    pub group: Option<&'static str>,
    pub first: &'static str,
    pub last: &'static str,
    pub preferred: Option<&'static str>,
    pub born: Option<&'static str>,
    pub postcode: Option<&'static str>,
    pub started: Option<&'static str>,
    pub left: Option<&'static str>,
    pub country_of_work: Option<&'static str>,
    pub salary: Option<&'static str>,
    pub effective: Option<&'static str>,
    pub pay_periods: Option<i64>,
    pub fte: Option<&'static str>,
    pub contracted: Option<&'static str>,
    pub faults: Option<&'static str>,
}

pub fn user(id: &str) -> User {
    User {
        id: id.to_owned(),
        group: Some("US-SM"),
        first: "Mary",
        last: "Stone",
        preferred: None,
        born: Some("1980-03-04"),
        postcode: Some("02139-4307"),
        started: Some("2020-01-01"),
        left: None,
        country_of_work: Some("US"),
        salary: Some("60000.00"),
        effective: Some("2026-01-01"),
        pay_periods: Some(24),
        fte: Some("1"),
        contracted: None,
        faults: None,
    }
}

/// One row of Benifex's benefits.
#[derive(Clone, Debug)]
pub struct Benefit {
    pub id: String,
    pub key: &'static str,
    pub status: Option<&'static str>,
    pub since: Option<&'static str>,
    pub changed: Option<&'static str>,
    pub ee: Option<&'static str>,
    pub ee_monthly: Option<&'static str>,
    pub er: Option<&'static str>,
    pub currencies: [Option<&'static str>; 3],
    pub faults: Option<&'static str>,
}

/// A live benefit with annual amounts; `""` is absent.
pub fn benefit(id: &str, key: &'static str, ee: &'static str, er: &'static str) -> Benefit {
    let cell = |text: &'static str| Some(text).filter(|t| !t.is_empty());
    Benefit {
        id: id.to_owned(),
        key,
        status: Some("ACTIVE"),
        since: Some("2025-01-01"),
        changed: None,
        ee: cell(ee),
        ee_monthly: None,
        er: cell(er),
        currencies: [Some("USD"); 3],
        faults: None,
    }
}

/// Employee ids with an outcome other than the natural one (found when there is a user, else not found).
pub type Outcomes = BTreeMap<String, (Outcome, Option<&'static str>, bool)>;

#[derive(Clone, Debug)]
pub struct World {
    pub job: Job,
    pub as_of: NaiveDate,
    pub period: FilePeriod,
    pub people: Vec<Person>,
    pub deductions: Vec<Deduction>,
    pub users: Vec<User>,
    pub benefits: Vec<Benefit>,
    pub outcomes: Outcomes,
    /// Ids on payroll that the snapshot does not hold.
    pub strangers: Vec<&'static str>,
    /// Users and benefits of the prior snapshot.
    pub prior: Option<(Vec<User>, Vec<Benefit>)>,
    pub ledger: BenbaseLedger,
    pub crosswalk: Crosswalk,
    pub last_good: Option<BaseLine>,
    /// Tonight's pay period of each pay group.
    pub periods: PeriodsByGroup,
    pub past: PastPeriods,
    pub answers_of: Option<NaiveDate>,
    pub books: BalanceHistory,
    pub controls: Vec<ControlCheck>,
    /// Counts of 1/10,000 that the reader summed and no line holds.
    pub lost: i128,
    /// Rows that the reader counted beside the people's.
    pub rows_read: u64,
    pub rejects: Vec<Reject>,
    /// Amounts of rejected rows.
    pub rejected: Vec<CodeTotal>,
    pub engagements: Vec<Engagement>,
    pub enrollments: Vec<Enrollment>,
    /// Histories of enrollments that tonight's answer lacks.
    pub gone: Sightings,
    pub list_fault: Option<&'static str>,
    /// Oyster was asked tonight.
    pub oyster_read: bool,
}

impl World {
    /// Nobody and nothing.
    pub fn empty() -> World {
        World {
            job: job(),
            as_of: date("2026-03-31"),
            period: FilePeriod {
                start: date("2026-03-16"),
                end: date("2026-03-31"),
                pay_date: None,
                cutoff: date("2026-03-31"),
            },
            people: Vec::new(),
            deductions: Vec::new(),
            users: Vec::new(),
            benefits: Vec::new(),
            outcomes: BTreeMap::new(),
            strangers: Vec::new(),
            prior: None,
            ledger: BenbaseLedger::default(),
            crosswalk: Crosswalk::default(),
            last_good: None,
            periods: PeriodsByGroup::new(),
            past: PastPeriods::default(),
            answers_of: None,
            books: BalanceHistory::default(),
            controls: Vec::new(),
            lost: 0,
            rows_read: 0,
            rejects: Vec::new(),
            rejected: Vec::new(),
            engagements: Vec::new(),
            enrollments: Vec::new(),
            gone: Sightings::new(),
            list_fault: None,
            oyster_read: true,
        }
    }

    /// One employee, 1001, who agrees in everything, with a Benbase id, and medical cover that agrees as well.
    pub fn clean() -> World {
        let mut world = World::empty();
        world.people.push(person("1001"));
        world.users.push(user("1001"));
        world.deductions.push(deduction("1001", "MED", "100.00", "200.00"));
        world.benefits.push(benefit("1001", "_Medical", "2400.00", "4800.00"));
        let linked = Linked { benbase_id: Some("bb_1"), oyster_engagement_id: None, ..Linked::default() };
        world.crosswalk.rows = Links::from_iter([("1001", linked)]);
        world.ledger.insert("bb_1", &held());
        world
    }

    pub fn judge(&self) -> Judgement {
        let payroll = self.payroll();
        let (population, users, benefits) = self.snapshot(&self.users, &self.benefits);
        let benefits = Benefits::new(benefits).expect("the columns of a snapshot");
        let prior = self.prior.as_ref().map(|(users, benefits)| {
            let (population, users, benefits) = self.prior_snapshot(users, benefits);
            (population, users, Benefits::new(benefits).expect("the columns of a snapshot"))
        });
        let (tables, sightings) = self.oyster_tables();
        let oyster = self.oyster_read.then_some(OysterEvidence { tables: &tables, sightings: &sightings });
        let others = &BTreeSet::new();
        let inputs = Inputs {
            job: self.job.settings(),
            as_of: self.as_of,
            payroll: &payroll,
            population: &population,
            users: &users,
            benefits: &benefits,
            snapshot_id: "s2",
            oyster,
            prior: prior.as_ref().map(|(p, users, b)| Prior { id: "s1", population: p, users, benefits: b, others }),
            last_read: &[],
            crosswalk: &self.crosswalk,
            foreign_links: &BTreeMap::new(),
            last_good: self.last_good.as_ref(),
            past: &self.past,
            answers_of: self.answers_of.unwrap_or(self.as_of),
            books: &self.books,
            pending: &Pending::default(),
        };
        let mut compared = compare(&inputs).expect("sound frames");
        compared.judge(&self.ledger).expect("sound frames")
    }

    fn payroll(&self) -> PayrollTables {
        let apart = matches!(self.job.payroll.layout, DeductionLayout::Long { file: Some(_), .. });
        let of_person = |p: &Person| match apart {
            true => 1 + self.deductions.iter().filter(|d| d.id == p.id).count() as u64,
            false => 1,
        };
        let rows_of_person: Vec<u64> = self.people.iter().map(of_person).collect();
        let count = rows_of_person.iter().sum::<u64>();
        let (lines, kinds) = super::frames::lines(&self.people, &self.deductions, &self.job);
        PayrollTables {
            periods_of: BTreeMap::new(),
            row_amounts: Vec::new(),
            left_beside: BTreeMap::new(),
            gross_beside: BTreeMap::new(),
            other_runs_only: false,
            groups_beside: Vec::new(),
            people: super::frames::people(&self.people, self.period),
            words: super::frames::words(&self.people),
            lines,
            kinds,
            rejects: self.rejects.clone(),
            set_aside: Vec::new(),
            left_out: Vec::new(),
            unknown_signs: Vec::new(),
            controls: self.controls.clone(),
            files: Vec::new(),
            rows: RowCounts {
                read: count + self.rows_read + self.rejects.len() as u64,
                accepted: count + self.rows_read,
                rejected: self.rejects.len() as u64,
                ..RowCounts::default()
            },
            rows_of_person,
            totals: self.totals(),
            rejected: self.rejected.clone(),
            period: self.period,
            periods: self.periods.clone(),
        }
    }

    fn totals(&self) -> Vec<CodeTotal> {
        let mut totals: BTreeMap<(String, Currency), CodeTotal> = BTreeMap::new();
        for line in &self.deductions {
            let currency = Currency::parse(line.currency).expect("a currency");
            let total = totals.entry((line.code.to_owned(), currency)).or_insert_with(|| CodeTotal {
                code: line.code.to_owned(),
                benefit: self.job.deductions.benefit_by_code.get(line.code).cloned(),
                currency,
                employee: 0,
                employer: 0,
                lines: 0,
            });
            total.employee += i128::from(line.ee.map_or(0, amount));
            total.employer += i128::from(line.er.map_or(0, amount));
            total.lines += 1;
        }
        let mut totals: Vec<CodeTotal> = totals.into_values().collect();
        totals.iter_mut().take(1).for_each(|total| total.employee += self.lost);
        totals
    }

    fn snapshot(&self, users: &[User], benefits: &[Benefit]) -> (DataFrame, DataFrame, DataFrame) {
        let on_payroll = self.people.iter().map(|p| p.id.as_str()).filter(|id| !self.strangers.contains(id));
        let users_of = users.iter().map(|u| u.id.as_str());
        let crosswalk = self
            .crosswalk
            .rows
            .iter()
            .filter(|(id, linked)| linked.oyster_engagement_id.is_some() && !self.strangers.contains(id));
        let crosswalk = crosswalk.map(|(id, _)| id);
        let ids = on_payroll.chain(users_of).chain(self.outcomes.keys().map(String::as_str)).chain(crosswalk);
        super::frames::snapshot(ids, users, benefits, &self.outcomes)
    }

    fn prior_snapshot(&self, users: &[User], benefits: &[Benefit]) -> (DataFrame, DataFrame, DataFrame) {
        super::frames::snapshot(users.iter().map(|u| u.id.as_str()), users, benefits, &BTreeMap::new())
    }
}

/// What Benbase holds of [`person`].
pub fn held() -> Held<'static> {
    Held {
        terminated_on: None,
        pay_frequency: Some("semimonthly"),
        pay_amount: Some(Money(amount("60000.00"))),
        pay_period: Some("annually"),
        effective_start: Some(date("2026-01-01")),
        pay_sent: false,
        employment_status: Some("full_time"),
        line1: Some("1 MAIN ST"),
        line2: None,
        city: Some("Boston"),
        state: Some("MA"),
        zip_code: Some("02139"),
    }
}
