//! The Oyster client against the sandbox, whose journal is the witness of what arrived.

use std::fmt::Write as _;

use super::*;
use crate::oyster::{OysterClient, OysterWriter};
use crate::tests::oyster::{Log, client_credentials, reader, settings, writer};
use crate::{ApiError, Sent};
use tieout_model::correction::oyster::{ProvisioningChange, RequestChange, Shares, WantedPackage, WantedPlan};
use tieout_model::records::oyster::EngagementWalk;
use tieout_sandbox::{Faults, Running, Settings, start};

const OFFER: &str = r#"{"supplementary":{"plans":[{"id":"P1","category":"HEALTH","estimatedPrice":{"decimal":"70.0","currencyCode":"EUR"},"fee":null}]},"packages":[{"id":"K1","name":"Essential","fee":null,"plans":[{"id":"P2","category":"HEALTH","estimatedPrice":{"decimal":"45.0","currencyCode":"EUR"}}]}]}"#;
/// Engagements of the world; an odd number, so that the last page is short.
const ENGAGEMENTS: usize = 7;

/// A sandbox with engagements E0 to E6, of which E0 is enrolled and the others have nothing, and clients for it.
struct Served {
    running: Running,
    reader: OysterClient,
    writer: OysterWriter,
    log: Log,
    _world: tempfile::TempDir,
}

