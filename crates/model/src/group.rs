//! Findings of one cause: one benefit, payer and difference, or ratio, in one pay group. What one act puts right is
//! told once, with its members.

use std::collections::BTreeMap;

use crate::code::Family;
use crate::finding::{Code, Finding, Payer};
use crate::hash::sha256_hex;
use crate::money::{Currency, Money};

/// Fewer than this many alike are a coincidence.
const MEMBERS_MIN: usize = 3;
/// Before the hex digits of a group's id, as `f` before those of a finding's.
const ID_MARK: char = 'g';
/// Hex digits of a group's id.
const ID_DIGITS: usize = 16;
/// A whole ratio, in 1/1,000: amounts were rounded for themselves.
const WHOLE: i128 = 1_000;
/// A ratio while it is compared, and how far two may be apart that are one.
const RATIO_PARTS: i128 = 1_000_000;
const ALIKE_PARTS: i128 = 500;
/// Numbers of deductions a year that are mistaken for one another (AM05).
const DIVISORS: [i128; 10] = [1, 4, 10, 12, 13, 24, 26, 27, 52, 53];
/// τ₁ of what is due once a year (rules.md 2.1).
const YEARLY_TOLERANCE_MINOR_UNITS: i128 = 7;

/// Findings of one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingGroup {
    /// The same from night to night: from code, benefit, field, pay group and what they have in common.
    pub id: String,
    pub code: Code,
    pub benefit: String,
    pub field: String,
    pub pay_group: String,
    /// Places of the members in the list of findings, in its order.
    pub members: Vec<usize>,
    /// What this period adds to the exposure of all members, in counts of 1/10,000.
    pub exposure: i128,
    pub currency: Currency,
    pub sentence: String,
}

/// What members have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Common {
    /// Payroll − expected.
    Difference(i64),
    /// Payroll / expected, in 1/1,000.
    Ratio(i64),
}

/// Code, benefit, field, pay group, currency.
type Kind<'f> = (Code, &'f str, &'f str, &'f str, Currency);

/// Places of findings by kind and what they have in common.
type Alike<'f> = BTreeMap<(Kind<'f>, Common), Vec<usize>>;

/// The groups of a list of findings, those with most members first. A finding is in one group at most: of a difference
/// and a ratio that it has in common with others, in that of most, for a wrong divisor is another difference at each
/// price; of as many, in that of the difference.
pub fn groups(findings: &[Finding]) -> Vec<FindingGroup> {
    let all: Vec<usize> = (0..findings.len()).filter(|at| money(&findings[*at]).is_some()).collect();
    let mut candidates: Vec<_> = by_difference(&all, findings).into_iter().chain(by_ratio(&all, findings)).collect();
    candidates.sort_by(|(a_key, a), (b_key, b)| b.len().cmp(&a.len()).then_with(|| a_key.cmp(b_key)));
    let mut is_told = vec![false; findings.len()];
    let mut groups = Vec::new();
    for ((kind, common), mut members) in candidates {
        members.retain(|at| !is_told[*at]);
        if members.len() >= MEMBERS_MIN {
            members.iter().for_each(|at| is_told[*at] = true);
            groups.push(group(kind, common, members, findings));
        }
    }
    groups.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then_with(|| a.id.cmp(&b.id)));
    groups
}

/// Those whose payroll amounts are off by the same sum.
fn by_difference<'f>(left: &[usize], findings: &'f [Finding]) -> Alike<'f> {
    let mut alike = Alike::new();
    for at in left {
        if let Some((payroll, expected, currency)) = money(&findings[*at])
            && payroll != expected
        {
            let key = (kind(&findings[*at], currency), Common::Difference(payroll - expected));
            alike.entry(key).or_default().push(*at);
        }
    }
    alike
}

