//! What is odd about a whole code rather than about its people: it holds further benefits that nobody mapped, or all
//! its amounts have the other sign (AM10). Nobody is accused of either.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::lines::further_benefits::hold_further_benefits;
use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::lines::owed::Owed;
use crate::rules::lines::pair::Pairs;
use crate::rules::night::Night;
use crate::rules::people::everybody::Person;
use crate::rules::people::ids::Ids;
use crate::rules::place::{Fate, Place};
use crate::rules::write::{Found, evidence, several};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

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
    catalog: &Catalog<'_>,
    labels: &[Label],
    ids: &Ids<'_>,
    everybody: &[Person],
) -> WholeCodes {
    let owed = Owed { books: inputs.books, catalog, ids, everybody };
    let held = hold_further_benefits(pairs, places, &owed);
    stand_under_another_code(pairs, places, &respelled(catalog, labels));
    let reversed = reversed(pairs, &unknown_signs(inputs, catalog), &owed);
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
fn respelled(catalog: &Catalog<'_>, labels: &[Label]) -> Respelled {
    let unmapped = (0_u32..).zip(labels).filter(|(_, label)| !label.mapped && label.ignored.is_none());
    let benefits = |label: u32| -> BTreeSet<u32> { catalog.respelled(label).into_iter().map(|(_, of)| of).collect() };
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
fn unknown_signs(inputs: &Inputs<'_>, catalog: &Catalog<'_>) -> BTreeSet<u32> {
    let benefits = inputs.payroll.unknown_signs.iter().flat_map(|unknown| &unknown.benefits);
    benefits.filter_map(|benefit| catalog.find_benefit(benefit)).collect()
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

/// Labels of which every amount is below 0, and most of them by as much as is due, refunds of what the books know to be
/// owed left out; and those of unknown sign.
fn reversed(pairs: &Pairs<'_>, unknown: &BTreeSet<u32>, owed: &Owed<'_>) -> BTreeMap<u32, Reversed> {
    let mut all: BTreeMap<u32, Signs> = BTreeMap::new();
    let known = beside_what_is_due(pairs, owed);
    for row in 0..pairs.len() {
        let (label, paid, due, tolerance) = pairs.payer_with_amount(row);
        if (paid == 0 && due == 0) || known.contains(&row) {
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
        let Some(signs) = seem.get_mut(&label).filter(|_| paid < 0 && !known.contains(&row)) else { continue };
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

/// Rows of people of whom nothing is due, such as all on a pay date without deductions: refunds and what is made up say
/// nothing of how a code's deductions are written, where the books hold some of one of these people.
fn beside_what_is_due(pairs: &Pairs<'_>, owed: &Owed<'_>) -> BTreeSet<usize> {
    let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut written = BTreeSet::new();
    for row in 0..pairs.len() {
        let (label, paid, due, _) = pairs.payer_with_amount(row);
        if paid == 0 || (due != 0 && !pairs.date_kind(row).is_free()) {
            continue;
        }
        rows.entry(label).or_default().push(row);
        if !written.contains(&label) && owed.was_collected(&pairs.get(row)) {
            written.insert(label);
        }
    }
    rows.into_iter().filter(|(label, _)| written.contains(label)).flat_map(|(_, rows)| rows).collect()
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

/// AM10 of whole codes.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (label, reversed) in &night.whole_codes.reversed {
        found.findings.push(other_sign(night, *label, *reversed)?);
    }
    Ok(())
}

fn other_sign(night: &Night<'_>, label: u32, reversed: Reversed) -> PolarsResult<Finding> {
    let blank = night.finding(Code::AM10, None)?;
    let benefit = night.catalog.labels.text(label);
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
        ..blank
    }
    .moved_by(Owner::Operator))
}

fn of_amounts(reversed: Reversed) -> String {
    match reversed.below == reversed.amounts {
        true => format!("All {}", several(reversed.amounts, "amount")),
        false => format!("{} of {}", reversed.below, several(reversed.amounts, "amount")),
    }
}
