//! The tables of the proof and their rows.

use chrono::NaiveDate;
use polars_arrow::array::Array;
use polars_arrow::datatypes::ArrowDataType;

use super::column::{Amount, Cells, Column, Count, Day, Declared, Flag, Sum, Table, Text, Word, table};
use tieout_model::balance::{EntryKind, Movements, PayPeriod};
use tieout_model::finding::{Code, Finding, Payer, Variance};
use tieout_model::money::Currency;

/// One employee, or the rows of payroll that are nobody's.
pub(crate) struct PersonRow<'r> {
    pub(crate) employee_id: Option<&'r str>,
    pub(crate) pay_group: Option<&'r str>,
    pub(crate) asked: bool,
    pub(crate) on_payroll: bool,
    pub(crate) in_benifex: bool,
    pub(crate) period: Option<(NaiveDate, NaiveDate)>,
    pub(crate) payroll_rows: u64,
    pub(crate) ended: &'static str,
}

table! {
    /// One row an employee whom the night knows, and one each for the rows of the payroll file that are nobody's: those
    /// that were rejected, and those outside the regular payroll.
    People = "people" of |row: PersonRow| {
        /// As text; blank: rows of the file that are nobody's.
        employee_id: Text = row.employee_id,
        /// Of payroll, else of Benifex.
        pay_group: Text = row.pay_group,
        /// One of those whom the services were asked for: the rows of the source `employees`.
        asked: Flag = row.asked,
        on_payroll: Flag = row.on_payroll,
        in_benifex: Flag = row.in_benifex,
        /// First day of the period compared.
        period_start: Day = row.period.map(|(start, _)| start),
        /// Last day of it.
        period_end: Day = row.period.map(|(_, end)| end),
        /// Rows of the payroll file.
        payroll_rows: Count = Some(row.payroll_rows),
        /// Where the employee ended, and the rows with them: `matched`, `finding`, `out of scope`, `unverified` or
        /// `rejected`. What a waiver makes of a finding follows from `findings`.
        ended: Word = Some(row.ended),
    }
}

/// One payer's part of a line. Amounts are counts of 1/10,000.
pub(crate) struct OfPayer {
    pub(crate) payroll: i64,
    pub(crate) expected: i64,
    /// Of what is expected.
    pub(crate) currency: Option<Currency>,
    pub(crate) counts_as: &'static str,
}

/// One employee and benefit, on payroll or due.
pub(crate) struct LineRow<'r> {
    pub(crate) employee_id: Option<&'r str>,
    pub(crate) benefit: &'r str,
    pub(crate) service: &'static str,
    pub(crate) rung: &'static str,
    pub(crate) ended: &'static str,
    pub(crate) payroll_rows: u64,
    pub(crate) service_rows: u64,
    pub(crate) payroll_currency: Option<Currency>,
    pub(crate) employee: OfPayer,
    pub(crate) employer: OfPayer,
    pub(crate) deductions_a_year: u64,
    pub(crate) employer_deductions_a_year: u64,
    pub(crate) tolerance: i64,
}

/// Its code as text.
fn code(currency: Option<&Currency>) -> Option<&str> {
    currency.map(Currency::code)
}

