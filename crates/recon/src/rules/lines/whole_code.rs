//! What is odd about a whole code rather than about its people: it holds further benefits that nobody mapped, or all
//! its amounts have the other sign (AM10). Nobody is accused of either.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::balance::{AccountPeriod, BalanceHistory};
use crate::rules::Inputs;
use crate::rules::lines::labels::{Label, Labels};
use crate::rules::lines::pair::{Pair, Pairs};
use crate::rules::night::Night;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::people::ids::Ids;
use crate::rules::place::{Fate, Place};
use crate::rules::write::{Found, evidence, several};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding, Payer};

/// Fewer amounts than these of the other sign are refunds.
const REVERSED_MIN: u64 = 2;

/// What was found of whole codes.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct WholeCodes {
    /// Labels whose amounts have the other sign, or seem to.
    pub(in crate::rules) reversed: BTreeMap<u32, Reversed>,
    /// Benefits without a code that another code seems to hold, for everybody who has them.
    pub(in crate::rules) held: BTreeSet<u32>,
}

/// Labels of codes that nobody mapped and that are codes of the job but for case and blanks: the labels of their
/// benefits.
type Respelled = BTreeMap<u32, BTreeSet<u32>>;

/// How many amounts of a label are below 0, and how many there are.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Reversed {
    below: u64,
    amounts: u64,
}

/// Moves the lines of such codes to what is not judged; those too whose amounts are mostly below 0
/// in a file of which the job does not say how amounts are written.
pub(in crate::rules) fn set_aside(
    pairs: &Pairs<'_>,
    places: &mut [u32],
    inputs: &Inputs<'_>,
    words: &Labels<'_>,
    labels: &[Label],
    ids: &Ids<'_>,
    everybody: &[Person],
) -> WholeCodes {
    let held = hold_further_benefits(pairs, places);
    stand_under_another_code(pairs, places, &respelled(words, labels));
    let owed = Owed { books: inputs.books, words, ids, everybody };
    let reversed = reversed(pairs, &unknown_signs(inputs, words), &owed);
    if !reversed.is_empty() {
        for (row, place) in places.iter_mut().enumerate().filter(|(_, place)| compared(Place::of(**place))) {
            let pair = pairs.get(row);
            if pair.taken() && reversed.contains_key(&pair.label) {
                *place = Place::UnverifiedSign.number();
            }
        }
    }
    WholeCodes { reversed, held }
}

/// Of all labels of the night.
fn respelled(words: &Labels<'_>, labels: &[Label]) -> Respelled {
    let unmapped = (0_u32..).zip(labels).filter(|(_, label)| !label.mapped && label.ignored.is_none());
    let benefits = |label: u32| -> BTreeSet<u32> { words.respelled(label).into_iter().map(|(_, of)| of).collect() };
    unmapped.map(|(label, _)| (label, benefits(label))).filter(|(_, benefits)| !benefits.is_empty()).collect()
}

/// What a line seems to lack, or takes too much or little of, may stand under a code that is its own but for case and
/// blanks.
fn stand_under_another_code(pairs: &Pairs<'_>, places: &mut [u32], respelled: &Respelled) {
    if respelled.is_empty() {
        return;
    }
    let mut lines = BTreeSet::new();
    for (row, _) in places.iter().enumerate().filter(|(_, place)| Place::of(**place) == Place::En13) {
        let pair = pairs.get(row);
        let benefits = respelled.get(&pair.label).filter(|_| pair.taken()).into_iter().flatten();
        lines.extend(benefits.map(|benefit| (pair.emp, *benefit)));
    }
    for (row, place) in places.iter_mut().enumerate() {
        let pair = pairs.get(row);
        let differs = Place::of(*place).fate() == Fate::Finding && Place::of(*place) != Place::En04;
        if differs && lines.contains(&(pair.emp, pair.label)) {
            *place = Place::UnverifiedSpelling.number();
        }
    }
}

/// Labels of benefits whose amounts are mostly below 0 in a file of which the job does not say how they are written.
fn unknown_signs(inputs: &Inputs<'_>, words: &Labels<'_>) -> BTreeSet<u32> {
    let benefits = inputs.payroll.unknown_signs.iter().flat_map(|unknown| &unknown.benefits);
    benefits.filter_map(|benefit| words.find_benefit(benefit)).collect()
}

