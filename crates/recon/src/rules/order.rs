//! The order of findings, and which of them history could not tell apart.

use tieout_model::finding::Finding;

/// Sorts, and joins findings that history could not tell apart: same code, employee, benefit and field.
pub(super) fn one_each(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(report_order);
    let mut joined: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match joined.last_mut() {
            Some(last) if in_history(last, &finding).is_eq() => {
                last.variances.extend(finding.variances);
                last.variances.sort();
                last.evidence.extend(finding.evidence);
                last.evidence.sort();
                last.evidence.dedup();
                // Of the two, nobody can say which exposure counts.
                (last.period_exposure, last.run_rate) = (None, None);
            }
            _ => joined.push(finding),
        }
    }
    joined.sort();
    joined
}

/// A total order in which those stand together that history could not tell apart.
pub(super) fn report_order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    in_history(a, b).then_with(|| a.cmp(b))
}

/// By what history tells findings apart.
fn in_history(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    a.code
        .cmp(&b.code)
        .then_with(|| a.employee_id.cmp(&b.employee_id))
        .then_with(|| a.benefit.cmp(&b.benefit))
        .then_with(|| a.field.cmp(&b.field))
}
