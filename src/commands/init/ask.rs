//! Questions on a terminal. Elsewhere nothing is asked: flags say what is known, and the rest stands in the job file.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _, stderr, stdin};

use crate::cli::InitArgs;
use tieout_propose::{Hints, Proposal, Question, answer, questions};

/// Whether somebody is there to answer.
pub fn can_ask(args: &InitArgs) -> bool {
    !args.no_input && !args.json && stdin().is_terminal() && stderr().is_terminal()
}

/// Asks all that is open. An empty answer takes what is proposed; the end of the input ends the questions. `true`:
/// something was answered.
pub fn all(proposal: &Proposal, hints: &mut Hints) -> io::Result<bool> {
    let mut answered = false;
    for question in questions(proposal, hints) {
        match one(&question, hints)? {
            Answered::Ended => break,
            Answered::Nothing => {}
            Answered::Something => answered = true,
        }
    }
    Ok(answered)
}

enum Answered {
    Something,
    Nothing,
    Ended,
}

fn one(question: &Question, hints: &mut Hints) -> io::Result<Answered> {
    let proposed = question.proposed.as_ref().map(|value| format!(" [{value}]")).unwrap_or_default();
    loop {
        write!(stderr(), "{}{proposed} ", question.text)?;
        stderr().flush()?;
        let mut line = String::new();
        if stdin().lock().read_line(&mut line)? == 0 {
            return Ok(Answered::Ended);
        }
        let text = match (line.trim(), &question.proposed) {
            ("", None) => return Ok(Answered::Nothing),
            ("", Some(proposed)) => proposed,
            (text, _) => text,
        };
        match answer(&question.about, text, hints) {
            Ok(()) => return Ok(Answered::Something),
            Err(expected) => writeln!(stderr(), "expected {expected}")?,
        }
    }
}
