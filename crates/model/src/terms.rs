//! The words that payroll and the services share: closed lists of terms, spelled as the services spell them.

use serde::Deserialize;

use crate::money::Money;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayFrequency {
    Weekly,
    Biweekly,
    Semimonthly,
    Monthly,
}

impl PayFrequency {
    pub const ALL: [PayFrequency; 4] =
        [PayFrequency::Weekly, PayFrequency::Biweekly, PayFrequency::Semimonthly, PayFrequency::Monthly];

    /// Pays a year; the values of Benifex `payPeriods` that Benbase can express (CO03).
    pub fn per_year(self) -> u32 {
        match self {
            PayFrequency::Weekly => 52,
            PayFrequency::Biweekly => 26,
            PayFrequency::Semimonthly => 24,
            PayFrequency::Monthly => 12,
        }
    }

    pub fn of_name(name: &str) -> Option<PayFrequency> {
        let all = [PayFrequency::Weekly, PayFrequency::Biweekly, PayFrequency::Semimonthly, PayFrequency::Monthly];
        all.into_iter().find(|frequency| frequency.name() == name)
    }

    /// Deductions a year where a month with a further pay date has none more: 24 of 26 pays, 48 of 52.
    pub fn customary_deductions(self) -> Option<u32> {
        match self {
            PayFrequency::Weekly => Some(48),
            PayFrequency::Biweekly => Some(24),
            PayFrequency::Semimonthly | PayFrequency::Monthly => None,
        }
    }

    /// As Benbase spells it.
    pub fn name(self) -> &'static str {
        match self {
            PayFrequency::Weekly => "weekly",
            PayFrequency::Biweekly => "biweekly",
            PayFrequency::Semimonthly => "semimonthly",
            PayFrequency::Monthly => "monthly",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmploymentStatus {
    FullTime,
    PartTime,
    VariableHours,
}

impl EmploymentStatus {
    /// As Benbase spells it.
    pub fn name(self) -> &'static str {
        match self {
            EmploymentStatus::FullTime => "full_time",
            EmploymentStatus::PartTime => "part_time",
            EmploymentStatus::VariableHours => "variable_hours",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBasis {
    Annually,
    Hourly,
    Monthly,
    /// A day's, a shift's, a pay's: it is kept and never compared.
    Other,
}

impl RateBasis {
    pub const ALL: [RateBasis; 4] = [RateBasis::Annually, RateBasis::Hourly, RateBasis::Monthly, RateBasis::Other];

    /// The first two as Benbase spells them; it takes no others.
    pub fn name(self) -> &'static str {
        match self {
            RateBasis::Annually => "annually",
            RateBasis::Hourly => "hourly",
            RateBasis::Monthly => "monthly",
            RateBasis::Other => "other",
        }
    }
}

/// How far twelve pays of a month may be off that of the year, of which each is a twelfth: half a cent a month.
pub const YEAR_ROUNDING: Money = Money(600);

/// Where in a payslip a deduction is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxTreatment {
    PreTax,
    PostTax,
    /// Salary that was given up for it.
    Sacrifice,
}

impl TaxTreatment {
    pub const ALL: [TaxTreatment; 3] = [TaxTreatment::PreTax, TaxTreatment::PostTax, TaxTreatment::Sacrifice];

    /// `pre_tax`, `post_tax`, `sacrifice`.
    pub fn name(self) -> &'static str {
        match self {
            TaxTreatment::PreTax => "pre_tax",
            TaxTreatment::PostTax => "post_tax",
            TaxTreatment::Sacrifice => "sacrifice",
        }
    }
}

/// What a row of payroll belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunType {
    /// The pay run of the period.
    Regular,
    /// A run beside it: a bonus, a thirteenth month.
    OffCycle,
    /// A run that puts another one right.
    Correction,
    /// No pay: a test, a void.
    LeftOut,
}

impl RunType {
    pub fn name(self) -> &'static str {
        match self {
            RunType::Regular => "regular",
            RunType::OffCycle => "off_cycle",
            RunType::Correction => "correction",
            RunType::LeftOut => "left_out",
        }
    }
}

/// What the salary of somebody who works part time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartTimePay {
    /// The pay of the hours worked.
    Actual,
    /// The pay of full time, of which the person gets their share.
    FullTime,
}

/// Class of a Benifex benefit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BenefitStatus {
    /// Cover is in force; deductions are due.
    Live,
    /// Chosen, not yet in force.
    Pending,
    /// Over or declined.
    Ended,
}

impl BenefitStatus {
    pub fn name(self) -> &'static str {
        match self {
            BenefitStatus::Live => "live",
            BenefitStatus::Pending => "pending",
            BenefitStatus::Ended => "ended",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    Payroll,
    Benifex,
}

/// The unit of a share at an endpoint of Oyster (contracts, O1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareUnit {
    /// 0.55
    Fraction,
    /// 55
    Percent,
}
