//! Whether two pays are one: each is read as a year's pay, and where it is not known what a pay stands for (full time
//! or actual hours, a month, an hour), whatever an accepted reading makes equal is no difference. Only pays that are
//! known to be alike are told to differ.

use crate::rules::pay::{ONE, Pay, WEEKS_A_YEAR};
use crate::settings::Rules;
use tieout_model::terms::{PartTimePay, RateBasis};

/// Months of a year.
const MONTHS_A_YEAR: i128 = 12;

/// Pays a year that a salary of unstated basis may stand for: months, half months, fortnights, weeks.
const PAYS_A_YEAR: [i128; 4] = [12, 24, 26, 52];

/// A salary of less than 500.00 a year, in counts of 1/10,000, is an hour's pay whose basis nobody stated (CO06).
const HOURLY_BELOW: i64 = 5_000_000;

/// A full-time share of two decimals is off by up to half a hundredth: 1/200 of the full-time pay.
const SHARE_ROUNDING: i128 = 200;

/// A raise of more than a fifth is none that a share of full time could be taken for.
const RAISE: i128 = 5;

/// What the comparison of two pays comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum PayVerdict {
    /// The same pay on the same footing.
    Same,
    /// Another reading of the same pay: nothing is known to be wrong, and nothing may be sent.
    Explained,
    /// Pays of a year, in counts of 1/100,000,000.
    Differ(i128, i128),
    Unclear(Unclear),
}

/// Why two pays cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Unclear {
    /// A basis such as a day's or a shift's.
    Basis,
    Hours,
    /// Part time, and not known whether a pay is that of full time (CO06).
    PartTime,
    /// Benifex's salary is what payroll pays in a month, a week or an hour, and the job states no basis (CO06).
    BenifexBasis,
    /// A pay of 0.00, as payroll may write it while nobody is paid: on unpaid leave, say.
    Zero,
}

impl Unclear {
    /// The reasons of all.
    pub(in crate::rules) const REASONS: [&str; 5] = [
        Unclear::Basis.reason(),
        Unclear::Hours.reason(),
        Unclear::PartTime.reason(),
        Unclear::BenifexBasis.reason(),
        Unclear::Zero.reason(),
    ];

    pub(in crate::rules) const fn reason(self) -> &'static str {
        match self {
            Unclear::Basis => "pay of a basis that is not compared (payroll.rate_basis_map)",
            Unclear::Hours => "contracted hours unknown; the salary is not compared",
            Unclear::PartTime => {
                "part time; not known whether the salaries are those of full time (payroll.part_time_pay, \
                 benifex.part_time_pay)"
            }
            Unclear::BenifexBasis => {
                "Benifex's salary is not a year's, and the job states no basis (benifex.salary_basis)"
            }
            Unclear::Zero => {
                "a pay of 0.00 on one side, as of an unpaid leave: what the person earns is not known from it"
            }
        }
    }
}

/// One side's pay.
#[derive(Clone, Copy)]
struct Told {
    amount: i64,
    basis: RateBasis,
    part_time: Option<PartTimePay>,
}

/// Compares both salaries of a person; `None`: a side has none.
pub(in crate::rules) fn compare(pay: &Pay<'_>, rules: &Rules, stated: Stated) -> Option<PayVerdict> {
    if [pay.salary, pay.bx_salary].contains(&Some(0)) {
        return Some(PayVerdict::Unclear(Unclear::Zero));
    }
    let here = Told { amount: pay.salary?, basis: pay.basis, part_time: stated.payroll_part_time };
    let there = Told { amount: pay.bx_salary?, basis: pay.bx_basis, part_time: stated.benifex_part_time };
    Some(verdict(pay, rules, stated, here, there))
}

/// What the job states of Benifex's salaries and of those of part-timers.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::rules) struct Stated {
    pub(in crate::rules) benifex_basis: bool,
    pub(in crate::rules) payroll_part_time: Option<PartTimePay>,
    pub(in crate::rules) benifex_part_time: Option<PartTimePay>,
}