/// Those whose payroll amounts may be one share of what is due, each amount having been rounded for itself.
fn by_ratio<'f>(left: &[usize], findings: &'f [Finding]) -> Alike<'f> {
    let mut of_kinds: BTreeMap<Kind<'f>, Vec<(Span, usize)>> = BTreeMap::new();
    for at in left {
        let Some((payroll, expected, currency)) = money(&findings[*at]) else { continue };
        if let Some(span) = Span::of(payroll, expected, currency) {
            of_kinds.entry(kind(&findings[*at], currency)).or_default().push((span, *at));
        }
    }
    let mut alike = Alike::new();
    for (kind, mut spans) in of_kinds {
        spans.sort_unstable();
        let mut rest = spans.as_slice();
        while let Some((first, _)) = rest.first() {
            let mut high = first.high;
            let meets = |(span, _): &&(Span, usize)| {
                let meets = span.low <= high;
                high = high.min(span.high);
                meets
            };
            let (together, others) = rest.split_at(rest.iter().take_while(meets).count());
            rest = others;
            let members = together.iter().map(|(_, at)| *at);
            if let Some(common) = common_ratio(members.clone(), findings) {
                alike.entry((kind, common)).or_default().extend(members);
            }
        }
    }
    alike.values_mut().for_each(|members| members.sort_unstable());
    alike
}

fn kind(finding: &Finding, currency: Currency) -> Kind<'_> {
    (finding.code, &*finding.benefit, &*finding.field, &*finding.pay_group, currency)
}

/// Payroll / expected, in 1/1,000,000, as far as rounding leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    low: i128,
    high: i128,
}

impl Span {
    /// `None`: nothing at all is what everybody has who is missing or not covered, and no cause of its own.
    fn of(payroll: i64, expected: i64, currency: Currency) -> Option<Span> {
        if payroll == 0 || expected == 0 {
            return None;
        }
        let (payroll, expected) = (i128::from(payroll), i128::from(expected));
        let ratio = payroll * RATIO_PARTS / expected;
        let half_unit = i128::from(currency.minor_unit()) * RATIO_PARTS / 2;
        let rounded = half_unit * (payroll.abs() + expected.abs()) / (expected * expected);
        let apart = rounded.max(ALIKE_PARTS);
        Some(Span { low: ratio - apart, high: ratio + apart })
    }
}

/// Of all that was due, in 1/1,000.
fn common_ratio(members: impl Iterator<Item = usize>, findings: &[Finding]) -> Option<Common> {
    let sums = members
        .filter_map(|at| money(&findings[at]))
        .fold((0, 0), |(paid, due), (payroll, expected, _)| (paid + i128::from(payroll), due + i128::from(expected)));
    let ratio = (2 * sums.0 * WHOLE).checked_div(sums.1)? + 1;
    i64::try_from(ratio.div_euclid(2)).ok().map(Common::Ratio)
}

/// Payroll's and the expected amount of a finding on one employee and benefit, in one currency.
fn money(finding: &Finding) -> Option<(i64, i64, Currency)> {
    let currency = finding.variances.first().map(|variance| variance.currency)?;
    let one = !finding.employee_id.is_empty() && finding.variances.iter().all(|v| v.currency == currency);
    let sum = |of: fn(&crate::finding::Variance) -> Money| finding.variances.iter().map(|v| of(v).0).sum();
    one.then(|| (sum(|v| v.payroll), sum(|v| v.expected), currency))
}

fn group(kind: Kind<'_>, common: Common, members: Vec<usize>, findings: &[Finding]) -> FindingGroup {
    let (code, benefit, field, pay_group, currency) = kind;
    let exposure = members.iter().filter_map(|at| findings[*at].period_exposure).map(|(m, _)| i128::from(m.0)).sum();
    let shared = match common {
        Common::Difference(counts) => format!("difference {counts}"),
        Common::Ratio(parts) => format!("ratio {parts}"),
    };
    let mut id = sha256_hex([code.name(), benefit, field, pay_group, currency.code(), &shared].join("\u{1f}"));
    id.truncate(ID_DIGITS);
    id.insert(0, ID_MARK);
    let sentence = sentence(kind, common, &members, findings);
    FindingGroup {
        id,
        code,
        benefit: benefit.to_owned(),
        field: field.to_owned(),
        pay_group: pay_group.to_owned(),
        members,
        exposure,
        currency,
        sentence,
    }
}

