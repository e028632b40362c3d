//! Pay of one person as both sources tell it, and the cheap filter that says for whom a closer look is worth it.

pub(super) mod benbase;
pub(super) mod compensation;
pub(super) mod frequency;
pub(super) mod left_and_hired;
pub(super) mod salary;

use polars::prelude::*;

use crate::rules::lines::dictionary::{BLANK, Dictionary};
use crate::rules::night::Night;
use crate::rules::pay::frequency::are_deductions;
use crate::rules::people::person_state::{PersonState, names};
use crate::rules::people::{date, mark};
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::settings::BenifexTerms;
use crate::snapshot::USERS;
use crate::tables::column::frame;
use crate::tables::column::{Column, PlainDay, Row, columns};
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::categorical::Categorical;
use tieout_model::correction::Held;
use tieout_model::money::Currency;
use tieout_model::terms::{EmploymentStatus, PayFrequency, RateBasis, YEAR_ROUNDING};

/// Weeks of a year, as an hourly rate is annualised.
pub(super) const WEEKS_A_YEAR: i128 = 52;
/// Counts of one whole: hours, FTE and rates are counts of 1/10,000.
pub(super) const ONE: i128 = 10_000;

/// One person's pay. Amounts, hours and FTE are counts of 1/10,000; dates are days since 1970.
#[derive(Clone, Debug)]
pub(super) struct Pay<'a> {
    pub(super) salary: Option<i64>,
    pub(super) basis: RateBasis,
    pub(super) currency: Option<Currency>,
    pub(super) effective: Option<i32>,
    pub(super) frequency: Option<&'a str>,
    pub(super) status: Option<&'a str>,
    /// Payroll's hours, whether contracted or worked.
    pub(super) hours: Option<i64>,
    /// Hours a week by contract, and of full time, in Benifex.
    pub(super) contracted: Option<i64>,
    pub(super) full_time_hours: Option<i64>,
    /// The share of full time by payroll, by Benifex, and by Benifex's hours.
    pub(super) shares: [Option<i64>; 3],
    pub(super) bx_salary: Option<i64>,
    pub(super) bx_basis: RateBasis,
    /// The job says so; else it is taken for a year's.
    pub(super) bx_basis_stated: bool,
    pub(super) bx_currency: Option<Currency>,
    pub(super) bx_effective: Option<i32>,
    pub(super) bx_frequency: Option<&'static str>,
    /// Benifex pays every four weeks, which Benbase can't express.
    pub(super) bx_four_weekly: bool,
    pub(super) bx_status: Option<&'static str>,
}

/// The columns of both sources that tell of pay: payroll's by its row, Benifex's by the user's.
pub(super) struct Pays<'n, 'a> {
    night: &'n Night<'a>,
    group: &'n UInt32Chunked,
    salary: &'a Int64Chunked,
    hours: &'a Int64Chunked,
    share: &'a Int64Chunked,
    effective: &'a Int32Chunked,
    basis: &'a Categorical,
    currency: &'a Categorical,
    frequency: &'a Categorical,
    status: &'a Categorical,
    bx_salary: &'a Int64Chunked,
    bx_effective: &'a Int32Chunked,
    bx_country: &'a StringChunked,
    bx_faults: &'a StringChunked,
    /// By `emp`.
    pay_periods: &'n Int64Chunked,
    fte: &'a Int64Chunked,
    contracted: &'a Int64Chunked,
    full: &'a Int64Chunked,
}

impl Pay<'_> {
    /// The salary with its basis as Benbase takes it, by payroll, and by Benifex. `held`: a year's pay at Benbase.
    pub(super) fn salaries_for_benbase(&self, held: Option<i64>) -> [Option<(i64, RateBasis)>; 2] {
        let told = |rate: Option<i64>, basis: RateBasis| rate.filter(|_| basis == RateBasis::Annually);
        let (here, there) = (told(self.salary, self.basis), told(self.bx_salary, self.bx_basis));
        [
            self.salary.and_then(|rate| for_benbase(rate, self.basis, [held, there])),
            self.bx_salary.and_then(|rate| for_benbase(rate, self.bx_basis, [held, here])),
        ]
    }
}