/// The line was compared with what is due, or with there being no cover.
fn compared(place: Place) -> bool {
    use Place::{
        Accepted, Am01, Am02, Am08, Am09, AmBoth, AmTogether, En02, En05, En11, UnverifiedAhead, UnverifiedEnded,
        UnverifiedFewer, UnverifiedPart, UnverifiedPayDate, UnverifiedPercent, UnverifiedReplaced, UnverifiedSacrifice,
        UnverifiedSeveral, UnverifiedVanished,
    };
    let compared = [
        Accepted,
        Am01,
        Am02,
        Am08,
        Am09,
        AmBoth,
        AmTogether,
        En02,
        En05,
        En11,
        UnverifiedAhead,
        UnverifiedEnded,
        UnverifiedFewer,
        UnverifiedPart,
        UnverifiedPayDate,
        UnverifiedPercent,
        UnverifiedReplaced,
        UnverifiedSacrifice,
        UnverifiedSeveral,
        UnverifiedVanished,
    ];
    compared.contains(&place)
}

/// Payroll takes as much more than is due as is due of the person's benefits that have no code. Gives the benefits of
/// which that is so for everybody.
fn hold_further_benefits(pairs: &Pairs<'_>, places: &mut [u32]) -> BTreeSet<u32> {
    let mut without_code: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    let mut held: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (row, _) in places.iter().enumerate().filter(|(_, place)| Place::of(**place) == Place::En13) {
        let pair = pairs.get(row);
        if !pair.on_payroll() {
            let due = without_code.entry(pair.emp).or_default();
            *due = (due.0 + pair.employee_due, due.1 + pair.employer_due);
            held.entry(pair.label).or_default().insert(pair.emp);
        }
    }
    if without_code.is_empty() {
        return BTreeSet::new();
    }
    let mut explained = BTreeSet::new();
    for (row, place) in places.iter_mut().enumerate() {
        if ![Place::Am01, Place::Am02, Place::AmBoth].contains(&Place::of(*place)) {
            continue;
        }
        let pair = pairs.get(row);
        if without_code.get(&pair.emp).is_some_and(|due| explains(&pair, *due)) {
            *place = Place::UnverifiedShared.number();
            explained.insert(pair.emp);
        }
    }
    held.into_iter().filter(|(_, emps)| emps.is_subset(&explained)).map(|(label, _)| label).collect()
}

fn explains(pair: &Pair, (employee, employer): (i64, i64)) -> bool {
    let near = |paid: i64, due: i64| (paid - due).abs() <= 2 * pair.tolerance;
    let employer_agrees = !pair.employer
        || near(pair.employer_taken, pair.employer_due + employer)
        || near(pair.employer_taken, pair.employer_due);
    near(pair.employee_taken, pair.employee_due + employee) && employer_agrees
}

/// Labels of which every amount is below 0, and most of them by as much as is due, refunds of what the books know to be
/// owed left out; and those of unknown sign.
fn reversed(pairs: &Pairs<'_>, unknown: &BTreeSet<u32>, owed: &Owed<'_>) -> BTreeMap<u32, Reversed> {
    let mut all: BTreeMap<u32, Signs> = BTreeMap::new();
    for row in 0..pairs.len() {
        let (label, paid, due, tolerance) = pairs.payer_with_amount(row);
        if paid == 0 && due == 0 {
            continue;
        }
        let signs = all.entry(label).or_default();
        signs.without += u64::from(paid == 0);
        signs.above += u64::from(paid > 0);
        signs.below += u64::from(paid < 0);
        signs.agreeing += u64::from(agrees(paid, due, tolerance));
    }
    let mut seem: BTreeMap<u32, Signs> = all.clone();
    seem.retain(|label, signs| signs.all_below() || unknown.contains(label));
    let rows = if seem.is_empty() { 0 } else { pairs.len() };
    for row in 0..rows {
        let (label, paid, due, tolerance) = pairs.payer_with_amount(row);
        let Some(signs) = seem.get_mut(&label).filter(|_| paid < 0) else { continue };
        if owed.is_refund(&pairs.get(row), all[&label].is_of_few()) {
            signs.below -= 1;
            signs.agreeing -= u64::from(agrees(paid, due, tolerance));
        }
    }
    let is_odd = |label: &u32, signs: &Signs| signs.all_below() || (unknown.contains(label) && signs.has_amounts());
    seem.retain(|label, signs| is_odd(label, signs));
    all.retain(|label, _| seem.contains_key(label));
    let counted = |(label, signs): (u32, Signs)| {
        let amounts = signs.above + signs.below;
        (amounts > 0).then_some((label, Reversed { below: signs.below, amounts }))
    };
    all.into_iter().filter_map(counted).collect()
}

