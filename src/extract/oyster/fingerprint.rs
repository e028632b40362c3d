//! What the details of an engagement depend on, as one hash.

use std::fmt::Write as _;

use crate::extract::plan::hash;
use tieout_model::records::oyster::EngagementRecord;
use tieout_services::settings;

/// Version of the records that checkpoints and kept details hold; it rises when one gets a field.
const RECORDS_VERSION: &str = "2";

/// What makes answers of one connection, or read with other settings, useless for another.
pub(in crate::extract) fn connection(settings: &settings::OysterAccess) -> String {
    let settings::OysterAccess { base_url, customer_id, paths, units, placeholder_dates, .. } = settings;
    // The other paths are not read by a night: switching them on makes no answer useless.
    let paths = [&paths.engagements, &paths.offerings, &paths.provisioning, &paths.enrollments];
    let [customer, paths, units] = [format!("{customer_id:?}"), format!("{paths:?}"), format!("{units:?}")];
    let placeholders = format!("{placeholder_dates:?}");
    hash([RECORDS_VERSION, base_url, &customer, &paths, &units, &placeholders])
}

/// The same from night to night while neither the list nor the wanted contributions show a change. `None`: the list
/// does not say when the engagement changed, so its details must be read.
pub(super) fn fingerprint(connection: &str, listed: &EngagementRecord, wanted: &[String]) -> Option<String> {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(text, "{}", listed.modified_at?.timestamp_micros());
    let fixed = [connection, &text, listed.state.as_deref().unwrap_or(""), listed.kind.as_deref().unwrap_or("")];
    let embedded = listed.enrollments.iter().flat_map(|one| [one.enrollment_id.as_str(), &one.state]);
    let wanted = std::iter::once("wanted").chain(wanted.iter().map(String::as_str));
    Some(hash(fixed.into_iter().chain(embedded).chain(wanted)))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use tieout_model::placeholder::PlaceholderDates;
    use tieout_model::records::oyster::EmbeddedEnrollment;
    use tieout_recon::snapshot::testing::oyster_settings;

    fn listed() -> EngagementRecord {
        EngagementRecord {
            engagement_id: "e1".into(),
            kind: Some("EMPLOYMENT".into()),
            state: Some("IN_PROGRESS".into()),
            modified_at: DateTime::from_timestamp(1_774_922_400, 0),
            enrollments: vec![EmbeddedEnrollment { enrollment_id: "a".into(), state: "ENROLLED".into() }],
            ..EngagementRecord::default()
        }
    }

    /// Whether a change moves the fingerprint.
    fn moves(connection: &str, change: impl FnOnce(&mut EngagementRecord), wanted: &[&str]) -> bool {
        let mut changed = listed();
        change(&mut changed);
        let wanted: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
        fingerprint(connection, &changed, &wanted) != fingerprint("c", &listed(), &[])
    }

    #[test]
    fn what_the_details_depend_on_moves_the_fingerprint_and_the_rest_does_not() {
        assert!(!moves("c", |_| {}, &[]));
        assert!(!moves("c", |e| e.email_key = Some("k".into()), &[]));
        assert!(!moves("c", |e| e.last_day = chrono::NaiveDate::from_ymd_opt(2026, 3, 31), &[]));
        assert!(moves("d", |_| {}, &[]));
        assert!(moves("c", |_| {}, &["sent h"]));
        assert!(moves("c", |e| e.modified_at = DateTime::from_timestamp(1_774_922_401, 0), &[]));
        assert!(moves("c", |e| e.state = None, &[]));
        assert!(moves("c", |e| e.kind = Some("CONTRACT".into()), &[]));
        assert!(moves("c", |e| e.enrollments[0].state = "CANCELED".into(), &[]));
        assert!(moves("c", |e| e.enrollments.clear(), &[]));
    }

    #[test]
    fn without_a_time_of_change_nothing_is_known_to_be_the_same() {
        assert_eq!(fingerprint("c", &EngagementRecord { modified_at: None, ..listed() }, &[]), None);
    }

    #[test]
    fn a_connection_is_what_a_night_reads_and_with_which_units() {
        let same = |change: fn(&mut settings::OysterAccess)| {
            let settings = oyster_settings("https://a.example", "https://a.example/token");
            let mut changed = settings.clone();
            change(&mut changed);
            connection(&changed) == connection(&settings)
        };
        assert!(same(|s| s.paths.requests = Some("/else".into())));
        assert!(same(|s| s.paths.ruleset = Some("/else".into())));
        assert!(!same(|s| s.paths.engagements = "/else".into()));
        assert!(!same(|s| s.paths.offerings = "/else".into()));
        assert!(!same(|s| s.paths.provisioning = "/else".into()));
        assert!(!same(|s| s.paths.enrollments = "/else".into()));
        assert!(!same(|s| s.units.enrollments = tieout_model::terms::ShareUnit::Fraction));
        assert!(!same(|s| s.customer_id = Some("c".into())));
        assert!(!same(|s| s.base_url.push('b')));
        assert!(!same(|s| s.placeholder_dates = PlaceholderDates::none()));
    }
}
