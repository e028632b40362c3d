//! What only a person can know: the questions that a proposal leaves open, and their answers as hints.

use chrono::NaiveDate;

use crate::certainty::Certainty;
use crate::deductions::benefits::Target;
use crate::hints::Hints;
use crate::proposal::Proposal;

/// Codes that are asked for; a file with more open ones is mapped in an editor.
const CODES_ASKED_MAX: usize = 20;

/// One question, and the value that stands without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub about: About,
    pub text: String,
    /// `None`: nothing stands without an answer.
    pub proposed: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    EmployeeId,
    Dates,
    Currency,
    Period,
    Code(String),
}

/// The questions, the most important first.
pub fn questions(proposal: &Proposal, hints: &Hints) -> Vec<Question> {
    let mut questions = Vec::new();
    let mut ask = |about, text: String, proposed| questions.push(Question { about, text, proposed });
    if proposal.columns.at("employee_id").is_none() {
        let names = proposal.table.headers.join(", ");
        ask(About::EmployeeId, format!("Which column holds the employee id? ({names})"), None);
    }
    if let Some(dates) = proposal.dates.as_ref().filter(|dates| dates.certainty <= Certainty::Asked) {
        ask(About::Dates, format!("How are dates written? {}", dates.reason), Some(dates.value.clone()));
    }
    if let Some(currency) = proposal.currency.as_ref().filter(|currency| currency.certainty <= Certainty::Asked) {
        ask(About::Currency, "Which currency are the amounts in?".to_owned(), Some(currency.value.clone()));
    }
    if let Some(stated) = &proposal.period {
        let sure =
            |date: &Option<crate::Proposed<NaiveDate>>| date.as_ref().is_some_and(|d| d.certainty > Certainty::Asked);
        if !(sure(&stated.start) && sure(&stated.end)) {
            let days = stated.start.as_ref().zip(stated.end.as_ref());
            let proposed = days.map(|(start, end)| format!("{}..{}", start.value, end.value));
            ask(About::Period, "First and last day of the pay period, as 2026-03-01..2026-03-31?".to_owned(), proposed);
        }
    }
    let keys: Vec<&str> = hints.known.benefits.keys().chain(&hints.benefits).map(String::as_str).collect();
    let open = |code: &&crate::proposal::Code| {
        code.target.certainty <= Certainty::Asked && !matches!(code.target.value, Target::Ignored(_))
    };
    for code in proposal.codes.iter().filter(open).take(CODES_ASKED_MAX) {
        let proposed = match &code.target.value {
            Target::Benefit(key) => Some(key.clone()),
            _ => None,
        };
        let known = if keys.is_empty() { String::new() } else { format!(" (known: {})", keys.join(", ")) };
        let name = code.name.as_ref().map(|name| format!(", `{name}`")).unwrap_or_default();
        ask(About::Code(code.code.clone()), format!("Which benefit is `{}`{name}?{known}", code.code), proposed);
    }
    questions
}

/// Takes an answer into the hints; `Err`: what was expected.
pub fn answer(about: &About, text: &str, hints: &mut Hints) -> Result<(), &'static str> {
    let text = text.trim();
    match about {
        About::EmployeeId => {
            hints.columns.insert("employee_id".to_owned(), text.to_owned());
        }
        About::Dates => hints.dates = Some(text.to_owned()),
        About::Currency => hints.currency = Some(text.to_uppercase()),
        About::Period => {
            let days = text.split_once("..").and_then(|(start, end)| {
                Some((start.trim().parse::<NaiveDate>().ok()?, end.trim().parse::<NaiveDate>().ok()?))
            });
            hints.period =
                Some(days.filter(|(start, end)| start <= end).ok_or("two days, such as 2026-03-01..2026-03-31")?);
        }
        About::Code(code) => {
            hints.codes.insert(code.clone(), text.to_owned());
        }
    }
    Ok(())
}