fn agrees(paid: i64, due: i64, tolerance: i64) -> bool {
    paid < 0 && (paid + due).abs() <= tolerance
}

/// Lines of a label.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    /// Something is due, and nothing is paid.
    without: u64,
    above: u64,
    below: u64,
    /// Below 0 by as much as is due.
    agreeing: u64,
}

impl Signs {
    fn all_below(self) -> bool {
        self.above == 0 && self.below >= REVERSED_MIN && 2 * self.agreeing >= self.below
    }

    fn has_amounts(self) -> bool {
        self.above + self.below > 0
    }

    /// Nothing is paid of most of whom something is due.
    fn is_of_few(self) -> bool {
        self.without > self.above + self.below
    }
}

/// What the books say is owed to people.
struct Owed<'n> {
    books: &'n BalanceHistory,
    words: &'n Labels<'n>,
    ids: &'n Ids<'n>,
    everybody: &'n [Person],
}

impl Owed<'_> {
    /// The line gives back no more than what earlier periods took too much, with what is due tonight kept of it.
    /// `apart`: what is due tonight is not taken with it.
    fn is_refund(&self, pair: &Pair, apart: bool) -> bool {
        let start = date(self.everybody[pair.emp as usize].payday.start);
        let benefit = self.words.labels.text(pair.label);
        let employee = self.books.of(self.ids.text(pair.emp));
        let owed = |payer: Payer| -> i128 {
            let accounts =
                employee.accounts().filter(|(account, _)| *account.benefit == *benefit && account.payer == payer);
            let earlier = accounts.flat_map(|(_, cells)| cells).filter(|cell| cell.period.end < start);
            earlier.map(AccountPeriod::difference).sum::<i128>().min(0)
        };
        let (paid, due, payer) = if pair.employee_taken == 0 {
            (pair.employer_taken, pair.employer_due, Payer::Employer)
        } else {
            (pair.employee_taken, pair.employee_due, Payer::Employee)
        };
        let due = if apart || pair.date_kind.is_free() { 0 } else { due.max(0) };
        i128::from(paid) + i128::from(pair.tolerance) >= owed(payer) + i128::from(due)
    }
}

/// AM10 of whole codes.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (label, reversed) in &night.whole_codes.reversed {
        found.findings.push(other_sign(night, *label, *reversed)?);
    }
    Ok(())
}

fn other_sign(night: &Night<'_>, label: u32, reversed: Reversed) -> PolarsResult<Finding> {
    let form = night.form(Code::AM10, None)?;
    let benefit = night.words.labels.text(label);
    let first = night.lines.iter().find(|line| line.label == label).and_then(|line| line.pay_row);
    let physical = first.map(|row| night.physical_line(row)).transpose()?.flatten();
    let at = physical.map_or_else(String::new, |line| format!("line {line}"));
    let period = &night.inputs.payroll.period;
    Ok(Finding {
        benefit: benefit.to_owned(),
        field: "sign".to_owned(),
        payroll_value: "below 0".to_owned(),
        system_value: "above 0".to_owned(),
        period_start: Some(period.start),
        period_end: Some(period.end),
        evidence: vec![evidence("payroll", "ee_amount", &at)],
        sentence: format!(
            "{} for {benefit} in {} to {} {}, so none was compared. Say in the payroll section of the job how deductions are \
             written (employee_sign, employer_sign).",
            of_amounts(reversed),
            period.start,
            period.end,
            match reversed.below == reversed.amounts {
                true => "are below 0 on payroll",
                false => "are below 0 on payroll, and nothing says whether these are the deductions or the refunds",
            }
        ),
        ..form
    }
    .moved_by(Owner::Operator))
}

fn of_amounts(reversed: Reversed) -> String {
    match reversed.below == reversed.amounts {
        true => format!("All {}", several(reversed.amounts, "amount")),
        false => format!("{} of {}", reversed.below, several(reversed.amounts, "amount")),
    }
}
