//! Where a line can end, and how that counts in the proofs. `ladder` decides it.

/// Where a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter, strum::FromRepr)]
#[repr(u32)]
pub(super) enum Place {
    Matched,
    Am01,
    Am02,
    /// Both sides differ: one finding each.
    AmBoth,
    /// Deducted on a pay date on which nothing is due.
    Am06,
    En01,
    En02,
    En04,
    En05,
    En13,
    Tm07,
    /// Deducted on the extra pay date of a year.
    Tm09,
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
    UnverifiedPerson,
    UnverifiedFields,
    UnverifiedDates,
    UnverifiedCurrency,
    Cu01,
    UnverifiedDeductions,
    UnverifiedLate,
    /// Nobody said on which pay dates the benefit is deducted.
    UnverifiedCalendar,
    UnverifiedPart,
    UnverifiedRow,
    /// Who the person is, or when they left, must be settled first.
    Unsettled,
    /// Lines of Oyster's benefits, placed in `oyster/ladder.rs`; also Benifex's lines of contractors (EN15).
    En02Oyster,
    En08,
    En09,
    En15,
    Am15Employee,
    Am15Employer,
    /// Both sides differ: one finding each.
    Am15Both,
    Am14,
    Am16,
    Cu01Oyster,
    OutOyster,
    UnverifiedOyster,
}

/// How CT10 counts a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Matched,
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

    pub(super) fn fate(self) -> Fate {
        use Place::*;
        match self {
            Matched => Fate::Matched,
            Am01 | Am02 | AmBoth | Am06 | En01 | En02 | En04 | En05 | En13 | Tm07 | Tm09 | Id01 | Id02 | Id04
            | Id05 | En02Oyster | En08 | En09 | En15 | Am15Employee | Am15Employer | Am15Both => Fate::Finding,
            OutIgnored | OutNewHire | OutNewStarter | OutOffPayroll | OutOyster | Am16 => Fate::OutOfScope,
            Am14 | Cu01 | Cu01Oyster | UnverifiedPerson | UnverifiedFields | UnverifiedDates | UnverifiedCurrency
            | UnverifiedDeductions | UnverifiedLate | UnverifiedCalendar | UnverifiedPart | UnverifiedRow
            | UnverifiedOyster | Unsettled => Fate::Unverified,
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