impl<'n, 'a> Pays<'n, 'a> {
    pub(super) fn new(night: &'n Night<'a>) -> PolarsResult<Pays<'n, 'a>> {
        let (people, users) = (&night.inputs.payroll.people, night.inputs.users);
        let words = &night.inputs.payroll.words;
        Ok(Pays {
            night,
            group: EMPLOYEES.group.of(&night.people.frame)?,
            salary: PAYROLL_PEOPLE.base_salary.of(people)?,
            hours: PAYROLL_PEOPLE.hours.of(people)?,
            share: PAYROLL_PEOPLE.fte.of(people)?,
            effective: PAYROLL_PEOPLE.salary_effective.of(people)?,
            basis: &words.rate_basis,
            currency: &words.currency,
            frequency: &words.pay_frequency,
            status: &words.employment_status,
            bx_salary: USERS.salary.of(users)?,
            bx_effective: USERS.salary_effective.of(users)?,
            bx_country: USERS.country_of_work.of(users)?,
            bx_faults: USERS.faults.of(users)?,
            pay_periods: EMPLOYEES.pay_periods.of(&night.people.frame)?,
            fte: USERS.fte.of(users)?,
            contracted: USERS.contracted_hours.of(users)?,
            full: USERS.fte_hours.of(users)?,
        })
    }

    /// `None` unless the person stands on both sides.
    pub(super) fn get(&self, emp: u32) -> Option<Pay<'a>> {
        let (row, user) = (self.night.person(emp)?, self.night.user(emp)?);
        let job = self.night.inputs.job;
        // The person's pay group: payroll's, else Benifex's.
        let group = self.night.people.groups.text(self.group.get(emp as usize).unwrap_or(BLANK));
        let faults = self.bx_faults.get(user).into_iter().flat_map(names);
        let fte_unreadable = { faults }.any(|f| ["fte", "contracted_hours", "fte_hours"].contains(&f));
        let of_country = || job.benifex.salary_currency_by_country.get(self.bx_country.get(user)?);
        let (fte, contracted, full) = (self.fte.get(user), self.contracted.get(user), self.full.get(user));
        let by_fte = status(fte, contracted, full, job.rules.full_time_from_fte);
        let by_hours = contracted.zip(full).and_then(|(contracted, full)| {
            let share = (i128::from(contracted) * ONE).checked_div(i128::from(full))?;
            i64::try_from(share).ok()
        });
        let is_share = |share: &i64| (1..=SHARE_MAX).contains(share);
        let frequency = self.frequency.get(row);
        let pay_periods = self.pay_periods.get(emp as usize).filter(|n| !self.is_deductions(emp, frequency, *n));
        Some(Pay {
            salary: self.salary.get(row),
            basis: self.basis(row),
            currency: self.currency.get(row).and_then(Currency::parse),
            effective: self.effective.get(row),
            frequency,
            status: self.status.get(row),
            hours: self.hours.get(row),
            contracted,
            full_time_hours: full,
            shares: [self.share.get(row), fte, by_hours].map(|share| share.filter(is_share)),
            bx_salary: self.bx_salary.get(user),
            bx_basis: stated_basis(job.benifex, group).unwrap_or(RateBasis::Annually),
            bx_basis_stated: stated_basis(job.benifex, group).is_some(),
            bx_currency: job.benifex.salary_currency_by_pay_group.get(group).or_else(of_country).copied(),
            bx_effective: self.bx_effective.get(user),
            bx_frequency: pay_periods.and_then(of_pays),
            bx_four_weekly: pay_periods == Some(FOUR_WEEKLY),
            bx_status: by_fte.filter(|_| !fte_unreadable),
        })
    }

    /// `payPeriods` states the deductions of a year rather than the pays.
    fn is_deductions(&self, emp: u32, frequency: Option<&str>, pay_periods: i64) -> bool {
        let Some(paid) = frequency.and_then(PayFrequency::of_name) else { return false };
        let group = self.group.get(emp as usize).unwrap_or(BLANK);
        let stated = (&self.night.schemes, self.night.catalog.labels.len() as u32);
        are_deductions(stated, group, i64::from(paid.per_year()), pay_periods)
    }

    fn basis(&self, row: usize) -> RateBasis {
        let of_name = |name: &str| RateBasis::ALL.into_iter().find(|b| b.name() == name);
        self.basis.get(row).and_then(of_name).unwrap_or(self.night.inputs.job.payroll.rate_basis)
    }

    /// Whether payroll's own values are those that the ledger holds, as most nights they are.
    pub(super) fn as_held(&self, emp: u32, held: &Held<'_>) -> bool {
        let Some(row) = self.night.person(emp) else { return false };
        self.salary.get(row) == held.pay_amount.map(|amount| amount.0)
            && held.pay_period == Some(self.basis(row).name())
            && self.frequency.get(row) == held.pay_frequency
            && self.status.get(row) == held.employment_status
            && (!held.pay_sent || self.effective.get(row).map(date) == held.effective_start)
    }
}

