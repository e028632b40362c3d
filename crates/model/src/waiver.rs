//! Waivers: what a person accepts for a time. A finding is waived as it was when the person looked: it re-opens when
//! its cause changes, when its amount passes the cap, or when the waiver has expired. That is judged anew each night,
//! from the waiver and tonight's findings alone.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::finding::Finding;
use crate::hash::sha256_hex;
use crate::money::{Currency, Money};

/// Hex digits of a cause.
const CAUSE_DIGITS: usize = 16;
/// Between the parts of a cause; none of them holds it.
const JOINT: char = '\u{1f}';

/// What a person accepts, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The group that was waived as one; blank for a finding alone.
    pub group_id: String,
    /// Finding id → how it stood when it was waived. Whoever joins the group later is not waived.
    pub findings: BTreeMap<String, Stand>,
    pub reason: String,
    /// The last day on which it holds.
    pub until: NaiveDate,
    /// Greatest amount of all its findings together, whatever the direction.
    pub cap: Option<(Money, Currency)>,
    /// The approver, as the job names them.
    pub by: String,
}

impl Grant {
    /// The one finding that was waived alone; `None`: a group was.
    pub fn finding_alone(&self) -> Option<&str> {
        self.findings.keys().next().map(String::as_str).filter(|_| self.group_id.is_empty())
    }
}

/// What a person accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// By which a person names it.
    pub id: i64,
    pub grant: Grant,
    pub at: DateTime<Utc>,
}

impl Waiver {
    pub fn is_expired(&self, as_of: NaiveDate) -> bool {
        as_of > self.grant.until
    }
}

/// A finding as a waiver looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// From its code and its money; see [`cause`].
    pub cause: String,
    /// What it costs, positive or negative, in counts of 1/10,000; `None` where nobody knows, or in several currencies.
    pub amount: Option<(i128, Currency)>,
    /// The period is right, and what earlier ones left open is still there.
    pub is_left_over: bool,
}

impl Stand {
    /// Whether it comes from what was accepted. Earlier versions did not look behind a mask: what they wrote holds for
    /// whatever is there, until the waiver expires.
    fn is_of(&self, accepted: &str) -> bool {
        self.cause == accepted || (accepted.len() == CAUSE_DIGITS && self.cause.starts_with(accepted))
    }

    /// Whether it is a part of what was accepted: nothing new came of it since.
    fn is_left_of(&self, accepted: Option<(i128, Currency)>) -> bool {
        let (Some((counts, currency)), Some((accepted, of))) = (self.amount, accepted) else { return false };
        self.is_left_over
            && currency == of
            && counts.signum() == accepted.signum()
            && counts.unsigned_abs() <= accepted.unsigned_abs()
    }
}

/// What was accepted of each finding on the newest night before, by id.
pub type Accepted = BTreeMap<String, Option<(i128, Currency)>>;

/// Tonight's findings by id. `exposures`: to date, in the order of the findings. Findings that share an id, for a
/// benefit is in two currencies, stand as one.
pub fn stands<'f>(
    tonight: impl IntoIterator<Item = (&'f str, &'f Finding, Option<(i128, Currency)>)>,
) -> BTreeMap<&'f str, Stand> {
    let mut stands: BTreeMap<&str, Stand> = BTreeMap::new();
    for (id, finding, exposure) in tonight {
        let is_left_over = finding.balance.is_some() && finding.variances.is_empty();
        let stand = Stand { cause: cause(finding), amount: amount(finding, exposure), is_left_over };
        match stands.get_mut(id) {
            None => _ = stands.insert(id, stand),
            Some(first) => {
                first.cause = digest(&format!("{}{JOINT}{}", first.cause, stand.cause));
                (first.amount, first.is_left_over) = (None, false);
            }
        }
    }
    stands
}

/// What a finding comes from: its code and the amounts compared; where it has none, the values. What is behind masked
/// ones follows as digits of its own.
pub fn cause(finding: &Finding) -> String {
    let mut text = finding.code.name().to_owned();
    for variance in &finding.variances {
        let (payer, payroll, expected) = (variance.payer.name(), variance.payroll.0, variance.expected.0);
        text += &format!("{JOINT}{}{JOINT}{}{JOINT}{payer}", variance.benefit, variance.currency);
        text += &format!("{JOINT}{payroll}{JOINT}{expected}");
    }
    if finding.variances.is_empty() {
        text += &format!("{JOINT}{}{JOINT}{}", finding.payroll_value, finding.system_value);
    }
    if let Some((difference, currency)) = finding.pay_difference {
        text += &format!("{JOINT}{}{JOINT}{currency}", difference.0);
    }
    let seen = digest(&text);
    if finding.masked.is_empty() { seen } else { seen + &digest(&finding.masked) }
}

fn digest(text: &str) -> String {
    let mut digest = sha256_hex(text);
    digest.truncate(CAUSE_DIGITS);
    digest
}