fn sentence(
    (code, benefit, _, pay_group, currency): Kind<'_>,
    common: Common,
    members: &[usize],
    findings: &[Finding],
) -> String {
    let of_group = if pay_group.is_empty() { String::new() } else { format!(" of {pay_group}") };
    let what = match common {
        _ if code == Code::AM09 => format!("the employee's and the employer's amounts exchanged for {benefit}"),
        _ => format!("{} for {benefit}, the {} amount", common.words(currency), payer(&findings[members[0]])),
    };
    let cause = match common {
        _ if code.rule().family != Family::Amount => format!("one cause of {}, {}", code.name(), code.rule().title),
        _ if code == Code::AM09 => "one cause, such as columns that are mapped the wrong way round".to_owned(),
        _ if members.iter().all(|at| findings[*at].also.contains(&Code::AM07)) => {
            "one cause: the rate from before the change is still taken (AM07)".to_owned()
        }
        Common::Difference(_) => "one cause, such as a rate that was not loaded, or loaded twice".to_owned(),
        Common::Ratio(_) => "one cause, such as a rate or a divisor".to_owned(),
    };
    let divisor = divisor(members, findings)
        .map(|(right, wrong)| format!(": amounts are those of {wrong} deductions a year where {right} are due (AM05)"));
    format!(
        "{} people{of_group} have {what} on payroll, each of them alike; {cause}{}. Put it right once: {}.",
        members.len(),
        divisor.unwrap_or_default(),
        code.rule().move_text()
    )
}

impl Common {
    fn words(self, currency: Currency) -> String {
        match self {
            Common::Difference(counts) => {
                let amount = Money(counts.abs()).to_text(currency.decimals());
                format!("{amount} {currency} too {}", if counts > 0 { "much" } else { "little" })
            }
            Common::Ratio(parts) if i128::from(parts) == WHOLE => "all that is due".to_owned(),
            Common::Ratio(parts) => format!("{}.{} % of what is due", parts / 10, parts % 10),
        }
    }
}

fn payer(finding: &Finding) -> &'static str {
    match finding.variances.as_slice() {
        [one] => one.payer.name(),
        many if many.iter().all(|v| v.payer == Payer::Employer) => Payer::Employer.name(),
        _ => "whole",
    }
}

/// The deductions a year that are due, and the one other number that all members' amounts fit (AM05).
fn divisor(members: &[usize], findings: &[Finding]) -> Option<(i128, i128)> {
    let mut fitting: Vec<i128> = DIVISORS.to_vec();
    let mut due = None;
    for at in members {
        let finding = &findings[*at];
        let (payroll, expected, currency) = money(finding)?;
        let per_year = per_year(finding)?;
        if due.is_some_and(|due| due != per_year) {
            return None;
        }
        due = Some(per_year);
        let unit = i128::from(currency.minor_unit());
        let (payroll, yearly) = (i128::from(payroll), i128::from(expected) * per_year);
        fitting.retain(|other| {
            let tolerance = (other / 2 + per_year / 2 + YEARLY_TOLERANCE_MINOR_UNITS) * unit;
            *other != per_year && (payroll * other - yearly).abs() <= tolerance
        });
    }
    match (due, fitting.as_slice()) {
        (Some(due), [wrong]) => Some((due, *wrong)),
        _ => None,
    }
}

