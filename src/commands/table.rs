//! Results on stdout: tables for people, JSON for programs.

use std::io::{self, Write as _};

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::outcome::Failure;

/// Prints one text as the result of a command.
///
/// A reader that has gone away, or a full disk behind a redirection, does not undo what was done: the work is over.
pub fn print(text: &str) {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    if let Some(error) = written.err().filter(|error| error.kind() != io::ErrorKind::BrokenPipe) {
        tracing::error!(%error, "the result could not be written to stdout");
    }
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
