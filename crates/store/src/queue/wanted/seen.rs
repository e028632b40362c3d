//! Whom the queue has ever seen, for the kinds that happen once: nobody is hired twice by a machine.

use anyhow::Context as _;

use crate::Store;
use tieout_model::correction::{CorrectionKind, ProposedBefore, WaitingTermination};
use tieout_model::ids::PayrollId;

impl Store {
    /// Employees and Benbase ids with a change of another kind than a hire, or with a hire that went out or may have;
    /// and whose hire or termination waits in the queue. Changes at Oyster say nothing of Benbase.
    pub fn seen(&self) -> anyhow::Result<ProposedBefore> {
        let mut statement = self.connection().prepare_cached(
            "SELECT employee_id, kind, coalesce(payload ->> '$.employee_id', '') AS benbase_id,
                    kind <> 'new_hire' OR state IN ('sending', 'in_doubt', 'sent', 'failed') AS seen,
                    state IN ('proposed', 'approved') AS live, payload ->> '$.termination_date' AS leave_date,
                    coalesce(evidence ->> '$.changes[0].from' LIKE '% (Benifex)', FALSE) AS by_benifex
             FROM queue WHERE kind NOT IN ('oyster_provisioning', 'oyster_request')",
        )?;
        let mut rows = statement.query([])?;
        let mut found = ProposedBefore::default();
        while let Some(row) = rows.next().context("read whom the queue has seen")? {
            let employee_id = PayrollId::new(row.get::<_, String>("employee_id")?);
            if row.get("live")? {
                match crate::queue::list::kind(row)? {
                    CorrectionKind::NewHire => _ = found.live_hires.insert(employee_id.clone()),
                    CorrectionKind::Termination => {
                        let leave_date: Option<String> = row.get("leave_date")?;
                        let date = leave_date.and_then(|date| date.parse().ok());
                        let waiting = WaitingTermination { date, by_benifex: row.get("by_benifex")? };
                        found.live_terminations.insert(employee_id.clone(), waiting);
                    }
                    CorrectionKind::Compensation
                    | CorrectionKind::Demographic
                    | CorrectionKind::OysterProvisioning
                    | CorrectionKind::OysterRequest => {}
                }
            }
            if row.get("seen")? {
                found.employees.insert(employee_id);
                let benbase_id: String = row.get("benbase_id")?;
                found.benbase_ids.insert(benbase_id.into());
            }
        }
        found.benbase_ids.remove("");
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use crate::queue::ItemState;
    use crate::queue::testing::{all_judged, compensation, drive, hire, plan, termination};
    use crate::queue::tests::{enqueue, store};
    use tieout_model::correction::WaitingTermination;
    use tieout_model::ids::{BenbaseId, PayrollId};

    fn names(ids: impl IntoIterator<Item = PayrollId>) -> Vec<String> {
        ids.into_iter().map(PayrollId::into_string).collect()
    }

    #[test]
    fn whoever_had_any_other_change_is_known_and_a_hire_that_only_waits_is_not() {
        let mut store = store();
        enqueue(&mut store, &plan([hire("1"), compensation("2", "part_time"), termination("3")]), &all_judged());
        let seen = store.seen().expect("reads");
        assert_eq!(names(seen.employees), ["2", "3"]);
        assert_eq!(seen.benbase_ids, ["emp_2", "emp_3"].map(BenbaseId::from).into());
        assert_eq!(names(seen.live_hires), ["1"]);
        let waiting = WaitingTermination { date: "2026-03-20".parse().ok(), by_benifex: false };
        assert_eq!(seen.live_terminations, [("3".into(), waiting)].into());
    }

    #[test]
    fn a_hire_that_went_out_or_may_have_makes_its_person_known() {
        for (state, known) in [
            (ItemState::Proposed, false),
            (ItemState::Approved, false),
            (ItemState::Rejected, false),
            (ItemState::Superseded, false),
            (ItemState::Withdrawn, false),
            (ItemState::Sending, true),
            (ItemState::InDoubt, true),
            (ItemState::Sent, true),
            (ItemState::Failed, true),
        ] {
            let mut store = store();
            enqueue(&mut store, &plan([hire("1")]), &all_judged());
            assert!(drive(&mut store, 1, state), "{state:?}");
            let seen = store.seen().expect("reads");
            assert_eq!(seen.employees.contains("1"), known, "{state:?}");
            assert_eq!(seen.benbase_ids.contains("emp_1"), known, "{state:?}");
            let live = matches!(state, ItemState::Proposed | ItemState::Approved);
            assert_eq!(seen.live_hires.contains("1"), live, "{state:?}");
        }
    }
}
