//! What a push says: counts first, then each item that was not simply sent.

use std::fmt::Write as _;

use crate::push::{Noted, Preview, Summary};

/// Counts first, then each item that was not simply sent.
pub fn summary_text(summary: &Summary) -> String {
    let mut text = String::new();
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
    for (name, count) in counts.into_iter().filter(|(name, count)| *name == "sent" || *count > 0) {
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
