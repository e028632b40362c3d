//! A file of off-cycle or correction runs alone: what it took is beside what the regular run of the period took, which
//! stands in another file. Its rows are read as those of a run of its own, on a day of its own, on which nothing is
//! due.

use std::collections::BTreeSet;

use crate::Payroll;
use crate::deductions::row_amounts::day_of_other_run;
use crate::settings;
use crate::settings::RowsPerPerson;
use tieout_model::terms::RunType;

/// The same files, whose off-cycle and correction rows are those to read; an employee may have several of them.
pub(super) fn as_regular(settings: &settings::Payroll) -> settings::Payroll {
    let mut others = settings.clone();
    let word = |run_type: &mut RunType| {
        if matches!(run_type, RunType::OffCycle | RunType::Correction) {
            *run_type = RunType::Regular;
        }
    };
    others.run_type_map.values_mut().for_each(word);
    if others.table.rows_per_person == RowsPerPerson::One {
        others.table.rows_per_person = RowsPerPerson::Several { home: None, sum: BTreeSet::new() };
    }
    others.others = settings.others.iter().map(as_regular).collect();
    others
}

/// Gives the run its own day, so that what the regular run of the period took stays as it is.
pub(super) fn beside_the_regular_run(mut payroll: Payroll) -> Payroll {
    let people = &mut payroll.people;
    for row in 0..people.period_end.len() {
        let day = day_of_other_run(people.period_end[row], people.pay_date[row]);
        (people.period_start[row], people.period_end[row]) = (day, day);
    }
    payroll.periods_of.clear();
    payroll.row_amounts.clear();
    // Corrections may well all be refunds.
    payroll.unknown_signs.clear();
    payroll
}
