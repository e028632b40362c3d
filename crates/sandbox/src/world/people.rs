//! One consistent person: every source tells the same, whatever the seed. What disagrees is planted later, by
//! `scenarios`; what may differ without being wrong comes from `variations`.

use chrono::NaiveDate;

use crate::world::amounts::{Cents, twelfth};
use crate::world::calendar::{AS_OF, Group, PLAN_START, day, moved};
use crate::world::names::{FIRST, LAST, es_address, ie_address, pick, uk_address, us_address};
use crate::world::records::{
    Address, Amount, Benefit, CODES, Contribution, Kind, Ledger, Line, Link, PayrollRow, Subject, User,
};

/// Room between the numbers of neighbours, so that ids look grown rather than counted.
const NUMBER_STEP: usize = 7;
const FIRST_NUMBER: usize = 101;
/// Every so many people has an id with letters.
const LETTERS_EVERY: usize = 4;
/// Digits of an id that is all digits; wide enough that it always starts with a zero.
const SHORT_ID: usize = 6;
const LONG_ID: usize = 9;
const SHORT_IDS_MAX: usize = 10_000;

/// Who a person is to be.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Position in the world, from 0.
    pub index: usize,
    pub group: Option<Group>,
    /// Planted people hold Medical, Dental and Pension, and neither Life nor Cycle.
    pub planted: bool,
}

/// How the people of one world are made.
#[derive(Clone, Copy, Debug)]
pub struct Maker {
    pub seed: u64,
    pub employees: usize,
}

impl Maker {
    /// The person of a profile; the same for the same seed, whoever else is in the world.
    pub fn person(&self, profile: Profile) -> Subject {
        let mut rng = fastrand::Rng::with_seed(mixed(self.seed, profile.index as u64));
        let number = FIRST_NUMBER + profile.index * NUMBER_STEP + rng.usize(..NUMBER_STEP);
        let employee_id = self.employee_id(profile, number);
        let group = profile.group.unwrap_or_else(|| any_group(&mut rng));
        let row = payroll_row(&mut rng, group, &employee_id);
        let kinds = match profile.planted {
            true => vec![Kind::Medical, Kind::Dental, Kind::Pension],
            false => some_kinds(&mut rng),
        };
        let user = user(&mut rng, group, &row, &kinds);
        let link = link(&mut rng, group, number);
        let ledger = group.is_us().then(|| ledger(group, &row, &link));
        let mut subject = Subject {
            rng,
            group,
            employee_id,
            user: Some(user),
            at_cutoff: None,
            payroll: vec![row],
            links: vec![link],
            ledger,
            engagement: None,
            through_oyster: false,
            findings: Vec::new(),
            fails_over_http: false,
            tolerated_lines: 0,
        };
        subject.deduct_all();
        subject
    }

    fn employee_id(&self, profile: Profile, number: usize) -> String {
        let width = if self.employees <= SHORT_IDS_MAX { SHORT_ID } else { LONG_ID };
        match profile.index % LETTERS_EVERY == LETTERS_EVERY - 1 {
            true => format!("E-{number:0width$}", width = width - 1),
            false => format!("{number:0width$}"),
        }
    }
}

impl Subject {
    /// Writes the amounts due for every live benefit into the payroll line, exactly.
    pub fn deduct_all(&mut self) {
        let per_year = self.group.deductions();
        let benefits = self.user().benefits.clone();
        for benefit in &benefits {
            *self.row().line(benefit.kind) = due_line(benefit, per_year);
        }
    }
}

/// The cells that are right for a live benefit.
pub fn due_line(benefit: &Benefit, per_year: i64) -> Line {
    Line { ee: Some(benefit.ee.due(per_year)), er: Some(benefit.er.due(per_year)) }
}

