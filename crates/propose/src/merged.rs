//! What the files of one payroll say together: its codes and pay groups are the job's, whichever file has them.

use std::collections::BTreeMap;

use crate::certainty::{Certainty, Proposed};
use crate::deductions::benefits::Target;
use crate::pay::groups::Group;
use crate::proposal::{Code, Proposal};

#[derive(Debug, Default)]
pub struct Merged {
    pub codes: Vec<Code>,
    /// By name; a file without the column has one, named "".
    pub groups: BTreeMap<String, Group>,
}

impl Merged {
    pub fn of(proposals: &[Proposal]) -> Merged {
        let mut merged = Merged::default();
        for proposal in proposals {
            proposal.codes.iter().for_each(|code| merged.code(code));
            proposal.groups.groups.iter().for_each(|(name, group)| merged.group(name, group));
        }
        merged
    }

    fn code(&mut self, code: &Code) {
        let Some(known) = self.codes.iter_mut().find(|known| known.code == code.code) else {
            self.codes.push(code.clone());
            return;
        };
        match (&known.target.value, &code.target.value) {
            (one, other) if one == other => known.target.certainty = known.target.certainty.max(code.target.certainty),
            (Target::Open, _) => *known = code.clone(),
            (_, Target::Open) => {}
            _ => {
                let reason = format!("{}; in another file it seems to be something else", known.target.reason);
                known.target = Proposed::new(known.target.value.clone(), Certainty::Asked, reason);
            }
        }
    }

    /// Files that differ about a group say nothing of it.
    fn group(&mut self, name: &str, group: &Group) {
        let Some(known) = self.groups.get_mut(name) else {
            self.groups.insert(name.to_owned(), group.clone());
            return;
        };
        known.rows += group.rows;
        if known.pay_periods != group.pay_periods {
            known.pay_periods = None;
        }
        if known.frequency != group.frequency {
            known.frequency = None;
        }
        let value = |group: &Group| group.per_year.as_ref().map(|times| times.value);
        if value(known) != value(group) {
            known.per_year = None;
        }
    }
}
