//! Questions on a terminal. Elsewhere nothing is asked: flags say what is known, and the rest stands in the job file.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal as _, Write, stderr, stdin};

use crate::cli::InitArgs;
use tieout_propose::{Hints, Proposal, Question, answer, questions};

/// Whether somebody is there to answer.
pub fn can_ask(args: &InitArgs) -> bool {
    !args.no_input && !args.json && stdin().is_terminal() && stderr().is_terminal()
}

/// What was answered, by the text of the question: a question that several files leave open is asked once.
pub type Answers = BTreeMap<String, Option<String>>;

/// Asks all that is open. An empty answer takes what is proposed; the end of the input ends the questions. `true`:
/// something was answered, now or of a file before.
pub fn all(proposal: &Proposal, hints: &mut Hints, before: &mut Answers) -> io::Result<bool> {
    each(&questions(proposal, hints), hints, before, &mut stdin().lock(), &mut stderr())
}

fn each(
    questions: &[Question],
    hints: &mut Hints,
    before: &mut Answers,
    answers: &mut impl BufRead,
    asked: &mut impl Write,
) -> io::Result<bool> {
    let mut answered = false;
    for question in questions {
        if let Some(known) = before.get(&question.text) {
            answered |= known.as_ref().is_some_and(|text| answer(&question.about, text, hints).is_ok());
            continue;
        }
        let given = match one(question, hints, answers, asked)? {
            Answered::Ended => break,
            Answered::Nothing => None,
            Answered::Something(text) => Some(text),
        };
        answered |= given.is_some();
        before.insert(question.text.clone(), given);
    }
    Ok(answered)
}

enum Answered {
    Something(String),
    Nothing,
    Ended,
}

fn one(
    question: &Question,
    hints: &mut Hints,
    answers: &mut impl BufRead,
    asked: &mut impl Write,
) -> io::Result<Answered> {
    let proposed = question.proposed.as_ref().map(|value| format!(" [{value}]")).unwrap_or_default();
    loop {
        write!(asked, "{}{proposed} ", question.text)?;
        asked.flush()?;
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 {
            return Ok(Answered::Ended);
        }
        let text = match (line.trim(), &question.proposed) {
            ("", None) => return Ok(Answered::Nothing),
            ("", Some(proposed)) => proposed,
            (text, _) => text,
        };
        match answer(&question.about, text, hints) {
            Ok(()) => return Ok(Answered::Something(text.to_owned())),
            Err(expected) => writeln!(asked, "expected {expected}")?,
        }
    }
}

#[cfg(test)]
mod tests {
    use tieout_propose::propose;

    use super::*;

    /// An export that proves neither its period nor its dates, and has a deduction of no known name.
    const EXPORT: &str = "Employee ID,Hire Date,Zeta EE\n1,01/02/2020,5.00\n2,03/04/2021,5.00\n";

    /// What is asked when these lines are typed, and what is then known.
    fn talk(typed: &str) -> (String, Hints, bool) {
        let mut hints = Hints { benefits: vec!["_Gym".to_owned()], ..Hints::default() };
        let proposal = propose(EXPORT.as_bytes(), &hints).expect("a proposal");
        let questions = questions(&proposal, &hints);
        let mut asked = Vec::new();
        let answered =
            each(&questions, &mut hints, &mut Answers::new(), &mut typed.as_bytes(), &mut asked).expect("asked");
        (String::from_utf8(asked).expect("UTF-8"), hints, answered)
    }

    #[test]
    fn what_only_a_person_knows_is_asked_and_an_empty_answer_takes_what_is_proposed() {
        let (asked, hints, answered) = talk("dd/MM/yyyy\n\n2026-03-01..2026-03-31\n_Gym\n");
        assert!(answered, "{asked}");
        assert_eq!((hints.dates.as_deref(), hints.currency.as_deref()), (Some("dd/MM/yyyy"), Some("USD")));
        assert_eq!(hints.period.map(|(start, _)| start.to_string()).as_deref(), Some("2026-03-01"));
        assert_eq!(hints.codes.values().collect::<Vec<_>>(), ["_Gym"]);
        assert!(asked.contains("How are dates written?") && asked.contains("[USD]"), "{asked}");
    }

    #[test]
    fn what_two_files_leave_open_is_asked_once_and_goes_for_both() {
        let (mut before, mut asked) = (Answers::new(), Vec::new());
        let mut typed = "dd/MM/yyyy\nEUR\n2026-03-01..2026-03-31\n_Gym\n".as_bytes();
        let known: Vec<Hints> = [EXPORT, &EXPORT.replace("Zeta", "Yota")]
            .map(|export| {
                let mut hints = Hints { benefits: vec!["_Gym".to_owned()], ..Hints::default() };
                let proposal = propose(export.as_bytes(), &hints).expect("a proposal");
                let open = questions(&proposal, &hints);
                each(&open, &mut hints, &mut before, &mut typed, &mut asked).expect("asked");
                hints
            })
            .into();
        let asked = String::from_utf8(asked).expect("UTF-8");
        assert_eq!(asked.matches("Which currency").count(), 1, "{asked}");
        assert_eq!(asked.matches("Which benefit").count(), 2, "each has a code of its own: {asked}");
        assert!(known.iter().all(|hints| hints.currency.as_deref() == Some("EUR") && hints.period.is_some()));
        assert!(known.iter().all(|hints| hints.dates.as_deref() == Some("dd/MM/yyyy")));
    }

    #[test]
    fn an_answer_that_cannot_be_is_asked_for_again_and_the_end_of_the_input_ends_the_questions() {
        let (asked, hints, _) = talk("\n\nMarch\n2026-03-31..2026-03-01\n2026-03-01..2026-03-31\n");
        assert_eq!(asked.matches("expected two days").count(), 2, "{asked}");
        assert!(hints.period.is_some() && hints.codes.is_empty());
        let (asked, hints, answered) = talk("");
        assert!(!answered && hints.dates.is_none() && asked.lines().count() == 1, "{asked}");
    }
}