/// What a finding costs: its exposure to date, or the difference in pay.
fn amount(finding: &Finding, exposure: Option<(i128, Currency)>) -> Option<(i128, Currency)> {
    exposure.or_else(|| finding.pay_difference.map(|(difference, currency)| (i128::from(difference.0), currency)))
}

/// Finding id → the waiver that speaks of it: of several the newest, by number. It ends the older ones for good, so
/// those that were taken back belong in here, too, where that is asked.
pub fn governing<'w>(waivers: impl IntoIterator<Item = &'w Waiver>) -> BTreeMap<&'w str, &'w Waiver> {
    let mut governing: BTreeMap<&str, &Waiver> = BTreeMap::new();
    for waiver in waivers {
        for id in waiver.grant.findings.keys() {
            let newest = governing.entry(id).or_insert(waiver);
            if newest.id < waiver.id {
                *newest = waiver;
            }
        }
    }
    governing
}

/// A waiver and tonight's findings that it may hold.
type Members<'w, 't> = (&'w Waiver, Vec<(&'t str, &'t Stand)>);

/// Tonight's findings that are waived, by id, each with its waiver. `before`: what was waived the night before.
pub fn held<'w>(
    waivers: &'w [Waiver],
    as_of: NaiveDate,
    tonight: &BTreeMap<&str, Stand>,
    before: &Accepted,
) -> BTreeMap<String, &'w Waiver> {
    let mut by_waiver: BTreeMap<i64, Members<'_, '_>> = BTreeMap::new();
    let governing = governing(waivers);
    for (id, stand) in tonight {
        let Some(waiver) = governing.get(id) else { continue };
        let is_accepted = waiver.grant.findings.get(*id).is_some_and(|given| {
            let newest = before.get(*id).copied().flatten();
            stand.is_of(&given.cause) || stand.is_left_of(newest) || stand.is_left_of(given.amount)
        });
        if is_accepted && !waiver.is_expired(as_of) {
            by_waiver.entry(waiver.id).or_insert_with(|| (waiver, Vec::new())).1.push((id, stand));
        }
    }
    let within = by_waiver.into_values().filter(|(waiver, members)| {
        waiver.grant.cap.is_none_or(|cap| is_within(cap, members.iter().map(|(_, stand)| stand.amount)))
    });
    within.flat_map(|(waiver, members)| members.into_iter().map(move |(id, _)| (id.to_owned(), waiver))).collect()
}

