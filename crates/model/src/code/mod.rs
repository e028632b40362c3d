//! The rule codes and what is fixed for each of them: title, severity, whose move it is, whom it blocks, what may come
//! of it. Whoever needs to know asks [`Code::rule`]; the rows stand in `table`.

use strum::IntoEnumIterator;

pub use self::table::Code;
use self::table::TABLE;
use crate::correction::CorrectionKind;

/// Declares the codes and their rows from one list: no code without a row, no row without a code. A row names what
/// differs from [`Rule::PLAIN`].
macro_rules! codes {
    ($($family:ident { $($code:ident $severity:ident $title:literal {
        $($column:ident: $value:expr,)+
    })+ })+) => {
        /// Rule codes (rules.md), in the order of explanation of their families; `rules` holds the precedence inside
        /// one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
        #[strum(ascii_case_insensitive)]
        pub enum Code {
            $($(#[doc = $title] $code,)+)+
        }

        /// In the order of [`Code`].
        pub(super) const TABLE: &[Rule] = &[$($(
            Rule {
                code: Code::$code,
                family: Family::$family,
                severity: Severity::$severity,
                title: $title,
                $($column: $value,)+
                ..Rule::PLAIN
            },
        )+)+];
    };
}

mod table;

/// S1 stop or legal … S5 information (rules.md 2.1). The order is by urgency: `S1` is the smallest.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumIter, strum::EnumString, strum::IntoStaticStr,
)]
pub enum Severity {
    S1,
    S2,
    S3,
    S4,
    S5,
}

impl Severity {
    /// Most urgent first.
    pub fn all() -> impl Iterator<Item = Severity> {
        Severity::iter()
    }

    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Codes that ask the same question, in the order of explanation. By its letters a family is a column of the control
/// totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumIter, strum::IntoStaticStr)]
pub enum Family {
    #[strum(serialize = "CT")]
    Completeness,
    #[strum(serialize = "ID")]
    Identity,
    #[strum(serialize = "CU")]
    Currency,
    #[strum(serialize = "EN")]
    Existence,
    #[strum(serialize = "TM")]
    Timing,
    #[strum(serialize = "AM")]
    Amount,
    #[strum(serialize = "CO")]
    Compensation,
    #[strum(serialize = "DE")]
    Demographic,
}

impl Family {
    pub fn all() -> impl Iterator<Item = Family> {
        Family::iter()
    }

    /// The two letters with which its codes begin.
    pub fn letters(self) -> &'static str {
        self.into()
    }
}

/// Whose move a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Payroll,
    Benefits,
    Operator,
    Approver,
}

impl Owner {
    /// As the subject of a sentence: `the benefits team`.
    pub fn name(self) -> &'static str {
        match self {
            Owner::Payroll => "payroll",
            Owner::Benefits => "the benefits team",
            Owner::Operator => "the operator",
            Owner::Approver => "the approver",
        }
    }

    /// As a sentence of its own; of `None`, nobody's.
    pub fn move_of(owner: Option<Owner>) -> &'static str {
        match owner {
            Some(Owner::Payroll) => "Payroll's move.",
            Some(Owner::Benefits) => "The benefits team's move.",
            Some(Owner::Operator) => "The operator's move.",
            Some(Owner::Approver) => "The approver's move.",
            None => "Nobody's move.",
        }
    }

    /// As a value to filter by: `benefits`.
    pub fn team(self) -> &'static str {
        match self {
            Owner::Payroll => "payroll",
            Owner::Benefits => "benefits",
            Owner::Operator => "operator",
            Owner::Approver => "approver",
        }
    }
}

/// For whom nothing is corrected while a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
    Nobody,
    /// The employees whom it concerns. Of findings on no employee the rules know whom: CT03 concerns the people of its
    /// batches, ID03 of an engagement that belongs to nobody concerns nobody.
    Concerned,
    Everybody,
}