/// The deductions a year that the run rate of a finding was computed with.
fn per_year(finding: &Finding) -> Option<i128> {
    let (run_rate, exposure) = (finding.run_rate?.0.0, finding.period_exposure?.0.0);
    (exposure != 0 && run_rate % exposure == 0).then(|| i128::from(run_rate / exposure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Severity, Variance};

    fn finding(id: &str, payroll: &str, expected: &str, pay_group: &str, per_year: i64) -> Finding {
        let currency = Currency::parse("USD").expect("listed");
        let amount = |text: &str| Money::parse(text, crate::money::Marks::PLAIN, 2).expect("an amount");
        let (payroll, expected) = (amount(payroll), amount(expected));
        let exposure = expected.0 - payroll.0;
        Finding {
            severity: Severity::S2,
            employee_id: id.into(),
            benefit: "_Medical".to_owned(),
            field: "ee_amount".to_owned(),
            variances: vec![Variance {
                benefit: "_Medical".to_owned(),
                currency,
                payer: Payer::Employee,
                payroll,
                expected,
            }],
            period_exposure: Some((Money(exposure), currency)),
            run_rate: Some((Money(exposure * per_year), currency)),
            pay_group: pay_group.to_owned(),
            ..Finding::blank(Code::AM01)
        }
    }

    #[test]
    fn people_of_one_pay_group_with_one_difference_are_one_group() {
        let differing = ["1", "2", "3"].map(|id| finding(id, "110.00", "100.00", "G1", 12));
        let elsewhere = [finding("4", "110.00", "100.00", "G2", 12), finding("5", "120.00", "100.00", "G1", 12)];
        let all = [differing.to_vec(), elsewhere.to_vec()].concat();
        let found = groups(&all);
        let [group] = found.as_slice() else { panic!("one group expected: {found:#?}") };
        assert_eq!((group.members.as_slice(), group.exposure), (&[0, 1, 2][..], -300_000));
        assert!(
            group.sentence.starts_with("3 people of G1 have 10.00 USD too much for _Medical"),
            "{}",
            group.sentence
        );
    }

    #[test]
    fn amounts_of_another_number_of_deductions_are_told_as_that() {
        // 1,200.00, 600.00 and 2,400.00 a year, due in 24 parts and taken in 26.
        let all = [("1", "46.15", "50.00"), ("2", "23.08", "25.00"), ("3", "92.31", "100.00")];
        let all = all.map(|(id, payroll, expected)| finding(id, payroll, expected, "BW", 24));
        let found = groups(&all);
        let [group] = found.as_slice() else { panic!("one group expected: {found:#?}") };
        assert!(group.sentence.contains("26 deductions a year where 24 are due (AM05)"), "{}", group.sentence);
    }

    #[test]
    fn amounts_that_were_rounded_to_the_cent_are_one_ratio_and_another_one_is_not() {
        // Due in 12 parts a year and taken in 26: 11.5384…, 20.1923…, 40.3846… and 46.1538…, each rounded.
        let all = [("1", "11.54", "25.00"), ("2", "20.19", "43.75"), ("3", "40.38", "87.50"), ("4", "46.15", "100.00")];
        let other = [("5", "47.00", "100.00"), ("6", "94.00", "200.00"), ("7", "70.50", "150.00")];
        let all = all.into_iter().chain(other).map(|(id, paid, due)| finding(id, paid, due, "G1", 12));
        let found = groups(&all.collect::<Vec<_>>());
        let members: Vec<&[usize]> = found.iter().map(|group| group.members.as_slice()).collect();
        assert_eq!(members, [&[0, 1, 2, 3][..], &[4, 5, 6]]);
        assert!(found[0].sentence.contains("46.2 % of what is due"), "{}", found[0].sentence);
    }

    #[test]
    fn one_divisor_of_many_prices_is_one_group_and_a_flat_difference_another() {
        // Three people a price, of 600.00, 1,200.00 and 2,400.00 a year, due in 12 parts and taken in 13.
        let prices = [("46.15", "50.00"), ("92.31", "100.00"), ("184.62", "200.00")];
        let of_prices = prices.iter().flat_map(|price| [price; 3]).zip(1..);
        let all: Vec<Finding> =
            of_prices.map(|((paid, due), id)| finding(&id.to_string(), paid, due, "G1", 12)).collect();
        let found = groups(&all);
        let [group] = found.as_slice() else { panic!("one group expected: {found:#?}") };
        assert!(group.sentence.contains("13 deductions a year where 12 are due (AM05)"), "{}", group.sentence);
        // 10.00 too much at each of the prices, three people a price.
        let flat = [("60.00", "50.00"), ("110.00", "100.00"), ("210.00", "200.00")];
        let of_prices = flat.iter().flat_map(|price| [price; 3]).zip(1..);
        let all: Vec<Finding> =
            of_prices.map(|((paid, due), id)| finding(&id.to_string(), paid, due, "G1", 12)).collect();
        let found = groups(&all);
        let [group] = found.as_slice() else { panic!("one group expected: {found:#?}") };
        assert!(group.sentence.starts_with("9 people of G1 have 10.00 USD too much"), "{}", group.sentence);
    }

    #[test]
    fn a_group_that_is_no_matter_of_the_amount_names_its_rule() {
        let all = ["1", "2", "3"].map(|id| Finding { code: Code::EN16, ..finding(id, "20.00", "20.00", "G1", 12) });
        let found = groups(&all);
        let [group] = found.as_slice() else { panic!("one group expected: {found:#?}") };
        let told = "3 people of G1 have all that is due for _Medical, the employee amount on payroll, each of them alike; \
                    one cause of EN16, deduction on a zero-benefit employee group.";
        assert!(group.sentence.starts_with(told), "{}", group.sentence);
    }

    #[test]
    fn two_alike_are_a_coincidence() {
        let two = ["1", "2"].map(|id| finding(id, "110.00", "100.00", "G1", 12));
        assert!(groups(&two).is_empty());
    }
}
