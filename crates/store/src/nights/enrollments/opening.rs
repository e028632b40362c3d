//! The opening balance of the history of states: `{"engagementId","enrollmentId","state","since","witnessed"}` a line.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use anyhow::{Context as _, ensure};
use chrono::NaiveDate;
use serde::Deserialize;

use tieout_model::enrollment::{Sighting, Sightings};

/// Longest line: many times an enrollment.
const LINE_BYTES_MAX: u64 = 16 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    engagement_id: String,
    enrollment_id: String,
    state: String,
    since: NaiveDate,
    #[serde(default)]
    witnessed: bool,
}

/// Reads the file. Errors name the line.
pub(super) fn read(path: &Path) -> anyhow::Result<Sightings> {
    let attempt = || format!("reading the opening states {} ([oyster] opening_states of the job)", path.display());
    let mut reader = BufReader::new(File::open(path).with_context(attempt)?);
    let mut sightings = Sightings::new();
    for number in 1.. {
        let place = || format!("{}: line {number}", attempt());
        let mut text = String::new();
        let length = reader.by_ref().take(LINE_BYTES_MAX + 1).read_line(&mut text).with_context(place)?;
        if length == 0 {
            break;
        }
        ensure!(length as u64 <= LINE_BYTES_MAX, "{}: expected at most {LINE_BYTES_MAX} bytes, found more", place());
        if !text.trim_start_matches('\u{feff}').trim().is_empty() {
            let line = serde_json::from_str(text.trim_start_matches('\u{feff}')).with_context(place)?;
            add(&mut sightings, line).with_context(place)?;
        }
    }
    for states in sightings.values_mut() {
        states.sort();
    }
    Ok(sightings)
}

fn add(sightings: &mut Sightings, line: Line) -> anyhow::Result<()> {
    let Line { engagement_id, enrollment_id, state, since, witnessed } = line;
    let [engagement, enrollment, state] = [engagement_id, enrollment_id, state].map(|text| text.trim().to_owned());
    ensure!(
        ![&engagement, &enrollment, &state].into_iter().any(String::is_empty),
        "expected engagementId, enrollmentId and state, one of them is blank"
    );
    let states = sightings.entry((engagement, enrollment)).or_default();
    ensure!(states.iter().all(|other| other.since != since), "this enrollment has another line with the same day");
    states.push(Sighting { since, state, witnessed });
    Ok(())
}