table! {
    /// Payroll's lines beside what is due for them: one row an employee and benefit (and currency, where there are
    /// several). What was rejected stands in rows without an employee.
    Lines = "lines" of |row: LineRow| {
        /// As text; blank: amounts of rejected rows, added up.
        employee_id: Text = row.employee_id,
        /// Benefit key; the payroll code in brackets where none is mapped.
        benefit: Text = Some(row.benefit),
        /// Whose benefit it is: `benifex` or `oyster`.
        service: Word = Some(row.service),
        /// The rung of the ladder that took the line, by its name in `rules/place.rs`.
        rung: Word = Some(row.rung),
        /// Where the line ended: `matched`, `finding`, `out of scope`, `unverified`, `rejected`.
        ended: Word = Some(row.ended),
        /// Rows of payroll's lines in it; 0: payroll has none, or another run alone took it.
        payroll_rows: Count = Some(row.payroll_rows),
        /// Records of the service in it.
        service_rows: Count = Some(row.service_rows),
        /// Of payroll's amounts, and of the tolerance.
        payroll_currency: Word = code(row.payroll_currency.as_ref()),
        /// Taken of the employee.
        employee_payroll: Amount = Some(row.employee.payroll),
        /// Due of the employee.
        employee_expected: Amount = Some(row.employee.expected),
        /// Of what is due of the employee; blank: not known.
        employee_currency: Word = code(row.employee.currency.as_ref()),
        /// What the two count as in the control totals: `finding`, `tolerated`, `accepted` (what an accepted practice
        /// takes of a part of a period), `settled` (it settles an earlier balance), `unverified`, `out of scope`,
        /// `rejected`.
        employee_counts_as: Word = Some(row.employee.counts_as),
        /// Paid by the employer.
        employer_payroll: Amount = Some(row.employer.payroll),
        /// Due of the employer.
        employer_expected: Amount = Some(row.employer.expected),
        /// Of what is due of the employer; blank: not known.
        employer_currency: Word = code(row.employer.currency.as_ref()),
        /// As of the employee.
        employer_counts_as: Word = Some(row.employer.counts_as),
        /// By which the run rate is reckoned; 0: not known.
        deductions_a_year: Count = Some(row.deductions_a_year),
        /// The same of the employer's share, which may be paid on other dates.
        employer_deductions_a_year: Count = Some(row.employer_deductions_a_year),
        /// What of a difference is rounding.
        tolerance: Amount = Some(row.tolerance),
    }
}

/// What one payer's amount of a record is. Counts of 1/10,000.
#[derive(Clone, Copy, Default)]
pub(crate) struct Price {
    pub(crate) annual: Option<i64>,
    pub(crate) monthly: Option<i64>,
    pub(crate) currency: Option<Currency>,
    pub(crate) due: i64,
}

/// One record of cover.
pub(crate) struct CoverRow<'r> {
    pub(crate) employee_id: &'r str,
    pub(crate) benefit: &'r str,
    pub(crate) service: &'static str,
    pub(crate) status: Option<&'r str>,
    pub(crate) effective_from: Option<NaiveDate>,
    pub(crate) employee: Price,
    pub(crate) employer: Price,
    pub(crate) deductions_a_year: u64,
    pub(crate) employer_deductions_a_year: u64,
    pub(crate) share: &'static str,
    pub(crate) employer_share: &'static str,
}

table! {
    /// The records of cover that were in force or known, and what each makes due in the period.
    Cover = "cover" of |row: CoverRow| {
        /// As text.
        employee_id: Text = Some(row.employee_id),
        /// Benefit key by which payroll's line goes.
        benefit: Text = Some(row.benefit),
        /// `benifex`, or `oyster`, of which the enrollments of one benefit stand together.
        service: Word = Some(row.service),
        /// As the service wrote it.
        status: Word = row.status,
        /// First day of cover.
        effective_from: Day = row.effective_from,
        /// Of the employee, a year.
        employee_annual: Amount = row.employee.annual,
        /// Of the employee, a month.
        employee_monthly: Amount = row.employee.monthly,
        /// Blank: not known.
        employee_currency: Word = code(row.employee.currency.as_ref()),
        /// What is due of the employee in the period.
        employee_due: Amount = Some(row.employee.due),
        /// Of the employer, a year.
        employer_annual: Amount = row.employer.annual,
        /// Of the employer, a month.
        employer_monthly: Amount = row.employer.monthly,
        /// Blank: not known.
        employer_currency: Word = code(row.employer.currency.as_ref()),
        /// What is due of the employer in the period.
        employer_due: Amount = Some(row.employer.due),
        /// The smallest amount of the employee's currency, to which what is due is rounded.
        employee_unit: Amount = row.employee.currency.map(|currency| currency.minor_unit()),
        /// The same of the employer's.
        employer_unit: Amount = row.employer.currency.map(|currency| currency.minor_unit()),
        /// Over how many deductions a year's amount is spread.
        deductions_a_year: Count = Some(row.deductions_a_year),
        /// The same of the employer's share, which may be paid on other dates.
        employer_deductions_a_year: Count = Some(row.employer_deductions_a_year),
        /// How much of a deduction is due: `whole`; `nothing` (not in force, not readable, or no deduction date);
        /// `part`, by the scheme's rule for a part of a period; `estimate`, by Oyster's price and share.
        share: Text = Some(row.share),
        /// The same of the employer's share.
        employer_share: Text = Some(row.employer_share),
    }
}

