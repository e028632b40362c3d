//! Where a line can end, and how that counts in the proofs.

/// Where a line ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter, strum::FromRepr, strum::IntoStaticStr,
)]
#[repr(u32)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Place {
    Matched,
    /// A part of a period, and the amount is what an accepted practice takes of it.
    Accepted,
    Am01,
    Am02,
    /// Both sides differ: one finding each.
    AmBoth,
    /// What both sides paid together differs (salary sacrifice).
    AmTogether,
    /// Each side paid what is due of the other.
    Am09,
    /// A part of a period, and no accepted practice, or not the scheme's, takes the amount of it.
    Am08,
    /// More than the percentage of pay.
    Am13,
    /// Deducted on a pay date on which nothing is due.
    Am06,
    En01,
    En02,
    En04,
    En05,
    /// Deducted before cover begins.
    En11,
    En13,
    /// Deducted from somebody whose pay group may not have the benefit.
    En16,
    Tm07,
    /// Deducted on the extra pay date of a year.
    Tm09,
    /// Nothing was deducted from somebody on unpaid leave whose cover goes on.
    Tm11,
    Id01,
    Id02,
    Id04,
    Id05,
    OutIgnored,
    /// Payroll has a new hire that Benifex does not have yet.
    OutNewHire,
    /// Benifex has a new starter that payroll does not have yet.
    OutNewStarter,
    OutOffPayroll,
    /// The person is in another payroll's pay group.
    OutElsewhere,
    UnverifiedPerson,
    UnverifiedFields,
    UnverifiedDates,
    UnverifiedCurrency,
    Cu01,
    UnverifiedDeductions,
    UnverifiedLate,
    /// Nobody said on which pay dates the benefit is deducted.
    UnverifiedCalendar,
    /// Cover begins only after the period; an earlier record may have been in force.
    UnverifiedAhead,
    /// It takes what is due of the days after the period, as others of the pay group do.
    UnverifiedInAdvance,
    /// Cover begins, ends or changes with the month of the pay date, which the period does not reach.
    UnverifiedPayDate,
    /// Cover ended in this period, and what was due until then is not known.
    UnverifiedEnded,
    UnverifiedPart,
    /// The same, and what the one before cost is not known: the job says all that it can.
    UnverifiedReplaced,
    /// Several records are in force at once, with different amounts.
    UnverifiedSeveral,
    /// One of several records is gone, and how long it was in force is not known.
    UnverifiedFewer,
    /// Deducted without a record, and nothing is known of the time before.
    UnverifiedVanished,
    /// One side paid for both, as salary sacrifice does.
    UnverifiedSacrifice,
    /// An amount that may follow actual pay.
    UnverifiedPercent,
    /// More than a percentage of pay whose record was entered late, which may be what it owes of earlier periods.
    UnverifiedSince,
    /// Less than the percentage of pay, as a yearly limit makes it.
    UnverifiedLimit,
    /// Taken after cover was over, perhaps of a pay that came later.
    UnverifiedLaterPay,
    /// The code seems to hold further benefits of the person.
    UnverifiedShared,
    /// A code that is the benefit's but for case and blanks has an amount of the person.
    UnverifiedSpelling,
    /// Every amount of the code has the other sign.
    UnverifiedSign,
    UnverifiedRow,
    /// Who the person is, or when they left, must be settled first.
    Unsettled,
    /// It gives back money, and which period it settles is not known.
    UnverifiedRefund,
    /// Nothing was deducted for the first period of cover, and something may have been before it.
    UnverifiedBefore,
    /// It may settle what a period left open whose payroll was never read.
    UnverifiedGap,
    /// The benefit ledger holds another run of the same day, or a period of which the file may have rows once more.
    UnverifiedRun,
    /// The sources contradict each other on how often the person is paid, or the job on how often that is deducted.
    UnverifiedFrequency,
    /// Benifex has the person in a pay group with other pay dates or deductions.
    UnverifiedGroup,
    /// The period and one of another frequency that was judged before have days in common.
    UnverifiedOverlap,
    /// Lines of Oyster's benefits, placed in `oyster/ladder.rs`; also Benifex's lines of contractors (EN15).
    En02Oyster,
    En08,
    En09,
    En15,
    Am15Employee,
    Am15Employer,
    /// Both sides differ: one finding each.
    Am15Both,
    /// The employer pays all of it, so that a charge of the employee is wrong whatever the price; the employer's side
    /// can't be computed.
    Am15Free,
    Am14,
    Am16,
    Cu01Oyster,
    OutOyster,
    UnverifiedOyster,
}

/// How CT10 counts a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Fate {
    Matched,
    #[strum(serialize = "out of scope")]
    OutOfScope,
    Unverified,
    Finding,
}

impl Place {
    pub(super) fn number(self) -> u32 {
        self as u32
    }

    /// The place of a number of a column of places.
    pub(super) fn of(number: u32) -> Place {
        Place::from_repr(number).expect("a column of places holds numbers of places only")
    }

    /// What was due of the line is known, so that its amounts belong in the books.
    pub(super) fn is_judged(self) -> bool {
        use Place::*;
        matches!(
            self,
            Matched
                | Accepted
                | Am01
                | Am02
                | AmBoth
                | AmTogether
                | Am06
                | Am08
                | Am09
                | En01
                | En02
                | En04
                | En05
                | En11
                | En15
                | En16
                | Tm07
                | Tm09
                | Tm11
        )
    }

    pub(super) fn fate(self) -> Fate {
        use Place::*;
        match self {
            Matched | Accepted => Fate::Matched,
            Am01 | Am02 | AmBoth | AmTogether | Am09 | Am13 | Am06 | Am08 | En01 | En02 | En04 | En05 | En11 | En13
            | En16 | Tm07 | Tm09 | Tm11 | Id01 | Id02 | Id04 | Id05 | En02Oyster | En08 | En09 | En15
            | Am15Employee | Am15Employer | Am15Both | Am15Free => Fate::Finding,
            OutIgnored | OutNewHire | OutNewStarter | OutOffPayroll | OutElsewhere | OutOyster | Am16 => {
                Fate::OutOfScope
            }
            Am14 | Cu01 | Cu01Oyster | UnverifiedPerson | UnverifiedFields | UnverifiedDates | UnverifiedCurrency
            | UnverifiedDeductions | UnverifiedLate | UnverifiedCalendar | UnverifiedAhead | UnverifiedInAdvance
            | UnverifiedPayDate | UnverifiedEnded | UnverifiedPart | UnverifiedReplaced | UnverifiedSeveral
            | UnverifiedFewer | UnverifiedVanished | UnverifiedSacrifice | UnverifiedPercent | UnverifiedSince
            | UnverifiedLimit | UnverifiedLaterPay | UnverifiedShared | UnverifiedSpelling | UnverifiedSign
            | UnverifiedRow | UnverifiedRefund | UnverifiedBefore | UnverifiedGap | UnverifiedRun
            | UnverifiedFrequency | UnverifiedGroup | UnverifiedOverlap | UnverifiedOyster | Unsettled => {
                Fate::Unverified
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn the_number_of_a_place_leads_back_to_it() {
        for place in Place::iter() {
            assert_eq!(Place::of(place.number()), place);
        }
    }
}
