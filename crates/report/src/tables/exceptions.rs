//! One row a finding and currency.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use tieout_model::balance::is_of_former;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Direction, Evidence, Finding};
use tieout_model::money::Currency;
use tieout_model::note::Note;
use tieout_model::waiver::Waiver;

use super::due;
use crate::table::{
    Column, Table, Term, adds_up, amount, count, currency, date, detail, employee_or_former, entry, sum_of, text,
};
use crate::{Exception, Report};

pub const NAME: &str = "exceptions";
/// Ages in days, from the youngest (rules.md 2.1).
pub const AGES: [&str; 4] = ["0-30", "31-60", "61-90", "90+"];
/// Greatest age in days of each but the last.
const AGE_DAYS_MAX: [i64; 3] = [30, 60, 90];

const DIFFERENCE: [Term; 2] = [Term::Plus("system_amount"), Term::Minus("payroll_amount")];

/// Of the exceptions and of what is waived.
pub(super) struct ExceptionRow<'r> {
    pub exception: &'r Exception,
    /// Under which it is waived.
    pub waiver: Option<&'r Waiver>,
    /// The night.
    pub as_of: NaiveDate,
    part: Part,
}

pub fn table(report: &Report) -> Table<'_> {
    with(report, Vec::new())
}

/// For a workbook: a reviewer may say until when a finding is accepted.
pub fn sheet(report: &Report) -> Table<'_> {
    with(report, waive())
}

fn with<'r>(report: &'r Report, filled_in: Vec<Column<ExceptionRow<'r>>>) -> Table<'r> {
    let rows = report.exceptions.iter().flat_map(|exception| rows(exception, None, report.head.as_of));
    Table::new(NAME, "Exceptions", columns(filled_in), rows.collect())
}

/// In a reviewer's order, `own` columns of the table behind the sentence.
pub(super) fn columns<'r>(own: impl IntoIterator<Item = Column<ExceptionRow<'r>>>) -> Vec<Column<ExceptionRow<'r>>> {
    let seen = decided_by().into_iter().chain(own).chain(money()).chain(history()).chain(noted());
    seen.chain(counted()).chain(compared()).collect()
}

/// What a reviewer fills in to waive a row.
pub(super) fn waive<R>() -> Vec<Column<R>> {
    vec![
        entry("waive_until", "Waive until", 12),
        entry("waive_cap", "Waive cap", 12),
        entry("waived_by", "Waived by", 16),
        entry("waive_reason", "Waive reason", 30),
    ]
}

/// A row a currency.
pub(super) fn rows<'r>(
    exception: &'r Exception,
    waiver: Option<&'r Waiver>,
    as_of: NaiveDate,
) -> impl Iterator<Item = ExceptionRow<'r>> {
    parts(exception).into_iter().map(move |part| ExceptionRow { exception, waiver, as_of, part })
}

