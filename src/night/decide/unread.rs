//! What tonight could not read of people whose changes wait: such a change is neither approved nor sent until a night
//! can. What it rests on may have moved, and nobody would know.

use std::collections::{BTreeMap, BTreeSet};

use tieout_model::correction::CorrectionKind::{self, Compensation, Demographic, NewHire, Termination};
use tieout_model::finding::SetAside;
use tieout_recon::rules::Judgement;
use tieout_store::{Judged, Store, Unread};

const ROW: &str = "the payroll row could not be read";

/// By employee id.
pub fn unread(store: &Store, judgement: &Judgement, judged: &Judged) -> anyhow::Result<BTreeMap<String, Unread>> {
    let (waiting, before) = (store.waiting_employees()?, store.unread()?);
    let mut unread = if judgement.other_runs_only { BTreeMap::new() } else { tonight(judgement, &waiting) };
    // Who was not looked at is as before: the person stands in another payroll file.
    let asides: BTreeSet<&str> = judgement.unverified.iter().map(|aside| aside.employee_id.as_str()).collect();
    let stands = |id: &String| {
        waiting.contains(id) && (judgement.other_runs_only || !(judged.looked_at(id) || asides.contains(id.as_str())))
    };
    for (id, of_before) in before.into_iter().filter(|(id, _)| stands(id)) {
        unread.entry(id).or_insert(of_before);
    }
    Ok(unread)
}

fn tonight(judgement: &Judgement, waiting: &BTreeSet<String>) -> BTreeMap<String, Unread> {
    let verified = &judgement.verified;
    let mut unread = BTreeMap::new();
    let rows = verified.rows.iter().filter(|id| waiting.contains(id.as_str()));
    unread
        .extend(rows.map(|id| (id.to_string(), Unread::new(ROW, &[Compensation, Demographic, NewHire, Termination]))));
    // Whom Benifex did not answer for is no less known to payroll.
    let of_person =
        |aside: &&SetAside| aside.benefit.is_empty() && !verified.people.contains(aside.employee_id.as_str());
    for aside in judgement.unverified.iter().filter(of_person) {
        if let Some(kinds) = rests_on(aside.source).filter(|_| waiting.contains(aside.employee_id.as_str())) {
            let told = || Unread::new(&aside.reason, kinds);
            let known: &mut Unread = unread.entry(aside.employee_id.to_string()).or_insert_with(told);
            known.kinds.extend(told().kinds);
        }
    }
    unread
}

/// The kinds of change that rest on what a source says of a person.
fn rests_on(source: &str) -> Option<&'static [CorrectionKind]> {
    match source {
        "payroll" | "crosswalk" => Some(&[Compensation, Demographic]),
        "benifex" => Some(&[Compensation]),
        _ => None,
    }
}