impl Served {
    async fn new(faults: &str) -> Served {
        let world = tempfile::tempdir().expect("a folder");
        let folder = world.path().join("oyster");
        std::fs::create_dir(&folder).expect("writable");
        let (mut engagements, mut offerings) = (String::new(), String::new());
        for n in 0..ENGAGEMENTS {
            let embedded = if n == 0 { r#"{"benefitEnrollmentId":"N1","state":"ENROLLED"}"# } else { "" };
            let _ = writeln!(
                engagements,
                r#"{{"engagementId":"E{n}","engagementType":"EMPLOYMENT","benefitEnrollments":[{embedded}]}}"#
            );
            let _ = writeln!(offerings, r#"{{"engagementId":"E{n}","data":{OFFER}}}"#);
        }
        let enrollments = r#"{"engagementId":"E0","data":[{"id":"N1","plan":{"id":"P2"},"state":"ENROLLED","employerContribution":{"teamMember":55.50}}]}"#;
        for (name, text) in
            [("engagements", engagements.as_str()), ("offerings", offerings.as_str()), ("enrollments", enrollments)]
        {
            std::fs::write(folder.join(format!("{name}.ndjson")), text).expect("writable");
        }
        let mut served = Settings::for_world(world.path());
        served.faults = Faults::parse(faults).expect(faults);
        served.oyster_customer = Some("cust1234".to_owned());
        let running = start(served).await.expect("starts");
        let mut settings = settings(&running.oyster_url());
        settings.customer_id = Some("cust1234".to_owned());
        settings.actor_email = Some("admin@example.com".to_owned());
        settings.per_page = 3;
        settings.http.read_timeout = Duration::from_millis(300);
        let credential = || client_credentials(running.oyster_token_url());
        let ((reader, log), (writer, _)) = (reader(&settings, credential()), writer(&settings, credential()));
        Served { running, reader, writer, log, _world: world }
    }

    /// Operation, applied or not, and status of each write that arrived.
    fn arrived(&self) -> Vec<(String, bool, Option<u16>)> {
        self.running.journal().into_iter().map(|entry| (entry.operation, entry.applied, entry.status)).collect()
    }
}

fn shares(team_member: i64) -> Shares {
    Shares { team_member: Some(team_member), dependents: Some(250_000), max_dependents: None }
}

fn wanted(engagement_id: &str) -> ProvisioningChange {
    let plan = |id: &str, team_member| WantedPlan { plan_id: id.to_owned(), shares: shares(team_member) };
    let package = WantedPackage { package_id: "K1".to_owned(), plans: vec![plan("P2", 555_000)] };
    let engagement_id = engagement_id.to_owned();
    ProvisioningChange {
        engagement_id: engagement_id.into(),
        supplementary: vec![plan("P1", 500_000)],
        package: Some(package),
    }
}

fn request(engagement_id: &str) -> RequestChange {
    let engagement_id = engagement_id.to_owned();
    RequestChange { engagement_id: engagement_id.into(), plan_id: "P1".to_owned(), shares: shares(555_000) }
}

#[track_caller]
fn check_whole(walk: &EngagementWalk) {
    assert_eq!(walk.inconsistencies, Vec::<String>::new());
    let ids: Vec<_> = walk.engagements.iter().map(|one| one.engagement_id.to_string()).collect();
    assert_eq!(ids, (0..ENGAGEMENTS).map(|n| format!("E{n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_page_is_read_once_and_the_details_are_those_of_the_world() {
    let served = Served::new("").await;
    let walk = served.reader.engagements().await.expect("a walk");
    check_whole(&walk);
    assert_eq!(served.log.calls().len(), 3);
    assert_eq!(served.reader.first_page().await.expect("a page"), Some(7));
    let one = served.reader.engagement(&"E0".into()).await.expect("known");
    assert_eq!(Some(&one), walk.engagements.first());
    let offerings = served.reader.offerings(&"E0".into()).await.expect("known");
    assert_eq!(offerings.plans.iter().map(|plan| plan.plan_id.as_str()).collect::<Vec<_>>(), ["P1", "P2"]);
    let [enrolled] = served.reader.enrollments(&"E0".into()).await.expect("known").try_into().expect("one");
    assert_eq!(enrolled.contribution.and_then(|shares| shares.team_member), Some(555_000));
    assert!(served.reader.provisioning(&"E1".into()).await.expect("known").packaged.is_empty());
    assert!(served.reader.ruleset(&"E0".into()).await.expect("known")["data"].is_object());
    assert!(matches!(served.reader.offerings(&"nobody".into()).await, Err(ApiError::NotFound { .. })));
}

#[tokio::test]
async fn another_customer_is_not_shown_anything() {
    let served = Served::new("").await;
    let (stranger, _) =
        reader(&settings(&served.running.oyster_url()), client_credentials(served.running.oyster_token_url()));
    assert!(stranger.engagements().await.is_err());
}

#[tokio::test]
async fn faults_of_the_list_are_mended_and_what_moves_is_told() {
    for fault in [
        "status:503@oyster:2",
        "cut@oyster:2",
        "reset@oyster:2",
        "badjson@oyster:3",
        "hang@oyster:1",
        "expire@oyster:2",
        "duprow@oyster:2",
        "deprecated@oyster:1",
    ] {
        let served = Served::new(fault).await;
        check_whole(&served.reader.engagements().await.expect(fault));
    }
    for (fault, contradiction) in [
        ("duprow@engagements", "an entry came twice"),
        ("movingtotal@engagements", "the totals change from page to page"),
    ] {
        let served = Served::new(fault).await;
        let walk = served.reader.engagements().await.expect(fault);
        assert!(walk.inconsistencies.contains(&contradiction.to_owned()), "{fault}: {:?}", walk.inconsistencies);
    }
}

#[tokio::test]
async fn a_provisioning_that_is_put_reads_back_as_wanted() {
    let served = Served::new("").await;
    assert!(matches!(served.writer.put_provisioning(&wanted("E1")).await, Sent::Accepted { status: 200, .. }));
    let found = served.writer.reader().provisioning(&"E1".into()).await.expect("known");
    let shares = |one: &tieout_model::records::oyster::EnrollmentRecord| {
        (one.plan_id.clone(), one.package_id.clone(), one.contribution.clone().and_then(|shares| shares.team_member))
    };
    assert_eq!(found.supplementary.iter().map(shares).collect::<Vec<_>>(), [(Some("P1".into()), None, Some(500_000))]);
    assert_eq!(
        found.packaged.iter().map(shares).collect::<Vec<_>>(),
        [(Some("P2".into()), Some("K1".into()), Some(555_000))]
    );
    let journal = served.running.journal();
    assert_eq!(journal[0].actor.as_deref(), Some("admin@example.com"));
    // Without a package what was packaged is gone: the service replaces all of it.
    let less = ProvisioningChange { package: None, ..wanted("E1") };
    assert!(matches!(served.writer.put_provisioning(&less).await, Sent::Accepted { .. }));
    assert!(served.reader.provisioning(&"E1".into()).await.expect("known").packaged.is_empty());
}

#[tokio::test]
async fn a_write_that_the_service_refuses_is_final_and_says_why() {
    let served = Served::new("").await;
    let engaged = served.writer.put_provisioning(&wanted("E0")).await;
    assert!(
        engaged == Sent::Refused { status: 422, reason: "Engagement is already engaged".to_owned() },
        "{engaged:?}"
    );
    let unknown = RequestChange { plan_id: "P9".to_owned(), shares: Shares::default(), ..request("E0") };
    let unknown = served.writer.request_benefit(&unknown).await;
    let reason = "plan_id: Plan id is not available (INVALID_PLAN)".to_owned();
    assert!(unknown == Sent::Refused { status: 400, reason }, "{unknown:?}");
    assert!(matches!(served.writer.request_benefit(&request("nobody")).await, Sent::Refused { status: 404, .. }));
}

#[tokio::test]
async fn a_request_adds_one_enrollment_whatever_becomes_of_the_answer() {
    let served = Served::new("").await;
    let sent = served.writer.request_benefit(&request("E1")).await;
    assert!(
        matches!(&sent, Sent::Accepted { status: 201, excerpt } if excerpt.contains("state REQUESTED, team member 55.5 %"))
    );
    let served = Served::new("lost@write:1").await;
    assert!(matches!(served.writer.request_benefit(&request("E1")).await, Sent::InDoubt { .. }));
    assert_eq!(served.arrived(), [("requests".to_owned(), true, None)]);
    let enrollments = served.reader.enrollments(&"E1".into()).await.expect("known");
    assert_eq!(enrollments.iter().filter_map(|one| one.state.as_deref()).collect::<Vec<_>>(), ["REQUESTED"]);
}

#[tokio::test]
async fn a_provisioning_whose_answer_is_lost_is_put_once_and_told_as_in_doubt() {
    for (fault, packaged) in [("lost@write:1", 1), ("reset@write:1", 0), ("hang@write:1", 0), ("status:503@write:1", 0)]
    {
        let served = Served::new(fault).await;
        let sent = served.writer.put_provisioning(&wanted("E1")).await;
        assert!(matches!(sent, Sent::InDoubt { .. }), "{fault}: {sent:?}");
        assert_eq!(served.arrived().len(), 1, "{fault}");
        assert_eq!(served.reader.provisioning(&"E1".into()).await.expect("known").packaged.len(), packaged, "{fault}");
    }
}
