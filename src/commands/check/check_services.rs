//! The services as `tieout check` sees them: one harmless call to each, what a night of Oyster takes, and how far this
//! machine's clock is from theirs.

use std::collections::BTreeMap;

use tokio::sync::watch;

use crate::commands::check::check_night::time_at;
use crate::commands::check::{CheckLine, line};
use crate::commands::services::Services;
use crate::commands::services::calls;
use crate::commands::services::skew::Skews;
use crate::job::Job;
use crate::outcome::{Exit, Failure};
use crate::progress::in_words;
use tieout_services::ApiError;

/// An employee id that nobody has: the list answers an empty page.
const NOBODY: &str = "tieout-check";
/// Seconds that clocks may be apart: a night that begins at midnight is another day beyond it, and tokens end unseen.
const SKEW_SECONDS_MAX: i64 = 60;
/// Calls for the details of an engagement.
const DETAILS: usize = 2;

pub(in crate::commands) fn lines(job: &Job) -> Result<Vec<CheckLine>, Failure> {
    let services = Services::start(job)?;
    let (_cancel, cancelled) = watch::channel(false);
    let skews = Skews::default();
    let sink = skews.noting(calls::sink());
    let mut lines = Vec::new();
    let benifex = services.connect_benifex(sink.clone(), cancelled.clone()).map_err(|f| f.error).and_then(|client| {
        services.runtime.block_on(client.users(&[NOBODY.to_owned()]))?;
        Ok("the token was granted and the users list answered".to_owned())
    });
    lines.push(service_line("Benifex", benifex));
    let oyster = services.connect_oyster(sink.clone(), cancelled.clone()).map_err(|f| f.error);
    let oyster = oyster.and_then(|client| match client {
        None => Ok("the job has none".to_owned()),
        Some(client) => {
            let count = services.runtime.block_on(client.first_page())?;
            let night = count.and_then(|count| oyster_night(&services, usize::try_from(count).ok()?));
            Ok(format!("the credentials were taken and the list answered{}", night.unwrap_or_default()))
        }
    });
    lines.push(service_line("Oyster", oyster));
    let benbase = services.connect_benbase(sink, cancelled).map_err(|f| f.error).and_then(|client| match client {
        None => Ok("the job has none".to_owned()),
        Some(client) => {
            let status = services.runtime.block_on(client.employer_status())?;
            Ok(format!("the employer is {}", status.status))
        }
    });
    lines.push(service_line("Benbase", benbase));
    services.stop();
    lines.push(clock(&skews.by_service()));
    Ok(lines)
}

/// Calls and time of a night; details are read again only where something moved.
fn oyster_night(services: &Services, engagements: usize) -> Option<String> {
    let settings = services.oyster.as_ref()?;
    let pages = engagements.div_ceil(settings.per_page.max(1)).max(1);
    let first = pages + DETAILS * engagements;
    Some(format!(
        ": {engagements} engagements, {pages} calls a night and up to {first} on the first, which take at least {}",
        in_words(time_at(first, &settings.http.windows))
    ))
}

fn clock(skews: &BTreeMap<&'static str, i64>) -> CheckLine {
    let said = |(service, skew): (&&str, &i64)| match skew {
        0 => format!("{service} shows the same time"),
        ahead @ 1.. => format!("{service} is {ahead} s ahead"),
        behind => format!("{service} is {} s behind", -behind),
    };
    let told = skews.iter().map(said).collect::<Vec<_>>().join(", ");
    if skews.values().any(|skew| skew.abs() > SKEW_SECONDS_MAX) {
        let advice = "set this machine's clock: nights would be of another day, and tokens end before they are renewed";
        return line("clock", Exit::Machine, Err(anyhow::anyhow!("{told}; {advice}")));
    }
    let told = if told.is_empty() { "no service told its time".to_owned() } else { told };
    line("clock", Exit::Machine, Ok(told))
}

fn service_line(part: &'static str, result: anyhow::Result<String>) -> CheckLine {
    let refused = |error: &anyhow::Error| matches!(error.downcast_ref(), Some(ApiError::Credentials { .. }));
    let exit = if result.as_ref().is_err_and(refused) { Exit::Credentials } else { Exit::Unverified };
    line(part, exit, result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_a_minute_off_is_wrong() {
        let line = |skew| clock(&BTreeMap::from([("benifex", skew)]));
        assert!(line(0).is_ok() && line(60).is_ok() && line(-60).is_ok());
        assert!(!line(61).is_ok() && !line(-61).is_ok());
        assert!(clock(&BTreeMap::new()).is_ok());
    }
}
