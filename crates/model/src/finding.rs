//! Findings: the product. Plain values with a total order; no frames, no I/O.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::balance::PayPeriod;
use crate::code::{Blocks, Owner};
pub use crate::code::{Code, Direction, Severity};
use crate::correction::CorrectionKind;
use crate::hash::sha256_hex;
use crate::ids::PayrollId;
use crate::money::{Currency, Money};

/// Before the hex digits of a finding id: digits alone, or with one `e` among them, are a number to a spreadsheet.
const ID_MARK: char = 'f';
/// Hex digits of a finding id.
const ID_DIGITS: usize = 16;

/// Field of a CO07 on somebody whom Benbase was never told of.
pub const NEVER_TOLD: &str = "hire_date";

/// Who pays a part of a deduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payer {
    Employee,
    Employer,
}

impl Payer {
    pub const BOTH: [Payer; 2] = [Payer::Employee, Payer::Employer];

    pub fn name(self) -> &'static str {
        match self {
            Payer::Employee => "employee",
            Payer::Employer => "employer",
        }
    }

    /// The code of an amount that differs.
    pub fn amount_code(self) -> Code {
        match self {
            Payer::Employee => Code::AM01,
            Payer::Employer => Code::AM02,
        }
    }

    /// The column of the amount, as the payroll file is told of.
    pub fn amount_field(self) -> &'static str {
        match self {
            Payer::Employee => "ee_amount",
            Payer::Employer => "er_amount",
        }
    }
}

/// The money that a finding explains: one cell of the control totals' sum. `payroll − expected` over all variances of
/// a benefit, currency and payer plus tolerated drift is the difference of the totals, residual exactly 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variance {
    /// Benefit key; the payroll code in brackets, `(CODE)`, where no benefit is mapped.
    pub benefit: String,
    pub currency: Currency,
    pub payer: Payer,
    /// Deducted in this period.
    pub payroll: Money,
    /// Due in this period according to Benifex or Oyster.
    pub expected: Money,
}

impl Variance {
    /// Payroll − expected; positive = more was taken than is due.
    pub fn difference(&self) -> Money {
        Money(self.payroll.0 - self.expected.0)
    }
}

/// Where a value of a finding was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// `payroll`, `benifex`, `oyster`, `benbase-ledger`, `job`, `crosswalk`, `snapshot <id>`.
    pub source: String,
    /// Field as the source names it.
    pub field: String,
    /// Payroll: `line 17`. Services: when it was fetched, RFC 3339 UTC, to the second.
    pub at: String,
}

/// What is owed on an account of the benefit ledger, since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenBalance {
    /// Positive: owed by the payer.
    pub amount: Money,
    pub currency: Currency,
    /// The first period that is not settled.
    pub since: PayPeriod,
    /// The night that found it.
    pub found_on: NaiveDate,
    /// Periods that are not settled.
    pub periods: u32,
    /// Whose accounts it is of; `None`: of both.
    pub payer: Option<Payer>,
    /// What these accounts hold beside the amount: rounding, which nobody owes.
    pub rounding: Money,
    /// And what a period may have settled of which nobody knows what payroll took.
    pub unproven: Money,
}

/// One discrepancy: whose, what was compared, what was there, what it costs and whose move it is.
///
/// Ordered by severity, code, employee, benefit and field: the order of every report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub severity: Severity,
    pub code: Code,
    /// Blank for findings on a whole file, batch or benefit.
    pub employee_id: PayrollId,
    /// Benefit key, or payroll code in brackets where none is mapped; blank where none is concerned.
    pub benefit: String,
    /// The field compared, in payroll's canonical names: `ee_amount`, `base_salary`, `state`.
    pub field: String,
    /// As text for the reviewer; personal values (birth date, address lines) are masked.
    pub payroll_value: String,
    pub system_value: String,
    /// SHA-256 in hex over the personal values that are masked, as they are compared; blank where none is. It tells
    /// whether they moved and is in no report, for a birth date could be guessed from it.
    pub masked: String,
    /// Variances that this finding explains in the control totals; empty for findings without deduction money.
    pub variances: Vec<Variance>,
    /// Payroll − system for pay and other amounts that are not deductions (CO01), with its currency.
    pub pay_difference: Option<(Money, Currency)>,
    /// What this period adds to the exposure (rules.md 2.1): positive = under-collected. `None` = not computed.
    pub period_exposure: Option<(Money, Currency)>,
    /// What is open on the accounts that it is about, all known periods taken together; `None`: no account is kept of
    /// it.
    pub balance: Option<OpenBalance>,
    /// Per year if nothing changes.
    pub run_rate: Option<(Money, Currency)>,
    /// First day of the payroll period compared, where there is one.
    pub period_start: Option<NaiveDate>,
    /// Last day of the payroll period compared, where there is one: exposure is counted once a period.
    pub period_end: Option<NaiveDate>,
    pub pay_group: String,
    pub legal_entity: String,
    pub evidence: Vec<Evidence>,
    /// Other codes that fit the same variance.
    pub also: Vec<Code>,
    /// What, since when, how much, whose move: one plain sentence.
    pub sentence: String,
    /// Whose move it is, as the sentence says; `None`: nobody's.
    pub owner: Option<Owner>,
}

impl Finding {
    /// Of this code and its severity, with nothing else filled in.
    pub fn blank(code: Code) -> Finding {
        Finding {
            severity: code.rule().severity,
            code,
            employee_id: PayrollId::default(),
            benefit: String::new(),
            field: String::new(),
            payroll_value: String::new(),
            system_value: String::new(),
            masked: String::new(),
            variances: Vec::new(),
            pay_difference: None,
            period_exposure: None,
            balance: None,
            run_rate: None,
            period_start: None,
            period_end: None,
            pay_group: String::new(),
            legal_entity: String::new(),
            evidence: Vec::new(),
            also: Vec::new(),
            sentence: String::new(),
            owner: None,
        }
    }