/// A pay as Benbase takes it: that of a month as that of the year, which is one of the yearly figures where the month's
/// is that one divided and rounded: 50,000.00 a year are 4,166.67 a month.
fn for_benbase(rate: i64, basis: RateBasis, yearly: [Option<i64>; 2]) -> Option<(i64, RateBasis)> {
    if basis != RateBasis::Monthly {
        return Some((rate, basis));
    }
    let year = rate.checked_mul(MONTHS_A_YEAR)?;
    let exact = yearly.into_iter().flatten().find(|exact| exact.abs_diff(year) <= YEAR_ROUNDING.0.unsigned_abs());
    Some((exact.unwrap_or(year), RateBasis::Annually))
}

const MONTHS_A_YEAR: i64 = 12;

/// Pays a year every four weeks.
const FOUR_WEEKLY: i64 = 13;

/// More than one and a half times full time is no share.
const SHARE_MAX: i64 = 15_000;

fn stated_basis(benifex: &BenifexTerms, group: &str) -> Option<RateBasis> {
    benifex.salary_basis_by_pay_group.get(group).copied().or(benifex.salary_basis)
}

/// The frequency that a number of pay periods stands for, where Benbase can express it.
fn of_pays(pay_periods: i64) -> Option<&'static str> {
    let all = [PayFrequency::Weekly, PayFrequency::Biweekly, PayFrequency::Semimonthly, PayFrequency::Monthly];
    all.into_iter().find(|f| i64::from(f.per_year()) == pay_periods).map(PayFrequency::name)
}

/// Full or part time by FTE, else by contracted over full-time hours.
fn status(fte: Option<i64>, contracted: Option<i64>, full: Option<i64>, from: i64) -> Option<&'static str> {
    let full_time = match (fte, contracted, full) {
        (Some(fte), ..) => fte >= from,
        (None, Some(contracted), Some(full)) if full > 0 => {
            i128::from(contracted) * ONE >= i128::from(from) * i128::from(full)
        }
        _ => return None,
    };
    Some(if full_time { EmploymentStatus::FullTime.name() } else { EmploymentStatus::PartTime.name() })
}

/// What [`suspects`] compares beside the columns of both sources, words as numbers of one dictionary.
const PAY: PayOfBoth = PayOfBoth::COLUMNS;

columns! {
    /// Pay of both sources, one row an employee.
    PayOfBoth {
        effective: PlainDay,
        rate_basis: Row,
        currency: Row,
        pay_frequency: Row,
        employment_status: Row,
        bx_effective: PlainDay,
        bx_currency: Row,
    }
}

const OF_BENIFEX: [&str; 5] =
    [USERS.salary.name, USERS.pay_periods.name, USERS.fte.name, USERS.contracted_hours.name, USERS.fte_hours.name];
