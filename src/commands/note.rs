//! `tieout note`: what somebody says of a finding or of a group, carried from night to night.

use anyhow::anyhow;

use crate::cli::NoteArgs;
use crate::outcome::{Exit, Failure, Outcome};
use crate::secrets::{self, Operator};
use tieout_model::counted::counted;
use tieout_model::note::Note;

use super::open::anchor;
use super::{open, table};

/// Characters of a note, or of a name: what a cell shows.
const TEXT_CHARS_MAX: usize = 1_000;
const NAME_CHARS_MAX: usize = 100;

pub fn run(args: &NoteArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let mut store = open::store(&opened.job)?;
    anchor::hold(&opened.job, &mut store)?;
    let by = args.by.clone().unwrap_or_else(secrets::login_name);
    let note = Note {
        text: one_line("the note", &args.text, TEXT_CHARS_MAX)?,
        assignee: args.assignee.as_deref().map(|name| one_line("--assignee", name, NAME_CHARS_MAX)).transpose()?,
        due: args.due,
        by: one_line("--by", &by, NAME_CHARS_MAX)?,
        at: opened.now,
    };
    let what = args.what.trim();
    let found = store.standing(what).map_err(Failure::bug)?;
    let mut ids: Vec<String> = found.into_iter().map(|finding| finding.id).collect();
    if ids.is_empty() && store.past_finding(what).map_err(Failure::bug)?.is_some() {
        ids.push(what.to_owned());
    }
    if ids.is_empty() {
        return Err(Failure::input(anyhow!(
            "no night of job {} recorded a finding {what}, and the newest has no group {what}: take an exception_id from its \
             exceptions.csv or a group_id from its groups.csv",
            opened.job.name
        )));
    }
    store.add_note(&ids, &note, &Operator::of_process().to_string()).map_err(Failure::input)?;
    let findings = counted(ids.len(), "finding", "findings");
    table::print(&format!("noted on {findings}; the report shows it from the next run on"));
    Ok(Exit::Done)
}

/// Without blanks at its ends and without breaks. Errors: nothing is left, or it is too long.
fn one_line(what: &str, text: &str, chars_max: usize) -> Result<String, Failure> {
    let line = text.trim().replace(char::is_control, " ");
    match line.chars().count() {
        0 => Err(Failure::input(anyhow!("{what}: expected a text, found a blank"))),
        long if long > chars_max => {
            Err(Failure::input(anyhow!("{what}: expected at most {chars_max} characters, found {long}")))
        }
        _ => Ok(line),
    }
}