fn verdict(pay: &Pay<'_>, rules: &Rules, stated: Stated, here: Told, there: Told) -> PayVerdict {
    if here.basis == RateBasis::Other || there.basis == RateBasis::Other {
        return PayVerdict::Unclear(Unclear::Basis);
    }
    let one_figure = here.amount == there.amount;
    if one_figure && here.basis == there.basis && here.part_time == there.part_time {
        return PayVerdict::Same;
    }
    if !stated.benifex_basis {
        // The figures alone say that Benifex has what payroll has.
        if one_figure {
            return PayVerdict::Explained;
        }
        if let Some(unclear) = looks_like_another_basis(rules, here, there) {
            return PayVerdict::Unclear(unclear);
        }
    }
    let (Some(ours), Some(theirs)) = (yearly(here, pay), yearly(there, pay)) else {
        return PayVerdict::Unclear(Unclear::Hours);
    };
    if within(rules, ours, theirs) {
        return PayVerdict::Same;
    }
    if here.basis != there.basis && (ours - theirs).abs() <= rounding(here, pay).max(rounding(there, pay)) {
        return PayVerdict::Explained;
    }
    let theirs_read = readings(there, theirs, pay);
    if readings(here, ours, pay).iter().any(|a| theirs_read.iter().any(|b| alike(rules, *a, *b))) {
        return PayVerdict::Explained;
    }
    let hourly = [here, there].iter().any(|told| told.basis == RateBasis::Hourly) && here.basis != there.basis;
    if hourly && pay.contracted.is_none() {
        return PayVerdict::Unclear(Unclear::Hours);
    }
    let ambiguous = is_ambiguous(here, pay) || is_ambiguous(there, pay);
    match ambiguous && !clearly_alike(&readings(here, ours, pay), &theirs_read) {
        true => PayVerdict::Unclear(Unclear::PartTime),
        false => PayVerdict::Differ(ours, theirs),
    }
}

fn looks_like_another_basis(rules: &Rules, here: Told, there: Told) -> Option<Unclear> {
    let hourly = there.basis == RateBasis::Annually && (1..HOURLY_BELOW).contains(&there.amount);
    let ours = i128::from(here.amount) * ONE;
    let of_pay = here.basis == RateBasis::Annually
        && PAYS_A_YEAR.iter().any(|pays| within(rules, ours, i128::from(there.amount) * ONE * pays));
    (hourly || of_pay).then_some(Unclear::BenifexBasis)
}

/// The pay of a year as it is stated, of actual hours where the job says that it is that of full time.
fn yearly(told: Told, pay: &Pay<'_>) -> Option<i128> {
    let year = of_basis(told.amount, told.basis, pay.contracted.or(pay.hours))?;
    let share = pay.shares.into_iter().flatten().next();
    match (told.part_time, share) {
        (Some(PartTimePay::FullTime), Some(share)) if told.basis != RateBasis::Hourly => {
            Some(year * i128::from(share) / ONE)
        }
        _ => Some(year),
    }
}

/// A year's pay in counts of 1/100,000,000, so that an hourly rate loses nothing. `None`: hourly without hours.
pub(in crate::rules) fn of_basis(rate: i64, basis: RateBasis, hours: Option<i64>) -> Option<i128> {
    match basis {
        RateBasis::Annually => Some(i128::from(rate) * ONE),
        RateBasis::Monthly => Some(i128::from(rate) * ONE * MONTHS_A_YEAR),
        RateBasis::Hourly => Some(i128::from(rate) * i128::from(hours?) * WEEKS_A_YEAR),
        RateBasis::Other => None,
    }
}

/// How far a year's pay is off at most when its hourly rate is a year's pay that was divided and rounded: 48,000.00 a
/// year are 23.08 an hour of 2,080.
fn rounding(told: Told, pay: &Pay<'_>) -> i128 {
    let last_digit = if told.amount % CENT == 0 { CENT } else { 1 };
    let year =
        of_basis(last_digit, told.basis, pay.contracted.or(pay.hours)).filter(|_| told.basis == RateBasis::Hourly);
    year.unwrap_or_default() / 2
}

/// In counts of 1/10,000.
const CENT: i64 = 100;

