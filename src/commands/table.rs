//! Results on stdout: tables for people, JSON for programs.

use std::io::{self, ErrorKind, Write as _};
use std::sync::{Mutex, PoisonError};

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::outcome::{Exit, Failure, Outcome};

/// What kept a result from reaching stdout, such as a full disk behind it.
static LOST: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints one text and the end of a line as the result of a command.
pub fn print(text: &str) {
    write(&format!("{text}\n"));
}

/// Prints one text as it stands. What fails does not undo what was done, so the command goes on to its end;
/// [`settled`] tells of it. A reader that has gone away has seen enough.
pub fn write(text: &str) {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Some(error) = written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe) {
        *LOST.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

/// How a command ends whose result may not have reached stdout. A code that calls for a person stays.
pub fn settled(outcome: Outcome) -> Outcome {
    let lost = LOST.lock().unwrap_or_else(PoisonError::into_inner).take();
    let exit = outcome?;
    let Some(error) = lost else { return Ok(exit) };
    let exit = match exit {
        Exit::Done | Exit::Findings | Exit::Unverified => Exit::Machine,
        graver => graver,
    };
    let why = "the result could not be written to stdout; what the command did is done";
    Err(Failure::new(exit, anyhow::Error::new(error).context(why)))
}

/// Rows under headers as text; `right` names the columns that hold numbers, from 0.
pub fn render(headers: &[&str], rows: Vec<Vec<String>>, right: &[usize]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(headers.iter().copied());
    table.add_rows(rows);
    for index in right {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Prints a value as pretty JSON.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    print(&serde_json::to_string_pretty(value).map_err(Failure::bug)?);
    Ok(())
}