const OF_EMPLOYEE: [&str; 4] = [EMPLOYEES.mark.name, EMPLOYEES.leaver.name, EMPLOYEES.start.name, EMPLOYEES.end.name];

/// Employees whose pay may differ: a superset by plain inequality of whole columns. Everybody else agrees or has
/// nothing to compare.
pub(super) fn suspects(night: &Night<'_>) -> PolarsResult<Vec<u32>> {
    let (people, users) = (&night.inputs.payroll.people, night.inputs.users);
    let mut words = Dictionary::new();
    let currencies = bx_currencies(night, &mut words)?;
    let of_payroll = &night.inputs.payroll.words;
    let mut code = |column: Column<Row>, texts: &Categorical| column.filled(texts.numbered(|text| words.number(text)));
    let payroll = frame(vec![
        people.column(PAYROLL_PEOPLE.base_salary.name)?.clone(),
        PAYROLL_PEOPLE.salary_effective.of(people)?.clone().with_name(PAY.effective.name.into()).into_column(),
        code(PAY.rate_basis, &of_payroll.rate_basis),
        code(PAY.currency, &of_payroll.currency),
        code(PAY.pay_frequency, &of_payroll.pay_frequency),
        code(PAY.employment_status, &of_payroll.employment_status),
    ])?;
    let mut benifex = users.select(OF_BENIFEX)?;
    let effective = USERS.salary_effective.of(users)?.clone().with_name(PAY.bx_effective.name.into()).into_column();
    benifex.hstack_mut(&[effective, PAY.bx_currency.filled(currencies)])?;
    let mut all = payroll.take(&night.people.person)?;
    all.hstack_mut(benifex.take(&night.people.user)?.columns())?;
    let plain = EMPLOYEES.state.filled(night.states.column.into_no_null_iter().collect());
    let person = night.people.frame.select(OF_EMPLOYEE)?;
    all.hstack_mut(person.columns())?;
    all.with_column(plain)?;
    let kept = all
        .lazy()
        .with_row_index(EMPLOYEES.emp.name, None)
        .filter(compared().and(pay_differs(night, &mut words).or(terms_differ(night, &mut words))))
        .select([EMPLOYEES.emp.expr()])
        .collect()?;
    let emps = LINES.emp.of(&kept)?.into_no_null_iter();
    Ok(emps.filter(|emp| !night.links.ambiguous.contains(emp)).collect())
}

fn compared() -> Expr {
    let judged = EMPLOYEES.state.expr().eq(lit(PersonState::Judged.number()));
    judged.and(EMPLOYEES.mark.expr().eq(lit(mark::BOTH))).and(EMPLOYEES.leaver.expr().not())
}

/// Currency of the Benifex salary of each user, in the same numbers as payroll's texts; 0 = unknown.
fn bx_currencies(night: &Night<'_>, words: &mut Dictionary) -> PolarsResult<Vec<u32>> {
    let benifex = &night.inputs.job.benifex;
    let mut number = |currency: Option<&Currency>| currency.map_or(BLANK, |c| words.number(c.code()));
    let by_group: Vec<u32> =
        night.people.groups.texts().iter().map(|g| number(benifex.salary_currency_by_pay_group.get(g))).collect();
    let mut countries = Dictionary::new();
    let of_user = countries.encode(USERS.country_of_work.of(night.inputs.users)?);
    let by_country: Vec<u32> =
        countries.texts().iter().map(|c| number(benifex.salary_currency_by_country.get(c))).collect();
    let groups = EMPLOYEES.group.of(&night.people.frame)?.take(USERS.emp.of(night.inputs.users)?)?;
    let rows = groups.into_no_null_iter().zip(of_user);
    let currency = rows.map(|(group, country)| match by_group[group as usize] {
        BLANK => by_country[country as usize],
        known => known,
    });
    Ok(currency.collect())
}