/// One entry of an account. Amounts are counts of 1/10,000.
pub(crate) struct EntryRow<'r> {
    pub(crate) employee_id: &'r str,
    pub(crate) benefit: &'r str,
    pub(crate) payer: Payer,
    pub(crate) currency: Currency,
    pub(crate) entry: u64,
    pub(crate) period: Option<PayPeriod>,
    pub(crate) opening: i64,
    pub(crate) movements: Movements,
    pub(crate) closing: i64,
}

table! {
    /// The benefit ledger: of each account that holds a balance or is posted to, what it held before the night, what
    /// the night posts for each pay period, and what it holds then. Positive is owed by the payer.
    Entries = "ledger" of |row: EntryRow| {
        /// As text.
        employee_id: Text = Some(row.employee_id),
        benefit: Text = Some(row.benefit),
        /// `employee` or `employer`.
        payer: Word = Some(row.payer.name()),
        currency: Word = Some(row.currency.code()),
        /// 1, 2 … within the account.
        entry: Count = Some(row.entry),
        /// First day of the period that is posted for; blank: nothing is posted, or an early version did not note it.
        period_start: Day = row.period.and_then(|period| period.start),
        /// Last day of it; blank: nothing is posted.
        period_end: Day = row.period.map(|period| period.end),
        /// Before the entry.
        opening: Amount = Some(row.opening),
        /// Due: adds to the balance.
        expected: Amount = Some(row.movements.get(EntryKind::Expected)),
        /// Taken by payroll.
        taken: Amount = Some(row.movements.get(EntryKind::Taken)),
        /// Taken beside what the period owes, for periods before.
        caught_up: Amount = Some(row.movements.get(EntryKind::CaughtUp)),
        /// Given back: adds to the balance.
        refunded: Amount = Some(row.movements.get(EntryKind::Refunded)),
        /// Given up by a person.
        written_off: Amount = Some(row.movements.get(EntryKind::WrittenOff)),
        /// After the entry: opening + expected - taken - caught_up + refunded - written_off.
        closing: Amount = Some(row.closing),
    }
}

/// A finding with its id.
pub struct FindingRow<'r> {
    pub id: &'r str,
    /// A person accepts it for a time.
    pub waived: bool,
    pub finding: &'r Finding,
    /// Exposure to date; counts of 1/10,000.
    pub to_date: Option<(i128, Currency)>,
    /// What of it earlier nights saw in other periods.
    pub earlier: i128,
}

impl FindingRow<'_> {
    /// That of its money, all of which has one.
    fn currency(&self) -> Option<Currency> {
        self.finding.period_exposure.or(self.finding.run_rate).map(|(_, currency)| currency)
    }

    /// What is said where it is not a balance of the ledger.
    fn is_history(&self) -> bool {
        self.to_date.is_some() && self.finding.balance.is_none()
    }
}