/// Whether amounts stay within a cap together. What is not known, or of another currency, may be anything.
pub fn is_within((cap, of): (Money, Currency), amounts: impl IntoIterator<Item = Option<(i128, Currency)>>) -> bool {
    let known = |amount: Option<(i128, Currency)>| amount.filter(|(_, currency)| *currency == of);
    let sum = amounts
        .into_iter()
        .try_fold(0_u128, |sum, amount| known(amount).and_then(|(counts, _)| sum.checked_add(counts.unsigned_abs())));
    sum.is_some_and(|sum| sum <= u128::from(cap.0.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::PayPeriod;
    use crate::finding::{Code, OpenBalance, Payer, Severity, Variance};

    fn usd() -> Currency {
        Currency::parse("USD").expect("listed")
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 4, day).expect("a day")
    }

    /// Payroll has so many units of what should be 100.
    fn finding(payroll: i64) -> Finding {
        Finding {
            severity: Severity::S2,
            employee_id: "1001".into(),
            benefit: "_Medical".to_owned(),
            field: "ee_amount".to_owned(),
            payroll_value: payroll.to_string(),
            system_value: "100".to_owned(),
            variances: vec![Variance {
                benefit: "_Medical".to_owned(),
                currency: usd(),
                payer: Payer::Employee,
                payroll: Money::units(payroll),
                expected: Money::units(100),
            }],
            ..Finding::blank(Code::AM01)
        }
    }

    fn units(counts: i64) -> Option<(i128, Currency)> {
        Some((i128::from(Money::units(counts).0), usd()))
    }

    fn waiver(id: i64, findings: &[(&str, &Finding)]) -> Waiver {
        let given = stands(findings.iter().map(|(id, finding)| (*id, *finding, units(10))));
        let grant = Grant {
            group_id: String::new(),
            findings: given.into_iter().map(|(id, stand)| (id.to_owned(), stand)).collect(),
            reason: "agreed".to_owned(),
            until: day(30),
            cap: None,
            by: "maria".to_owned(),
        };
        Waiver { id, grant, at: DateTime::UNIX_EPOCH }
    }

    fn until(last: NaiveDate, waiver: Waiver) -> Waiver {
        Waiver { grant: Grant { until: last, ..waiver.grant }, ..waiver }
    }

    #[track_caller]
    fn check(waivers: &[Waiver], as_of: u32, tonight: &[(&str, &Finding, i64)], expected: &[&str]) {
        let tonight = stands(tonight.iter().map(|(id, finding, exposure)| (*id, *finding, units(*exposure))));
        let held = held(waivers, day(as_of), &tonight, &Accepted::new());
        assert_eq!(held.keys().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_waiver_holds_to_the_end_of_its_last_day_for_what_it_was_given() {
        let (same, other) = (finding(90), finding(89));
        let waivers = [waiver(1, &[("f1", &same)])];
        check(&waivers, 30, &[("f1", &same, 10), ("f2", &same, 10)], &["f1"]);
        assert!(!waivers[0].is_expired(day(30)));
        check(&[until(day(29), waivers[0].clone())], 30, &[("f1", &same, 10)], &[]);
        check(&waivers, 30, &[("f1", &other, 11)], &[]);
    }

    #[test]
    fn words_and_evidence_are_no_cause_and_values_are_where_there_is_no_money() {
        let said = Finding { sentence: "since March".to_owned(), payroll_value: "90.00".to_owned(), ..finding(90) };
        assert_eq!(cause(&said), cause(&finding(90)));
        let named = |value: &str| Finding { variances: Vec::new(), system_value: value.to_owned(), ..finding(90) };
        assert_ne!(cause(&named("Bob")), cause(&named("Robert")));
    }

    #[test]
    fn a_masked_value_that_moves_is_another_cause_and_an_earlier_version_did_not_look_behind_it() {
        let masked = |masked: &str| Finding {
            payroll_value: "****".to_owned(),
            system_value: "differs".to_owned(),
            masked: masked.to_owned(),
            variances: Vec::new(),
            ..finding(90)
        };
        let (boston, denver) = (masked("boston"), masked("denver"));
        let waivers = [waiver(1, &[("f1", &boston)])];
        check(&waivers, 3, &[("f1", &boston, 10)], &["f1"]);
        check(&waivers, 3, &[("f1", &denver, 10)], &[]);
        check(&[waiver(1, &[("f1", &masked(""))])], 3, &[("f1", &denver, 10)], &["f1"]);
    }

    #[test]
    fn a_cap_counts_all_that_was_waived_together_in_both_directions() {
        let (less, more) = (finding(90), finding(110));
        let both = [("f1", &less), ("f2", &more)];
        let capped = |cap| {
            let uncapped = waiver(1, &both);
            [Waiver { grant: Grant { cap: Some((Money::units(cap), usd())), ..uncapped.grant }, ..uncapped }]
        };
        let tonight = [("f1", &less, 10), ("f2", &more, -10)];
        check(&capped(20), 3, &tonight, &["f1", "f2"]);
        check(&capped(19), 3, &tonight, &[]);
        check(&capped(19), 3, &tonight[..1], &["f1"]);
        let euros = Currency::parse("EUR").expect("listed");
        assert!(!is_within((Money::units(20), euros), [units(10)]), "of another currency");
        assert!(!is_within((Money::units(20), usd()), [None]), "not known");
    }

    #[test]
    fn of_several_waivers_the_newest_speaks_even_when_it_no_longer_holds() {
        let same = finding(90);
        let older = waiver(1, &[("f1", &same)]);
        let newer = until(day(2), waiver(2, &[("f1", &same)]));
        check(&[newer.clone(), older.clone()], 2, &[("f1", &same, 10)], &["f1"]);
        check(&[older, newer], 3, &[("f1", &same, 10)], &[]);
    }

    #[test]
    fn what_is_left_of_an_accepted_balance_stays_accepted_and_nothing_beyond() {
        let given = finding(90);
        let since = PayPeriod { start: Some(day(1)), end: day(30) };
        let balance = OpenBalance {
            amount: Money::units(10),
            currency: usd(),
            since,
            found_on: day(2),
            periods: 1,
            payer: None,
            rounding: Money(0),
            unproven: Money(0),
        };
        let left = Finding { variances: Vec::new(), balance: Some(balance), ..finding(100) };
        let waivers = [waiver(1, &[("f1", &given)])];
        check(&waivers, 3, &[("f1", &left, 10)], &["f1"]);
        check(&waivers, 3, &[("f1", &left, 11)], &[]);
        check(&waivers, 3, &[("f1", &left, -10)], &[]);
        let tonight = stands([("f1", &left, units(30))]);
        let before = Accepted::from([("f1".to_owned(), units(30))]);
        assert!(held(&waivers, day(3), &tonight, &before).contains_key("f1"), "it was accepted as it grew");
    }

    #[test]
    fn findings_of_one_id_stand_as_one_of_which_no_amount_is_known() {
        let (one, two) = (finding(90), finding(80));
        let tonight = stands([("f1", &one, units(10)), ("f1", &two, units(20))]);
        assert_eq!(tonight["f1"].amount, None);
        assert_ne!(tonight["f1"].cause, cause(&one));
    }
}
