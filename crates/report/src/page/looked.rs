//! How far the night looked: what each rule compared, and how old the evidence was.

use tieout_model::control::Coverage;

use super::view::{Bar, WHOLE};
use crate::figures::grouped;
use crate::{EVIDENCE_AGES, EvidenceAge, Report};

/// What a rule compared.
pub struct Compared {
    pub code: &'static str,
    pub title: &'static str,
    /// Of [`WHOLE`].
    pub length: i128,
    pub compared: String,
    pub of: String,
    /// `compared 3 of 4`.
    pub said: String,
    /// Why the others were not, most of them first; blank where there are none.
    pub why: String,
}

/// The answers of one kind by age.
pub struct Aged {
    pub source: &'static str,
    pub said: String,
    pub bars: Vec<Bar>,
}

/// A row a rule, in the order of the codes.
pub fn compared(report: &Report) -> Vec<Compared> {
    let row = |coverage: &Coverage| {
        let (compared, of) = (coverage.compared, coverage.of());
        let [compared_text, of_text] = [compared, of].map(|count| grouped(&count.to_string()));
        Compared {
            code: coverage.code.name(),
            title: coverage.code.rule().title,
            length: i128::from(compared) * WHOLE / i128::from(of.max(1)),
            said: format!("compared {compared_text} of {of_text}"),
            compared: compared_text,
            of: of_text,
            why: why(coverage),
        }
    };
    report.coverage.iter().map(row).collect()
}

fn why(coverage: &Coverage) -> String {
    let mut reasons: Vec<(&String, &u64)> = coverage.not_compared.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let text = |(reason, count): (&String, &u64)| format!("{}: {reason}", grouped(&count.to_string()));
    reasons.into_iter().map(text).collect::<Vec<_>>().join("; ")
}

/// In one sentence.
pub fn said(report: &Report) -> String {
    let asked: Vec<&Coverage> = report.coverage.iter().filter(|coverage| coverage.of() > 0).collect();
    let whole = asked.iter().filter(|coverage| coverage.compared == coverage.of()).count();
    match (whole, asked.len()) {
        (_, 0) => "No rule had anything to compare.".to_owned(),
        (whole, all) if whole == all => format!("All {all} rules that had something to compare compared all of it."),
        (whole, all) => {
            format!("{whole} of {all} rules that had something to compare compared all of it; the others say why not.")
        }
    }
}

/// A row a kind of answer.
pub fn aged(report: &Report) -> Vec<Aged> {
    let row = |EvidenceAge { source, answers, oldest }: &EvidenceAge| {
        let bars = Bar::side_by_side(&EVIDENCE_AGES, &answers.map(i128::from));
        let known = bars.iter().filter(|bar| bar.count != "0");
        let told: Vec<String> = known.map(|bar| format!("{}: {}", bar.name, bar.count)).collect();
        Aged { source, said: format!("{}; the oldest of {oldest}", told.join(", ")), bars }
    };
    report.evidence.iter().map(row).collect()
}
