//! Findings: the product. Plain values with a total order; no frames, no I/O.

use chrono::NaiveDate;

use crate::hash::sha256_hex;
use crate::money::{Currency, Money};

mod severity;

pub use severity::Severity;

/// Hex digits of a finding id.
const ID_DIGITS: usize = 16;

/// Rule codes (rules.md), in the order of explanation of their families; `rules` holds the precedence inside one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    CT01,
    CT02,
    CT03,
    CT04,
    CT06,
    CT10,
    CT11,
    ID01,
    ID02,
    ID03,
    ID04,
    ID05,
    ID08,
    CU01,
    CU02,
    EN01,
    EN02,
    EN04,
    EN05,
    EN07,
    EN08,
    EN09,
    EN10,
    EN13,
    EN15,
    TM07,
    AM01,
    AM02,
    AM14,
    AM15,
    AM16,
    CO01,
    CO02,
    CO03,
    CO04,
    CO07,
    DE01,
    DE02,
    DE04,
    DE05,
    DE07,
}

impl Code {
    /// Every implemented code, in the order of explanation.
    pub const ALL: [Code; 41] = [
        Code::CT01,
        Code::CT02,
        Code::CT03,
        Code::CT04,
        Code::CT06,
        Code::CT10,
        Code::CT11,
        Code::ID01,
        Code::ID02,
        Code::ID03,
        Code::ID04,
        Code::ID05,
        Code::ID08,
        Code::CU01,
        Code::CU02,
        Code::EN01,
        Code::EN02,
        Code::EN04,
        Code::EN05,
        Code::EN07,
        Code::EN08,
        Code::EN09,
        Code::EN10,
        Code::EN13,
        Code::EN15,
        Code::TM07,
        Code::AM01,
        Code::AM02,
        Code::AM14,
        Code::AM15,
        Code::AM16,
        Code::CO01,
        Code::CO02,
        Code::CO03,
        Code::CO04,
        Code::CO07,
        Code::DE01,
        Code::DE02,
        Code::DE04,
        Code::DE05,
        Code::DE07,
    ];

    /// The public spelling, e.g. `EN02`.
    pub fn name(self) -> &'static str {
        match self {
            Code::CT01 => "CT01",
            Code::CT02 => "CT02",
            Code::CT03 => "CT03",
            Code::CT04 => "CT04",
            Code::CT06 => "CT06",
            Code::CT10 => "CT10",
            Code::CT11 => "CT11",
            Code::ID01 => "ID01",
            Code::ID02 => "ID02",
            Code::ID04 => "ID04",
            Code::ID05 => "ID05",
            Code::ID08 => "ID08",
            Code::CU01 => "CU01",
            Code::CU02 => "CU02",
            Code::EN13 => "EN13",
            Code::EN05 => "EN05",
            Code::EN04 => "EN04",
            Code::TM07 => "TM07",
            Code::EN02 => "EN02",
            Code::EN01 => "EN01",
            Code::AM01 => "AM01",
            Code::AM02 => "AM02",
            Code::ID03 => "ID03",
            Code::EN07 => "EN07",
            Code::EN08 => "EN08",
            Code::EN09 => "EN09",
            Code::EN10 => "EN10",
            Code::EN15 => "EN15",
            Code::AM14 => "AM14",
            Code::AM15 => "AM15",
            Code::AM16 => "AM16",
            Code::CO01 => "CO01",
            Code::CO02 => "CO02",
            Code::CO03 => "CO03",
            Code::CO04 => "CO04",
            Code::CO07 => "CO07",
            Code::DE01 => "DE01",
            Code::DE02 => "DE02",
            Code::DE04 => "DE04",
            Code::DE05 => "DE05",
            Code::DE07 => "DE07",
        }
    }

    pub fn parse(text: &str) -> Option<Code> {
        Code::ALL.into_iter().find(|c| c.name().eq_ignore_ascii_case(text))
    }

    /// The two letters before the number: a column of the control totals.
    pub fn family(self) -> &'static str {
        &self.name()[..2]
    }
}

/// Employee or employer side of a deduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Employee,
    Employer,
}

impl Side {
    pub const BOTH: [Side; 2] = [Side::Employee, Side::Employer];

