//! Of whom tonight's evidence may conclude anything from an absence: a finding that is not there tonight is cleared,
//! and a correction that is not wanted tonight is withdrawn, only for people who were judged.

use std::collections::BTreeSet;

use anyhow::Context as _;

use crate::Store;
use tieout_model::finding::Finding;
use tieout_model::ids::PayrollId;

/// What tonight did and did not judge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    complete: bool,
    unverified: BTreeSet<PayrollId>,
    blocked: BTreeSet<PayrollId>,
    all_blocked: bool,
}

impl Judged {
    /// `complete`: every source was read in full. `unverified`: employee ids of whom any part could not be fetched,
    /// parsed or compared, and ids remembered from earlier nights that tonight did not look at
    /// ([`crate::Store::remembered_employees`]). `findings`: tonight's, for those that block corrections.
    pub fn new(complete: bool, unverified: BTreeSet<PayrollId>, findings: &[Finding]) -> Judged {
        let blocking = findings.iter().filter(|f| f.blocks() && !f.employee_id.is_empty());
        let blocked = blocking.map(|f| f.employee_id.clone()).collect();
        let all_blocked = findings.iter().any(Finding::stops_everybody);
        Judged { complete, unverified, blocked, all_blocked }
    }

    /// A finding of this employee that is not there tonight is gone. A blank id is the whole run.
    pub fn clears(&self, employee_id: &str) -> bool {
        if employee_id.is_empty() { self.complete } else { !self.unverified.contains(employee_id) }
    }

    /// A correction of this employee that is not planned tonight is no longer wanted, rather than merely blocked.
    pub fn withdraws(&self, employee_id: &str) -> bool {
        self.looked_at(employee_id) && !self.blocked.contains(employee_id)
    }

    /// Tonight's sources are in doubt as a whole: they prove nothing.
    pub fn stops_everybody(&self) -> bool {
        self.all_blocked
    }

    /// The same, whatever blocks this employee alone.
    pub fn looked_at(&self, employee_id: &str) -> bool {
        !self.all_blocked && !self.unverified.contains(employee_id)
    }
}

impl Store {
    /// Employee ids that an open finding or a live queue item of the night names, sorted. Those of them that tonight's
    /// population lacks were not judged.
    pub fn remembered_employees(&self) -> anyhow::Result<BTreeSet<PayrollId>> {
        let mut statement = self.connection().prepare_cached(
            "SELECT employee_id FROM finding WHERE status = 'open' AND employee_id <> ''
             UNION SELECT employee_id FROM queue WHERE state IN ('proposed', 'approved', 'sending', 'in_doubt')
                 AND kind NOT IN ('oyster_provisioning', 'oyster_request')",
        )?;
        let ids = statement.query_map([], |row| Ok(PayrollId::new(row.get::<_, String>(0)?)))?;
        ids.collect::<Result<_, _>>().context("read the employees of open findings and live corrections")
    }
}
