//! A night's plan of corrections, and what the queue remembers of earlier ones.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Correction, CorrectionKind, Payload};
use crate::ids::{BenbaseId, PayrollId};

/// Tonight's corrections, sorted, and the findings from which none could be derived, with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorrectionPlan {
    pub corrections: Vec<Correction>,
    /// Finding id → why nothing is queued for it.
    pub not_derived: Vec<(String, String)>,
    /// What waits in the queue and stands, although no finding asks for it tonight.
    pub standing: Vec<Standing>,
    /// What waits in the queue and is not true by tonight's evidence, whatever else of its employee was not judged.
    pub contradicted: Vec<Contradicted>,
    /// What people should know of the plan as a whole.
    pub notes: Vec<String>,
}

/// A change that waits and stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    pub employee_id: PayrollId,
    /// What tonight says the change would be; `None`: nothing that could contradict the one that waits.
    pub payload: Option<Payload>,
    pub kind: CorrectionKind,
}

/// A change that waits and must not be sent any more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradicted {
    pub employee_id: PayrollId,
    pub kind: CorrectionKind,
    pub reason: String,
}

impl CorrectionPlan {
    /// Adds another plan of the same night, about other findings.
    pub fn join(&mut self, other: CorrectionPlan) {
        self.corrections.extend(other.corrections);
        self.not_derived.extend(other.not_derived);
        self.standing.extend(other.standing);
        self.contradicted.extend(other.contradicted);
        self.notes.extend(other.notes);
        self.corrections.sort();
        self.not_derived.sort();
        self.standing.sort();
        self.contradicted.sort();
    }
}

/// What the queue remembers of people, for the kinds that happen once in a working life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposedBefore {
    /// Employee ids with a change of any other kind than a hire, or with a hire that went out or may have.
    pub employees: BTreeSet<PayrollId>,
    /// Benbase ids that those changes were about.
    pub benbase_ids: BTreeSet<BenbaseId>,
    /// Employee ids with a live new hire that was not sent: it was counted on the night that proposed it.
    pub live_hires: BTreeSet<PayrollId>,
    /// The same for terminations.
    pub live_terminations: BTreeMap<PayrollId, WaitingTermination>,
}

/// What a termination that waits was proposed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitingTermination {
    pub date: Option<NaiveDate>,
    /// Benifex gave a leave date, too.
    pub by_benifex: bool,
}