/// A well-mixed seed of one person (SplitMix64), so that neighbours have nothing in common.
pub fn mixed(seed: u64, index: u64) -> u64 {
    let mut z = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn any_group(rng: &mut fastrand::Rng) -> Group {
    match rng.u8(..100) {
        0..35 => Group::UsSm,
        35..65 => Group::UsBw,
        _ => Group::UkM,
    }
}

/// One to five benefits, 2.7 on average: with those who have none left, a world has 2.5 a head.
fn some_kinds(rng: &mut fastrand::Rng) -> Vec<Kind> {
    let mut kinds = Kind::ORDINARY.to_vec();
    rng.shuffle(&mut kinds);
    kinds.truncate(rng.usize(1..=4) + usize::from(rng.u8(..6) == 0));
    kinds
}

fn payroll_row(rng: &mut fastrand::Rng, group: Group, employee_id: &str) -> PayrollRow {
    let hire_date = moved(day(2012, 1, 2), rng.i64(0..5_000));
    let salary_units = if group.is_us() { rng.i64(84..330) * 500 } else { rng.i64(52..190) * 500 };
    PayrollRow {
        employee_id: employee_id.to_owned(),
        base_salary: salary_units * 100,
        rate_basis: "annually",
        salary_effective: hire_date.max(if group.is_us() { day(2025, 1, 1) } else { day(2025, 4, 1) }),
        hours: group.full_week(),
        fte: 100,
        employment_status: "full_time",
        hire_date,
        term_date: None,
        first_name: pick(rng, &FIRST).to_owned(),
        last_name: pick(rng, &LAST).to_owned(),
        dob: moved(day(1958, 1, 1), rng.i64(0..16_000)),
        address: address(rng, group),
        lines: [Line::default(); CODES],
        email: String::new(),
        oyster: Default::default(),
    }
}

fn address(rng: &mut fastrand::Rng, group: Group) -> Address {
    match group {
        Group::UsSm | Group::UsBw => us_address(rng),
        Group::UkM => uk_address(rng),
        Group::IeM => ie_address(rng),
        Group::EsM | Group::CtrM => es_address(rng),
    }
}

fn user(rng: &mut fastrand::Rng, group: Group, row: &PayrollRow, kinds: &[Kind]) -> User {
    User {
        user_id: uuid(rng),
        employee_id: row.employee_id.clone(),
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        preferred_name: None,
        local_name: None,
        dob: row.dob,
        line1: row.address.line1.clone(),
        line2: row.address.line2.clone(),
        town: row.address.city.clone(),
        postcode: row.address.zip.clone(),
        status: "Active",
        start_date: row.hire_date,
        leave_date: None,
        pay_group: group.code().to_owned(),
        legal_entity: group.legal_entity(),
        salary: Amount::Cents(row.base_salary),
        salary_effective: row.salary_effective,
        pay_periods: group.pay_periods(),
        fte: (rng.u8(..10) > 0).then_some(row.fte),
        contracted_hours: row.hours,
        fte_hours: row.hours,
        benefits: kinds.iter().map(|kind| benefit(rng, group, row.base_salary, row.hire_date, *kind)).collect(),
    }
}

/// A live benefit, chosen for the plan year or at the hire, whichever was later.
pub fn benefit(rng: &mut fastrand::Rng, group: Group, salary: Cents, hired: NaiveDate, kind: Kind) -> Benefit {
    let effective_from = hired.max(PLAN_START);
    let (ee, er) = yearly(rng, salary, kind);
    Benefit {
        kind,
        status: "ACTIVE",
        effective_from,
        effective_text: None,
        change_date: Some(moved(effective_from, -rng.i64(5..25)).min(AS_OF)),
        dates_format: group.dates_format(),
        ee: contribution(ee, group),
        er: contribution(er, group),
        cost_currency: group.currency(),
    }
}

/// Both forms of a yearly amount. The monthly one is rounded, so that twelve of them are not always the year.
pub fn contribution(annual: Cents, group: Group) -> Contribution {
    Contribution { annual: Amount::Cents(annual), monthly: Amount::Cents(twelfth(annual)), currency: group.currency() }
}

/// What the employee and the employer pay a year.
fn yearly(rng: &mut fastrand::Rng, salary: Cents, kind: Kind) -> (Cents, Cents) {
    match kind {
        Kind::Medical => (rng.i64(90_000..360_000), rng.i64(200_000..900_000)),
        Kind::Dental => (rng.i64(12_000..60_000), rng.i64(6_000..60_000)),
        Kind::Pension => (salary * 5 / 100, salary * rng.i64(3..9) / 100),
        Kind::Life => (0, rng.i64(12_000..40_000)),
        Kind::Cycle | Kind::Gym | Kind::Pet => (rng.i64(30_000..120_000), 0),
    }
}

fn link(rng: &mut fastrand::Rng, group: Group, number: usize) -> Link {
    let oyster = !group.is_us() && rng.u8(..4) == 0;
    Link {
        benbase_id: if group.is_us() { format!("bb_{number:09}") } else { String::new() },
        oyster_engagement_id: if oyster { format!("eng_{number:09}") } else { String::new() },
    }
}

fn ledger(group: Group, row: &PayrollRow, link: &Link) -> Ledger {
    Ledger {
        benbase_id: link.benbase_id.clone(),
        pay_frequency: group.frequency(),
        amount: row.base_salary,
        period: row.rate_basis,
        effective_start: row.salary_effective,
        employment_status: row.employment_status,
        address: row.address.clone(),
        id_only: false,
    }
}

fn uuid(rng: &mut fastrand::Rng) -> String {
    let (high, low) = (rng.u64(..), rng.u64(..));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