table! {
    /// The exceptions and the waived, each once. Words and history stand in exceptions.csv.
    Findings = "findings" of |row: FindingRow| {
        /// The same from night to night.
        finding_id: Text = Some(row.id),
        code: Word = Some(row.finding.code.name()),
        /// `S1` to `S5`.
        severity: Word = Some(row.finding.severity.name()),
        /// A person accepts it for a time.
        waived: Flag = row.waived,
        /// As text; blank: it is about nobody alone.
        employee_id: Text = Some(row.finding.employee_id.as_str()),
        /// Blank: none is concerned.
        benefit: Text = Some(&row.finding.benefit),
        /// The field compared.
        field: Text = Some(&row.finding.field),
        /// Of double cover (EN07) the other benefit, by key.
        other_benefit: Text = (row.finding.code == Code::EN07).then_some(row.finding.payroll_value.as_str()),
        /// Of the two amounts.
        currency: Word = code(row.currency().as_ref()),
        /// What this period adds to the exposure: positive is under-collected, negative is owed back.
        exposure: Amount = row.finding.period_exposure.map(|(amount, _)| amount.0),
        /// Of a year, if nothing changes.
        run_rate: Amount = row.finding.run_rate.map(|(amount, _)| amount.0),
        /// What is open of it, or was since it was first seen; blank: not known.
        exposure_to_date: Sum = row.to_date.map(|(amount, _)| amount),
        /// Of the exposure to date.
        to_date_currency: Word = code(row.to_date.map(|(_, currency)| currency).as_ref()),
        /// Whose accounts in `ledger` the exposure to date is of: `employee`, `employer` or `both`; blank: of none.
        balance_of: Word = row.finding.balance.map(|balance| balance.payer.map_or("both", Payer::name)),
        /// What these accounts hold beside it: rounding, which nobody owes.
        rounding: Amount = row.finding.balance.map(|balance| balance.rounding.0),
        /// And what a period may have settled of which nobody knows what payroll took.
        unproven: Amount = row.finding.balance.map(|balance| balance.unproven.0),
        /// Where it is of no account: what earlier nights saw in other periods than this one.
        earlier: Sum = row.is_history().then_some(row.earlier),
        /// First day of the period compared.
        period_start: Day = row.finding.period_start,
        /// Last day of it.
        period_end: Day = row.finding.period_end,
    }
}

/// One amount that a finding explains.
pub struct VarianceRow<'r> {
    pub id: &'r str,
    pub waived: bool,
    pub finding: &'r Finding,
    pub variance: &'r Variance,
}

table! {
    /// The money of the findings: one row an amount. Of an employee, benefit, payer and currency they add up to the
    /// lines that count as `finding`; by code they give the columns of the control totals.
    Variances = "variances" of |row: VarianceRow| {
        /// As in `findings`.
        finding_id: Text = Some(row.id),
        code: Word = Some(row.finding.code.name()),
        waived: Flag = row.waived,
        /// As text; blank: it is of all who have the benefit (EN13).
        employee_id: Text = Some(row.finding.employee_id.as_str()),
        benefit: Text = Some(&row.variance.benefit),
        /// `employee` or `employer`.
        payer: Word = Some(row.variance.payer.name()),
        currency: Word = Some(row.variance.currency.code()),
        /// Taken in the period.
        payroll: Amount = Some(row.variance.payroll.0),
        /// Due in the period.
        expected: Amount = Some(row.variance.expected.0),
    }
}

/// One figure of the night's totals.
pub struct TotalRow<'r> {
    pub proof: &'static str,
    /// Benefit key, or the name of a source of rows.
    pub name: &'r str,
    pub payer: Option<Payer>,
    pub currency: Option<Currency>,
    pub item: &'static str,
    /// Counts of 1/10,000.
    pub amount: Option<i128>,
    pub rows: Option<u64>,
}

table! {
    /// What the report states as totals: one row a figure. All in it is derived again by `proof.sql`, but where rows of
    /// Oyster's two lists ended.
    Totals = "totals" of |row: TotalRow| {
        /// `control total`, `disposition` (where the rows of a source ended) or `balance` (of the benefit ledger).
        proof: Text = Some(row.proof),
        /// Benefit key, or of a disposition its source.
        name: Text = Some(row.name),
        /// `employee` or `employer`; blank of a disposition.
        payer: Word = row.payer.map(Payer::name),
        currency: Word = code(row.currency.as_ref()),
        /// Which figure: a column of control_totals.csv or balances.csv, or a place where rows end.
        item: Text = Some(row.item),
        /// Money, in the sign of the report: positive is still due. Blank of a disposition.
        amount: Sum = row.amount,
        /// Of a disposition.
        rows: Count = row.rows,
    }
}
