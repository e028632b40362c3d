//! What a push says: counts first, then each item that was not simply sent.

use std::fmt::Write as _;

use crate::outcome::Exit;
use crate::push::{Noted, Preview, Summary};

/// Counts first, then each item that was not simply sent.
pub fn summary_text(summary: &Summary) -> String {
    let mut text = String::new();
    for (name, count) in counts(summary) {
        line(&mut text, format_args!("{name:<18}{count:>8}"));
    }
    if let Some(stop) = summary.stop {
        line(&mut text, format_args!("stopped: {stop}"));
    }
    for id in &summary.recovered {
        line(&mut text, format_args!("item {id}: a push that was killed left it on its way; it is in doubt now"));
    }
    items(&mut text, "failed", &summary.failed);
    items(&mut text, "in doubt", &summary.in_doubt);
    items(&mut text, "not sent, approved still", &summary.not_sent);
    for held in &summary.held {
        line(&mut text, format_args!("item {} held: {}", held.item, held.reason));
    }
    items(&mut text, "withdrawn", &summary.stale);
    items(&mut text, "to be approved again", &summary.voided);
    items(&mut text, "to be prepared again", &summary.moved);
    text
}

/// What the push leaves to a person, in one line for whoever scheduled it; `None` where nobody is needed. `job`: its
/// name.
pub fn notice(summary: &Summary, exit: Exit, job: &str) -> Option<String> {
    let to_do = match exit {
        Exit::InDoubt => {
            "stdout and `tieout queue list` name the items; settle what is in doubt with `tieout queue resolve`"
        }
        Exit::Credentials => "correct the credentials, then push again",
        _ => return None,
    };
    let counts: Vec<String> = counts(summary).map(|(name, count)| format!("{count} {name}")).collect();
    let stop = summary.stop.map(|stop| format!("; {stop}")).unwrap_or_default();
    Some(format!("push of {job}, exit {}: {}{stop}; {to_do}", exit as u8, counts.join(", ")))
}

/// What became of how many; `sent` in any case.
fn counts(summary: &Summary) -> impl Iterator<Item = (&'static str, u64)> {
    let counts = [
        ("sent", summary.sent.len() as u64),
        ("failed", summary.failed.len() as u64),
        ("in doubt", summary.in_doubt.len() as u64),
        ("not sent", summary.not_sent.len() as u64),
        ("held", summary.held.len() as u64),
        ("stale, withdrawn", summary.stale.len() as u64),
        ("approval void", summary.voided.len() as u64),
        ("moved at Oyster", summary.moved.len() as u64),
        ("not begun", summary.left),
    ];
    counts.into_iter().filter(|(name, count)| *name == "sent" || *count > 0)
}

pub fn preview_text(preview: &Preview) -> String {
    let mut text = String::new();
    for (id, request) in &preview.requests {
        line(&mut text, format_args!("# item {id}\n{request}"));
    }
    line(&mut text, format_args!("requests that would go out: {}; nothing was sent", preview.requests.len()));
    for held in &preview.held {
        line(&mut text, format_args!("item {} would be held: {}", held.item, held.reason));
    }
    items(&mut text, "would be withdrawn", &preview.stale);
    items(&mut text, "would have to be approved again", &preview.voided);
    text
}

fn items(text: &mut String, what: &str, items: &[Noted]) {
    for Noted { item, reason } in items {
        line(text, format_args!("item {item} {what}: {reason}"));
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::Stop;

    fn noted(item: i64, reason: &str) -> Vec<Noted> {
        vec![Noted { item, reason: reason.to_owned() }]
    }

    #[test]
    fn a_summary_counts_and_then_names_what_was_not_simply_sent() {
        let summary = Summary {
            recovered: vec![4],
            sent: vec![1, 2, 3],
            failed: noted(5, "refused with status 422"),
            stop: Some(Stop::Failures(1)),
            left: 7,
            ..Summary::default()
        };
        let expected = "\
sent                     3
failed                   1
not begun                7
stopped: an item was not accepted, so nothing more was sent
item 4: a push that was killed left it on its way; it is in doubt now
item 5 failed: refused with status 422
";
        assert_eq!(summary_text(&summary), expected);
        assert_eq!(summary_text(&Summary::default()), "sent                     0\n");
    }

    #[test]
    fn one_line_says_what_is_left_to_a_person() {
        let summary = Summary {
            sent: vec![1],
            in_doubt: noted(5, "no answer"),
            stop: Some(Stop::Failures(1)),
            left: 7,
            ..Summary::default()
        };
        let said = notice(&summary, Exit::InDoubt, "acme").expect("a person is needed");
        let begin = "push of acme, exit 6: 1 sent, 1 in doubt, 7 not begun; an item was not accepted, so nothing more ";
        assert!(said.starts_with(begin) && said.contains("queue resolve") && !said.contains('\n'), "{said}");
        assert_eq!(notice(&summary, Exit::Done, "acme"), None);
    }

    #[test]
    fn a_dry_run_prints_each_request_under_its_item() {
        let requests = vec![(7, "POST /employee-changes/demographic\n{}".to_owned())];
        let preview = Preview { requests, stale: noted(8, "its finding is gone"), ..Preview::default() };
        let expected = "\
# item 7
POST /employee-changes/demographic
{}
requests that would go out: 1; nothing was sent
item 8 would be withdrawn: its finding is gone
";
        assert_eq!(preview_text(&preview), expected);
    }
}