fn pay_differs(night: &Night<'_>, words: &mut Dictionary) -> Expr {
    let benifex = &night.inputs.job.benifex;
    let payroll = night.inputs.job.payroll;
    let annually = RateBasis::Annually;
    let any_other = payroll.rate_basis != annually
        || benifex.salary_basis.is_some_and(|basis| basis != annually)
        || benifex.salary_basis_by_pay_group.values().any(|basis| *basis != annually)
        || payroll.part_time_pay != benifex.part_time_pay;
    let both = PAYROLL_PEOPLE.base_salary.expr().is_not_null().and(USERS.salary.expr().is_not_null());
    let unlike = PAYROLL_PEOPLE
        .base_salary
        .expr()
        .neq(USERS.salary.expr())
        .or(PAY.currency.expr().neq(PAY.bx_currency.expr()))
        .or(PAY.rate_basis.expr().neq(lit(words.number(annually.name()))))
        .or(lit(any_other));
    let days = PAY.effective.expr() - PAY.bx_effective.expr();
    let apart = days.abs().gt_eq(EMPLOYEES.end.expr() - EMPLOYEES.start.expr() + lit(1_i32)).fill_null(lit(false));
    both.and(unlike.or(apart))
}

fn terms_differ(night: &Night<'_>, words: &mut Dictionary) -> Expr {
    let all = [PayFrequency::Weekly, PayFrequency::Biweekly, PayFrequency::Semimonthly, PayFrequency::Monthly];
    let four_weekly = USERS.pay_periods.expr().eq(lit(FOUR_WEEKLY));
    let frequency = all.into_iter().fold(four_weekly, |any, f| {
        let same_periods = USERS.pay_periods.expr().eq(lit(i64::from(f.per_year())));
        any.or(same_periods.and(PAY.pay_frequency.expr().neq(lit(words.number(f.name())))))
    });
    let from = lit(night.inputs.job.rules.full_time_from_fte);
    let [full, part] = [EmploymentStatus::FullTime, EmploymentStatus::PartTime].map(|s| lit(words.number(s.name())));
    let by_fte = when(USERS.fte.expr().gt_eq(from)).then(full).otherwise(part);
    let unlike = PAY.employment_status.expr().neq(by_fte).and(USERS.fte.expr().is_not_null());
    let by_hours = USERS.fte.expr().is_null().and(USERS.contracted_hours.expr().is_not_null());
    let known = PAY.employment_status.expr().neq(lit(BLANK));
    frequency.and(PAY.pay_frequency.expr().neq(lit(BLANK))).or(known.and(unlike.or(by_hours))).fill_null(lit(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_months_pay_is_sent_as_the_years_that_it_was_rounded_from() {
        let year = |month, yearly| for_benbase(month, RateBasis::Monthly, yearly).map(|(year, _)| year);
        assert_eq!(year(52_500_000, [None, None]), Some(630_000_000));
        // 50,000.00 / 12 = 4,166.67, and 12 × 4,166.67 = 50,000.04; a raise of 10 cents a year is one.
        assert_eq!(year(41_666_700, [None, Some(500_000_000)]), Some(500_000_000));
        assert_eq!(year(41_666_700, [Some(499_999_000), None]), Some(500_000_400));
    }

    #[test]
    fn only_the_four_frequencies_of_benbase_are_known() {
        let known = [52, 26, 24, 12].map(of_pays);
        assert_eq!(known, [Some("weekly"), Some("biweekly"), Some("semimonthly"), Some("monthly")]);
        assert_eq!([13, 4, 53, 0].map(of_pays), [None; 4]);
    }

    #[test]
    fn full_time_starts_at_the_threshold_and_hours_stand_in_for_fte() {
        let check = |fte, contracted, full| status(fte, contracted, full, 8_000);
        assert_eq!(check(Some(8_000), None, None), Some("full_time"));
        assert_eq!(check(Some(7_999), None, None), Some("part_time"));
        assert_eq!(check(None, Some(300_000), Some(375_000)), Some("full_time"));
        assert_eq!(check(None, Some(299_999), Some(375_000)), Some("part_time"));
        assert_eq!(check(None, Some(300_000), Some(0)), None);
        assert_eq!(check(None, Some(300_000), None), None);
    }
}
