//! Where a line can end, and how that counts in the proofs. `ladder` decides it.

/// Where a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub(super) enum Place {
    Matched,
    Am01,
    Am02,
    /// Both sides differ: one finding each.
    AmBoth,
    En01,
    En02,
    En04,
    En05,
    En13,
    Tm07,
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
    UnverifiedPart,
    UnverifiedRow,
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
    pub(super) const ALL: [Place; 39] = [
        Place::Matched,
        Place::Am01,
        Place::Am02,
        Place::AmBoth,
        Place::En01,
        Place::En02,
        Place::En04,
        Place::En05,
        Place::En13,
        Place::Tm07,
        Place::Id01,
        Place::Id02,
        Place::Id04,
        Place::Id05,
        Place::OutIgnored,
        Place::OutNewHire,
        Place::OutNewStarter,
        Place::OutOffPayroll,
        Place::UnverifiedPerson,
        Place::UnverifiedFields,
        Place::UnverifiedDates,
        Place::UnverifiedCurrency,
        Place::Cu01,
        Place::UnverifiedDeductions,
        Place::UnverifiedLate,
        Place::UnverifiedPart,
        Place::UnverifiedRow,
        Place::En02Oyster,
        Place::En08,
        Place::En09,
        Place::En15,
        Place::Am15Employee,
        Place::Am15Employer,
        Place::Am15Both,
        Place::Am14,
        Place::Am16,
        Place::Cu01Oyster,
        Place::OutOyster,
        Place::UnverifiedOyster,
    ];

    pub(super) fn number(self) -> u32 {
        self as u32
    }

    /// The place of a number of a column of places.
    pub(super) fn of(number: u32) -> Place {
        Place::ALL[number as usize]
    }

    pub(super) fn fate(self) -> Fate {
        use Place::{
            Am01, Am02, Am14, Am15Both, Am15Employee, Am15Employer, Am16, AmBoth, Cu01, Cu01Oyster, En01, En02,
            En02Oyster, En04, En05, En08, En09, En13, En15, Id01, Id02, Id04, Id05, Matched, OutIgnored, OutNewHire,
            OutNewStarter, OutOffPayroll, OutOyster, Tm07, UnverifiedCurrency, UnverifiedDates, UnverifiedDeductions,
            UnverifiedFields, UnverifiedLate, UnverifiedOyster, UnverifiedPart, UnverifiedPerson, UnverifiedRow,
        };
        match self {
            Matched => Fate::Matched,
            Am01 | Am02 | AmBoth | En01 | En02 | En04 | En05 | En13 | Tm07 | Id01 | Id02 | Id04 | Id05 | En02Oyster
            | En08 | En09 | En15 | Am15Employee | Am15Employer | Am15Both => Fate::Finding,
            OutIgnored | OutNewHire | OutNewStarter | OutOffPayroll | OutOyster | Am16 => Fate::OutOfScope,
            Am14 | Cu01Oyster | UnverifiedOyster | UnverifiedPerson | UnverifiedFields | UnverifiedDates
            | UnverifiedCurrency | Cu01 | UnverifiedDeductions | UnverifiedLate | UnverifiedPart | UnverifiedRow => {
                Fate::Unverified
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_place_leads_back_to_it() {
        for place in Place::ALL {
            assert_eq!(Place::of(place.number()), place);
        }
    }
}