    /// Says whose move it is, as the end of the sentence so far; `None`: nobody's.
    #[must_use]
    pub fn moved_by(mut self, owner: impl Into<Option<Owner>>) -> Finding {
        self.owner = owner.into();
        self.sentence.push(' ');
        self.sentence.push_str(Owner::move_of(self.owner));
        self
    }

    /// Corrections are not derived for its employee.
    pub fn blocks(&self) -> bool {
        self.code.rule().blocks != Blocks::Nobody
    }

    /// The Benbase change that may come of it: that of its code, but a new hire for whom Benbase was never told of.
    pub fn leads_to(&self) -> Option<CorrectionKind> {
        match (self.code, self.field.as_str()) {
            (Code::CO07, NEVER_TOLD) => Some(CorrectionKind::NewHire),
            _ => self.code.rule().leads_to,
        }
    }

    /// A change of pay, status or address may be derived from it.
    pub fn corrects(&self) -> bool {
        matches!(self.leads_to(), Some(CorrectionKind::Compensation | CorrectionKind::Demographic))
    }

    /// Corrections are derived for nobody. Other findings that block, on no employee (CT03, ID03), hold back only those
    /// whom the rules name as concerned.
    pub fn stops_everybody(&self) -> bool {
        self.code.rule().blocks == Blocks::Everybody && self.employee_id.is_empty()
    }

    /// Adds a further code that fits the variance, and what it says.
    pub fn tell_also(&mut self, code: Code, words: &str) {
        self.also.push(code);
        self.sentence.push(' ');
        self.sentence.push_str(words);
    }

    /// Nobody's move (S5): its money is in no total of the exposure.
    pub fn clears_itself(&self) -> bool {
        self.severity == Severity::S5
    }

    /// What its exposure, in counts of 1/10,000, means; `None` for nothing.
    pub fn direction(&self, exposure: i128) -> Option<Direction> {
        match exposure {
            0 => None,
            _ if self.clears_itself() => Some(Direction::ClearsItself),
            ..0 => Some(Direction::OverCollected),
            _ => Some(self.code.rule().uncollected),
        }
    }
}

/// The id of a finding, the same from night to night: `f` and the first sixteen hex digits of SHA-256 over job name,
/// code, employee id, benefit and field, joined by U+001F (unit separator, which none of them holds).
pub fn id(job: &str, finding: &Finding) -> String {
    let parts = [job, finding.code.name(), finding.employee_id.as_str(), &finding.benefit, &finding.field];
    let mut id = sha256_hex(parts.join("\u{1f}"));
    id.truncate(ID_DIGITS);
    id.insert(0, ID_MARK);
    id
}

/// Where a row of a source ended that is neither matched nor a finding (CT10).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAside {
    /// `payroll`, `benifex`, `oyster`.
    pub source: &'static str,
    pub employee_id: PayrollId,
    /// Benefit key or payroll code; blank for a whole person.
    pub benefit: String,
    /// Plain reason, e.g. `benefits not fetched: 3 attempts failed, last 503`.
    pub reason: Cow<'static, str>,
    /// Payroll amounts involved, by side; absent where there are none.
    pub employee_amount: Option<Money>,
    pub employer_amount: Option<Money>,
    /// Expected amounts involved.
    pub employee_expected: Option<Money>,
    pub employer_expected: Option<Money>,
    pub currency: Option<Currency>,
    /// What a payroll row that was set aside says of its pay period.
    pub period: Option<PayPeriod>,
}

impl SetAside {
    /// Of a whole person, without an amount.
    pub fn person(
        source: &'static str,
        employee_id: impl Into<PayrollId>,
        reason: impl Into<Cow<'static, str>>,
    ) -> SetAside {
        SetAside {
            source,
            employee_id: employee_id.into(),
            benefit: String::new(),
            reason: reason.into(),
            employee_amount: None,
            employer_amount: None,
            employee_expected: None,
            employer_expected: None,
            currency: None,
            period: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Finding {
        Finding {
            severity: Severity::S2,
            employee_id: "00123".into(),
            benefit: "_Dental".to_owned(),
            field: "ee_amount".to_owned(),
            payroll_value: "10.00".to_owned(),
            ..Finding::blank(Code::EN02)
        }
    }

    #[test]
    fn the_id_of_a_finding_is_a_letter_and_sixteen_digits_of_a_known_hash() {
        // printf 'demo\x1fEN02\x1f00123\x1f_Dental\x1fee_amount' | sha256sum
        assert_eq!(id("demo", &sample()), "fa579e441c2276681");
    }

    #[test]
    fn the_id_stays_when_values_move_and_moves_with_what_is_compared() {
        let same = Finding { payroll_value: "11.00".to_owned(), severity: Severity::S3, ..sample() };
        assert_eq!(id("demo", &same), id("demo", &sample()));
        let others = [
            Finding { code: Code::EN01, ..sample() },
            Finding { employee_id: "123".into(), ..sample() },
            Finding { benefit: "_Medical".to_owned(), ..sample() },
            Finding { field: "er_amount".to_owned(), ..sample() },
            Finding { benefit: String::new(), field: "_Dentalee_amount".to_owned(), ..sample() },
        ];
        for other in others {
            assert_ne!(id("demo", &other), id("demo", &sample()), "{other:?}");
        }
        assert_ne!(id("acme", &sample()), id("demo", &sample()));
    }
}