    pub fn name(self) -> &'static str {
        match self {
            Side::Employee => "employee",
            Side::Employer => "employer",
        }
    }
}

/// The money that a finding explains: one cell of the control totals' sum. `payroll − expected` over all variances of
/// a benefit, currency and side plus tolerated drift is the difference of the totals, residual exactly 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variance {
    /// Benefit key; the payroll code in brackets, `(CODE)`, where no benefit is mapped.
    pub benefit: String,
    pub currency: Currency,
    pub side: Side,
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

/// One discrepancy: whose, what was compared, what was there, what it costs and whose move it is.
///
/// Ordered by severity, code, employee, benefit and field: the order of every report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub severity: Severity,
    pub code: Code,
    /// Blank for findings on a whole file, batch or benefit.
    pub employee_id: String,
    /// Benefit key, or payroll code in brackets where none is mapped; blank where none is concerned.
    pub benefit: String,
    /// The field compared, in payroll's canonical names: `ee_amount`, `base_salary`, `state`.
    pub field: String,
    /// As text for the reviewer; personal values (birth date, address lines) are masked.
    pub payroll_value: String,
    pub system_value: String,
    /// Variances that this finding explains in the control totals; empty for findings without deduction money.
    pub variances: Vec<Variance>,
    /// Payroll − system for pay and other amounts that are not deductions (CO01), with its currency.
    pub pay_difference: Option<(Money, Currency)>,
    /// What this period adds to the exposure (rules.md 2.1): positive = under-collected. `None` = not computed.
    pub period_exposure: Option<(Money, Currency)>,
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
    /// Corrections are not derived for this employee (CT and ID findings that block).
    pub blocks: bool,
}

/// The id of a finding, the same from night to night: the first sixteen hex digits of SHA-256 over job name, code,
/// employee id, benefit and field, joined by U+001F (unit separator, which none of them holds).
pub fn id(job: &str, finding: &Finding) -> String {
    let parts = [job, finding.code.name(), &finding.employee_id, &finding.benefit, &finding.field];
    let mut hex = sha256_hex(parts.join("\u{1f}"));
    hex.truncate(ID_DIGITS);
    hex
}

/// Where a row of a source ended that is neither matched nor a finding (CT10).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAside {
    /// `payroll`, `benifex`, `oyster`.
    pub source: String,
    pub employee_id: String,
    /// Benefit key or payroll code; blank for a whole person.
    pub benefit: String,
    /// Plain reason, e.g. `benefits not fetched: 3 attempts failed, last 503`.
    pub reason: String,
    /// Payroll amounts involved, by side; absent where there are none.
    pub employee_amount: Option<Money>,
    pub employer_amount: Option<Money>,
    /// Expected amounts involved.
    pub employee_expected: Option<Money>,
    pub employer_expected: Option<Money>,
    pub currency: Option<Currency>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Finding {
        Finding {
            severity: Severity::S2,
            code: Code::EN02,
            employee_id: "00123".to_owned(),
            benefit: "_Dental".to_owned(),
            field: "ee_amount".to_owned(),
            payroll_value: "10.00".to_owned(),
            system_value: String::new(),
            variances: Vec::new(),
            pay_difference: None,
            period_exposure: None,
            run_rate: None,
            period_start: None,
            period_end: None,
            pay_group: String::new(),
            legal_entity: String::new(),
            evidence: Vec::new(),
            also: Vec::new(),
            sentence: String::new(),
            blocks: false,
        }
    }

    #[test]
    fn the_id_of_a_finding_is_sixteen_digits_of_a_known_hash() {
        // printf 'demo\x1fEN02\x1f00123\x1f_Dental\x1fee_amount' | sha256sum
        assert_eq!(id("demo", &sample()), "a579e441c2276681");
    }

    #[test]
    fn the_id_stays_when_values_move_and_moves_with_what_is_compared() {
        let same = Finding { payroll_value: "11.00".to_owned(), severity: Severity::S3, ..sample() };
        assert_eq!(id("demo", &same), id("demo", &sample()));
        let others = [
            Finding { code: Code::EN01, ..sample() },
            Finding { employee_id: "123".to_owned(), ..sample() },
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