/// What the pay of a year may be.
#[derive(Clone, Copy, Debug)]
struct Reading {
    year: i128,
    /// It is a full-time pay by a share of two decimals.
    by_share: bool,
}

/// The stated one first.
fn readings(told: Told, stated: i128, pay: &Pay<'_>) -> Vec<Reading> {
    let exact = |year| Reading { year, by_share: false };
    let mut readings = vec![exact(stated)];
    if told.basis == RateBasis::Hourly {
        let hours = [pay.contracted, pay.hours, pay.full_time_hours].into_iter().flatten();
        readings.extend(hours.filter_map(|hours| of_basis(told.amount, told.basis, Some(hours))).map(exact));
    } else if is_ambiguous(told, pay) {
        let shares = pay.shares.into_iter().flatten();
        readings.extend(shares.map(|share| Reading { year: stated * i128::from(share) / ONE, by_share: true }));
    }
    readings
}

/// Two readings are one pay. A share explains a difference only where the other side is read without one.
fn alike(rules: &Rules, a: Reading, b: Reading) -> bool {
    match (a.by_share, b.by_share) {
        (true, true) => false,
        (false, false) => within(rules, a.year, b.year),
        _ => {
            let apart = (a.year - b.year).abs() * SHARE_ROUNDING;
            within(rules, a.year, b.year) || apart <= a.year.abs().max(b.year.abs())
        }
    }
}

/// The person works part time, and nobody says whether the pay is that of full time.
fn is_ambiguous(told: Told, pay: &Pay<'_>) -> bool {
    let part_time = pay.shares.into_iter().flatten().any(|share| i128::from(share) < ONE);
    told.basis != RateBasis::Hourly && told.part_time.is_none() && part_time
}

/// The figures as they are stated are a raise apart, and with a share of full time on one side they are not: both sides
/// state the pay alike.
fn clearly_alike(ours: &[Reading], theirs: &[Reading]) -> bool {
    let by_share =
        ours.iter().any(|a| theirs.iter().any(|b| a.by_share != b.by_share && a_raise_apart(a.year, b.year)));
    a_raise_apart(ours[0].year, theirs[0].year) && !by_share
}

/// No further than an ordinary raise or cut.
pub(in crate::rules) fn a_raise_apart(a: i128, b: i128) -> bool {
    (a - b).abs() * RAISE <= a.abs().max(b.abs())
}

/// Within the job's tolerance.
pub(in crate::rules) fn within(rules: &Rules, here: i128, there: i128) -> bool {
    let share = here.abs().max(there.abs()) * i128::from(rules.salary_tolerance_ppm) / MILLION;
    (here - there).abs() <= share.max(i128::from(rules.salary_tolerance.0) * ONE)
}

/// A whole, in parts per million.
const MILLION: i128 = 1_000_000;

/// Whether what Benbase holds is payroll's pay by some share of full time, so that it stays as it is.
pub(in crate::rules) fn is_share_of(pay: &Pay<'_>, rules: &Rules, stated: Stated, wanted: i64, held: i64) -> bool {
    let told = |amount| Told { amount, basis: RateBasis::Annually, part_time: stated.payroll_part_time };
    let read = |amount| readings(told(amount), i128::from(amount) * ONE, pay);
    let held = read(held);
    read(wanted).iter().skip(1).any(|a| alike(rules, *a, held[0]))
        || held.iter().skip(1).any(|b| alike(rules, read(wanted)[0], *b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hourly_rate_is_annualised_exactly() {
        // 20.00 × 37.5 × 52 = 39,000.00, and a month's pay twelve times a year.
        let year = |rate, basis, hours| of_basis(rate, basis, hours).map(|year| year / ONE);
        assert_eq!(year(200_000, RateBasis::Hourly, Some(375_000)), Some(390_000_000));
        assert_eq!(year(200_000, RateBasis::Hourly, None), None);
        assert_eq!(year(200_000, RateBasis::Annually, None), Some(200_000));
        assert_eq!(year(200_000, RateBasis::Monthly, None), Some(2_400_000));
    }
}