/// What an amount of exposure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
pub enum Direction {
    /// Owed by the employee.
    #[strum(serialize = "under-collected")]
    UnderCollected,
    /// Cover that nobody may pay: what it costs can be ended, not collected.
    #[strum(serialize = "paid for nothing")]
    PaidForNothing,
    /// Owed to the employee.
    #[strum(serialize = "over-collected")]
    OverCollected,
    /// Nobody's move (S5): such money is in no total of the exposure.
    #[strum(serialize = "clears itself")]
    ClearsItself,
}

impl Direction {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// One rule as the public knows it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub code: Code,
    pub family: Family,
    /// The usual one.
    pub severity: Severity,
    /// What the severity falls to when the difference is not material.
    pub immaterial: Option<Severity>,
    pub title: &'static str,
    /// What is compared with what.
    pub compares: &'static str,
    pub tolerance: &'static str,
    /// What to do; whose move it is stands in `owner`.
    pub to_do: &'static str,
    /// Of most of its findings, each of which names its own; `None`: nobody's, or it depends on the finding.
    pub owner: Option<Owner>,
    pub blocks: Blocks,
    /// The Benbase change that may come of its findings.
    pub leads_to: Option<CorrectionKind>,
    /// What exposure above 0 means, unless it clears itself.
    pub uncollected: Direction,
}

impl Rule {
    /// What a row of the table need not say.
    const PLAIN: Rule = Rule {
        code: Code::CT01,
        family: Family::Completeness,
        severity: Severity::S1,
        immaterial: None,
        title: "",
        compares: "",
        tolerance: "none",
        to_do: "",
        owner: None,
        blocks: Blocks::Nobody,
        leads_to: None,
        uncollected: Direction::UnderCollected,
    };

    /// The severities that its findings can have.
    pub fn severities(&self) -> String {
        match self.immaterial {
            Some(less) => format!("{}, {} when not material", self.severity.name(), less.name()),
            None => self.severity.name().to_owned(),
        }
    }

    /// What to do, and whose move it is.
    pub fn move_text(&self) -> String {
        match self.owner {
            Some(owner) => format!("{}; {}'s move", self.to_do, owner.name()),
            None => self.to_do.to_owned(),
        }
    }

    /// A person may accept its findings for a time (`waiver`): not those that say a night is incomplete, proves nothing
    /// or waits for a person.
    pub fn can_be_waived(&self) -> bool {
        self.family != Family::Completeness || matches!(self.code, Code::CT09 | Code::CT11)
    }

    /// A change of pay, status or address may be derived from its findings. New hires and terminations come of other
    /// codes, behind switches of their own.
    pub fn corrects(&self) -> bool {
        matches!(self.leads_to, Some(CorrectionKind::Compensation | CorrectionKind::Demographic))
    }
}

impl Code {
    /// Every implemented code, in the order of explanation.
    pub fn all() -> impl Iterator<Item = Code> {
        Code::iter()
    }

    /// The public spelling, e.g. `EN02`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Its row of the table.
    pub fn rule(self) -> &'static Rule {
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_its_one_row_in_the_family_of_its_letters() {
        assert_eq!(Code::all().count(), TABLE.len());
        for code in Code::all() {
            assert_eq!(code.rule().code, code);
            assert!(code.name().starts_with(code.rule().family.letters()), "{}", code.name());
            assert_eq!(code.name().to_lowercase().parse(), Ok(code));
        }
    }

    #[test]
    fn titles_are_distinct_and_no_text_is_blank() {
        let titles: BTreeSet<&str> = TABLE.iter().map(|rule| rule.title).collect();
        assert_eq!(titles.len(), TABLE.len());
        for rule in TABLE {
            assert!(
                [rule.title, rule.compares, rule.tolerance, rule.to_do].iter().all(|text| text.len() > 3),
                "{rule:?}"
            );
        }
    }

    #[test]
    fn what_nobody_need_act_on_is_nobodys_move() {
        for rule in TABLE.iter().filter(|rule| rule.severity == Severity::S5) {
            assert_eq!((rule.owner, rule.leads_to), (None, None), "{rule:?}");
        }
    }
}