fn decided_by<'r>() -> [Column<ExceptionRow<'r>>; 10] {
    [
        text("owner", "Owner", 10, |r: &ExceptionRow<'_>| r.finding().owner.map_or("", Owner::team).into()),
        text("severity", "Severity", 9, |r| r.finding().severity.name().into()),
        text("code", "Code", 7, |r| r.finding().code.name().into()),
        text("title", "What", 28, |r| r.finding().code.rule().title.into()),
        employee_or_former(|r| r.finding().employee_id.as_str(), |r| is_of_former(&r.finding().field)),
        text("benefit", "Benefit", 18, |r| r.finding().benefit.as_str().into()),
        amount("exposure_to_date", "Exposure to date", |r| r.in_currency(r.exception.exposure_to_date)),
        currency(|r| r.part.currency),
        text("direction", "Direction", 16, |r| direction(r.finding(), r.exception.exposure_to_date).into()),
        text("sentence", "In words", 90, |r| r.finding().sentence.as_str().into()),
    ]
}

fn money<'r>() -> [Column<ExceptionRow<'r>>; 5] {
    [
        adds_up(amount("payroll_amount", "Payroll", |r: &ExceptionRow<'_>| r.of_variances(r.part.payroll))),
        adds_up(amount("system_amount", "Expected", |r| r.of_variances(r.part.system))),
        adds_up(sum_of(&DIFFERENCE, amount("difference", "Difference", |r| r.difference()))),
        amount("pay_difference", "Pay difference a year", |r| r.in_currency(r.pay_difference())),
        amount("exposure_run_rate", "Exposure a year", |r| r.in_currency(super::wide(r.finding().run_rate))),
    ]
}

fn history<'r>() -> [Column<ExceptionRow<'r>>; 3] {
    [
        text("status", "Status", 10, |r: &ExceptionRow<'_>| r.exception.status.name().into()),
        date("first_seen", "First seen", |r| Some(r.exception.first_seen)),
        text("age_bucket", "Age in days", 11, |r| age_bucket(r.age_days()).0.into()),
    ]
}

fn counted<'r>() -> [Column<ExceptionRow<'r>>; 3] {
    [
        count("nights_open", "Nights", |r: &ExceptionRow<'_>| u64::from(r.exception.nights_open)),
        count("periods_open", "Periods", |r| u64::from(r.exception.periods_open)),
        text("correction", "Correction", 30, |r| r.exception.correction.as_str().into()),
    ]
    .map(detail)
}

fn compared<'r>() -> [Column<ExceptionRow<'r>>; 11] {
    [
        text("field", "Field", 16, |r: &ExceptionRow<'_>| r.finding().field.as_str().into()),
        text("payroll_value", "Payroll has", 18, |r| r.finding().payroll_value.as_str().into()),
        text("system_value", "The other side has", 18, |r| r.finding().system_value.as_str().into()),
        date("period_start", "Period from", |r| r.finding().period_start),
        date("period_end", "Period to", |r| r.finding().period_end),
        text("legal_entity", "Legal entity", 16, |r| r.finding().legal_entity.as_str().into()),
        text("pay_group", "Pay group", 12, |r| r.finding().pay_group.as_str().into()),
        text("also", "Also fits", 10, |r| codes(&r.finding().also).into()),
        text("evidence", "Evidence", 40, |r| evidence(&r.finding().evidence).into()),
        text("group_id", "Group", 19, |r| r.exception.group_id.as_str().into()),
        text("exception_id", "Finding", 19, |r| r.exception.id.as_str().into()),
    ]
    .map(detail)
}

/// What people said of it; blank where nobody did.
fn noted<'r>() -> [Column<ExceptionRow<'r>>; 4] {
    [
        text("note", "Note", 40, |r: &ExceptionRow<'_>| r.note().map_or("", |note| &note.text).into()),
        text("note_by", "Noted by", 14, |r| r.note().map_or("", |note| &note.by).into()),
        text("assignee", "Assignee", 14, |r| r.note().and_then(|n| n.assignee.as_deref()).unwrap_or_default().into()),
        date("due", "Due", |r| r.note().and_then(|note| note.due)),
    ]
}

impl<'r> ExceptionRow<'r> {
    fn note(&self) -> Option<&'r Note> {
        self.exception.note.as_ref()
    }

    fn finding(&self) -> &'r Finding {
        &self.exception.finding
    }

    fn age_days(&self) -> i64 {
        (self.as_of - self.exception.first_seen).num_days()
    }

    fn of_variances(&self, counts: i128) -> Option<(i128, Currency)> {
        self.part.currency.filter(|_| self.part.has_variance).map(|currency| (counts, currency))
    }

    fn difference(&self) -> Option<(i128, Currency)> {
        self.of_variances(self.part.system - self.part.payroll)
    }

    fn pay_difference(&self) -> Option<(i128, Currency)> {
        super::wide(self.finding().pay_difference).map(|(counts, currency)| (due(counts), currency))
    }

    /// An amount of the finding, in the row of its currency.
    fn in_currency(&self, value: Option<(i128, Currency)>) -> Option<(i128, Currency)> {
        value.filter(|(_, currency)| Some(*currency) == self.part.currency)
    }
}

/// The money of a finding in one currency. A finding over two currencies has two rows: currencies are never added.
struct Part {
    currency: Option<Currency>,
    payroll: i128,
    system: i128,
    has_variance: bool,
}

fn parts(exception: &Exception) -> Vec<Part> {
    let mut by_currency: BTreeMap<Currency, Part> = BTreeMap::new();
    for variance in &exception.finding.variances {
        let part = by_currency.entry(variance.currency).or_insert(Part {
            currency: Some(variance.currency),
            payroll: 0,
            system: 0,
            has_variance: true,
        });
        part.payroll += i128::from(variance.payroll.0);
        part.system += i128::from(variance.expected.0);
    }
    if by_currency.is_empty() {
        let finding = &exception.finding;
        let stated = finding.pay_difference.or(finding.period_exposure).map(|(_, c)| c);
        let currency = stated.or(finding.balance.map(|balance| balance.currency));
        return vec![Part { currency, payroll: 0, system: 0, has_variance: false }];
    }
    by_currency.into_values().collect()
}

fn direction(finding: &Finding, exposure: Option<(i128, Currency)>) -> &'static str {
    exposure.and_then(|(counts, _)| finding.direction(counts)).map_or("", Direction::name)
}

/// The one of [`AGES`] that an age belongs to, and its place among them.
pub fn age_bucket(age_days: i64) -> (&'static str, usize) {
    let place = AGE_DAYS_MAX.iter().filter(|days_max| age_days > **days_max).count();
    (AGES[place], place)
}

fn codes(codes: &[Code]) -> String {
    codes.iter().map(|code| code.name()).collect::<Vec<_>>().join(" ")
}

fn evidence(evidence: &[Evidence]) -> String {
    let one = |e: &Evidence| match e.at.as_str() {
        "" => format!("{} {}", e.source, e.field),
        at => format!("{} {} ({at})", e.source, e.field),
    };
    evidence.iter().map(one).collect::<Vec<_>>().join("; ")
}
