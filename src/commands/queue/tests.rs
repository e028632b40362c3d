//! The commands on a folder, as a person gives them.

use std::path::Path;

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::*;
use crate::commands::audit;
use crate::job::{self, Job};
use crate::outcome::Exit;
use crate::review::authority::Bulk;
use tieout_model::correction::Correction;
use tieout_model::money::{Currency, Money};
use tieout_store::testing::{BY, START, all_judged, compensation, demographic, drive, plan};
use tieout_store::{ItemFilter, ItemState};

const NOW: DateTime<Utc> = START;

struct Bench {
    dir: tempfile::TempDir,
    job: Job,
}

impl Bench {
    /// A job with an approver up to 5,000 a year and one without a limit, and a queue of some corrections.
    fn new(corrections: Vec<Correction>) -> Bench {
        let dir = tempfile::tempdir().expect("a folder");
        let toml = r#"name = "acme"
            [payroll]
            file = "p.csv"
            currency = "USD"
            wide = [{ code = "MED", employee = "m" }]
            columns = { employee_id = "id", period_start = "from", period_end = "to" }
            [deductions]
            codes = { MED = "_Medical" }
            [benifex]
            benefit_status = { ACTIVE = "live" }
            [sandbox]
            world = "w"
            [approval]
            approvers = [{ name = "Ana", yearly_max = "5000.00" }, { name = "Bo" }, { name = "Tieout Run" }]"#;
        let mut job = job::parse(toml, Path::new("acme.toml")).expect("a job");
        job.state_dir = dir.path().join("state");
        job.report.dir = dir.path().join("reports");
        let mut store = Store::open(&job.state_dir).expect("opens");
        store.enqueue_plan(&plan(corrections), &all_judged(), NOW, BY).expect("enqueues");
        Bench { dir, job }
    }

    fn store(&self) -> Store {
        Store::open(&self.job.state_dir).expect("opens")
    }

    fn states(&self) -> Vec<ItemState> {
        self.store().list_items(&ItemFilter::default()).expect("lists").iter().map(|item| item.state).collect()
    }

    fn approve(&self, ids: &[i64], by: &str, bulk: Option<Bulk>) -> Result<String, String> {
        let selection = Selection::Items(ids.to_vec());
        let decide = Decide { selection: &selection, by, reason: "", now: NOW };
        approve(&self.job, &decide, bulk).map_err(|failure| failure.to_string())
    }

    fn reject(&self, id: i64, reason: &str) -> Result<String, String> {
        let selection = Selection::Items(vec![id]);
        let decide = Decide { selection: &selection, by: "Eve", reason, now: NOW };
        reject(&self.job, &decide).map_err(|failure| failure.to_string())
    }

    fn exported(&self) -> PathBuf {
        let file = self.dir.path().join("review.csv");
        export(&self.job, &ItemFilter::default(), &file).expect("exports");
        file
    }

    fn import(&self, file: &Path) -> Result<String, String> {
        let imported = Imported { file, by: "Ima", bulk: None, now: NOW };
        import(&self.job, imported).map_err(|failure| failure.to_string())
    }
}

fn status_changes(count: usize) -> Vec<Correction> {
    (1..=count).map(|id| compensation(&format!("{id:06}"), "part_time")).collect()
}

fn worth(id: &str, units: i64) -> Correction {
    let usd = Currency::parse("USD").expect("listed");
    Correction { yearly_difference: Some((Money::units(units), usd)), ..compensation(id, "part_time") }
}

#[test]
fn one_item_is_approved_by_a_listed_second_person_within_their_limit() {
    let bench = Bench::new(vec![worth("1", 5_001), worth("2", 5_000)]);
    for (id, by, why) in [
        (1, "Ana", "above this approver's limit"),
        (1, "Eve", "does not list"),
        (1, "tieout  run", "may not approve it"),
        (3, "Bo", "no such item"),
    ] {
        let error = bench.approve(&[id], by, None).expect_err("refused");
        assert!(error.contains(why), "{by}: {error}");
    }
    assert_eq!(bench.states(), [ItemState::Proposed; 2]);
    assert_eq!(bench.approve(&[2], "Ana", None).as_deref(), Ok("item 2 is approved"));
    let item = bench.store().items_by_id([2]).expect("reads").remove(&2).expect("is there");
    assert_eq!(item.policy_hash, Some(bench.job.policy_hash()));
    let again = bench.approve(&[2], "Bo", None).expect_err("refused");
    assert!(again.contains("it is approved"), "{again}");
}

#[test]
fn several_items_need_a_stated_count_and_exposure() {
    let bench = Bench::new(vec![worth("1", 60), worth("2", -40)]);
    let bulk = |max_count, units| Some(Bulk { max_count, max_exposure: Money::units(units), with_marked: false });
    for (bulk, why) in [(None, "needs --max-count"), (bulk(1, 100), "--max-count is 1"), (bulk(2, 99), "more than")] {
        let error = bench.approve(&[1, 2], "Bo", bulk).expect_err("refused");
        assert!(error.contains(why), "{error}");
        assert_eq!(bench.states(), [ItemState::Proposed; 2]);
    }
    let all = Selection::Proposed(ItemFilter::default());
    let decide = Decide { selection: &all, by: "Bo", reason: "", now: NOW };
    assert_eq!(approve(&bench.job, &decide, bulk(2, 100)).expect("approves"), "2 items are approved");
    assert_eq!(
        approve(&bench.job, &decide, bulk(2, 100)).expect("finds none"),
        "no proposed items: nothing was approved"
    );
}

#[test]
fn a_rejection_needs_a_reason_and_takes_an_approval_back_first() {
    let bench = Bench::new(status_changes(1));
    bench.approve(&[1], "Bo", None).expect("approves");
    assert!(bench.reject(1, " ").expect_err("refused").contains("--reason"));
    assert_eq!(bench.reject(1, "left the company").as_deref(), Ok("item 1 is rejected"));
    let events: Vec<_> = bench.store().audit_of(1).expect("reads").into_iter().map(|row| row.event).collect();
    assert_eq!(events, ["propose", "approve", "void", "reject"]);
    assert!(bench.reject(1, "again").expect_err("refused").contains("it is rejected"));
}

#[test]
fn an_item_in_doubt_is_resolved_with_a_reason() {
    let bench = Bench::new(status_changes(2));
    let resolve = |id, sent, reason: &str| {
        resolve(&bench.job, id, sent, "Ana", reason, NOW).map_err(|failure| failure.to_string())
    };
    assert!(resolve(1, true, "seen").expect_err("refused").contains("it is proposed"));
    for id in [1, 2] {
        drive(&mut bench.store(), id, ItemState::InDoubt);
    }
    assert!(resolve(1, true, "").expect_err("refused").contains("--reason"));
    resolve(1, true, "seen in Benbase").expect("resolves");
    resolve(2, false, "not there").expect("resolves");
    assert_eq!(bench.states(), [ItemState::Sent, ItemState::Approved]);
}

#[test]
fn an_approvers_name_and_login_go_together_whatever_is_decided() {
    let mut bench = Bench::new(status_changes(1));
    // Nobody's: not that of this process.
    bench.job.approval.approvers.iter_mut().for_each(|approver| approver.logins = vec!["4294967295".to_owned()]);
    let (id, reason) = (1, "seen");
    let told = |result: Result<String, Failure>| result.expect_err("refused").to_string();
    for by in ["Ana", "Bo"] {
        assert!(told(resolve(&bench.job, id, true, by, reason, NOW)).contains("does not list this login"));
        assert!(told(retry(&bench.job, id, by, reason, NOW)).contains("does not list this login"));
    }
    let selection = Selection::Items(vec![id]);
    let decide = Decide { selection: &selection, by: "Ana", reason, now: NOW };
    assert!(told(reject(&bench.job, &decide)).contains("does not list this login"));
    let own = crate::secrets::Operator::of_process().uid.to_string();
    bench.job.approval.approvers[0].logins = vec![own];
    assert!(told(resolve(&bench.job, id, true, "Clerk", reason, NOW)).contains("another approver's"));
}

#[test]
fn the_queue_is_listed_without_addresses_and_an_item_shown_with_the_one_to_approve() {
    let bench = Bench::new(vec![demographic("00042", "Austin")]);
    bench.approve(&[1], "Bo", None).expect("approves");
    let text = list(&bench.job, &ItemFilter::default(), false).expect("lists");
    let row: Vec<_> = text.lines().nth(1).expect("a row").split_whitespace().take(7).collect();
    assert_eq!(row, ["1", "approved", "demographic", "00042", "f:", "a", "->"]);
    let rejected = ItemFilter { state: Some(ItemState::Rejected), ..ItemFilter::default() };
    assert_eq!(list(&bench.job, &rejected, false).expect("lists"), "no such items in the queue");
    let shown = show(&bench.job, 1, false).expect("shows");
    for part in ["before", "after", "DE01 00042-demographic", "prepared: by tieout run", "approved: by Bo", "propose"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let json: serde_json::Value = serde_json::from_str(&show(&bench.job, 1, true).expect("shows")).expect("JSON");
    assert_eq!((&json["employee_id"], &json["history"][1]["by"]), (&"00042".into(), &"Bo".into()));
    assert!(shown.contains("new address: ") && shown.contains("Austin"), "nobody can approve unseen: {shown}");
    for text in [json.to_string(), text] {
        assert!(!text.contains("Austin") && !text.contains("Main St"), "an address is personal: {text}");
    }
    assert!(show(&bench.job, 9, false).is_err());
}

#[test]
fn a_change_at_oyster_names_its_engagement_wherever_it_is_looked_at() {
    let bench = Bench::new(Vec::new());
    let prepare = |team_member: u32| {
        let payload =
            format!(r#"{{"engagement_id":"QcUy2F59","plan_id":"P1","shares":{{"team_member":{team_member}}}}}"#);
        let evidence = r#"{"authority":"the preparer","changes":[{"field":"plan P1","from":"no enrollment","to":"team_member 55 %"}],"findings":[],"state":"h"}"#;
        let wanted = tieout_store::ByHand {
            employee_id: "000042",
            kind: tieout_model::correction::CorrectionKind::OysterRequest,
            engagement_id: "QcUy2F59",
            plan_id: Some("P1"),
            payload: &payload,
            evidence,
            by: "Sam",
        };
        bench.store().prepare_by_hand(&wanted, NOW).expect("prepares");
    };
    prepare(550_000);
    prepare(600_000);
    let filter = ItemFilter::default();
    let json: serde_json::Value = serde_json::from_str(&list(&bench.job, &filter, true).expect("lists")).expect("JSON");
    assert_eq!(json[0]["engagement_id"], "QcUy2F59");
    let sheet = fs::read_to_string(bench.exported()).expect("reads");
    let changes = "engagement QcUy2F59; plan P1: no enrollment -> team_member 55 %";
    for text in [list(&bench.job, &filter, false).expect("lists"), sheet] {
        assert!(text.contains(changes), "{text}");
    }
    let shown = show(&bench.job, 2, false).expect("shows");
    assert!(shown.contains("engagement: QcUy2F59"), "{shown}");
    // The successor speaks of itself.
    assert!(shown.contains("reason: in place of item 1, which held other values"), "{shown}");
    assert!(show(&bench.job, 1, false).expect("shows").contains("reason: another change of the engagement"));
}

#[test]
fn the_chain_is_proved_and_a_head_that_is_gone_is_told() {
    let bench = Bench::new(status_changes(1));
    let head = bench.store().audit_head().expect("reads").expect("has one");
    bench.approve(&[1], "Bo", None).expect("approves");
    let text = audit::verify(&bench.job, std::slice::from_ref(&head)).expect("whole");
    assert!(text.contains("2 entries") && text.ends_with(&format!("head {head}: entry 1")), "{text}");
    let failure = audit::verify(&bench.job, &["0".repeat(64)]).expect_err("refused");
    assert_eq!(failure.exit, Exit::Integrity);
    assert!(audit::show(&bench.job, 1, false).expect("shows").contains("policy "));
    for json in [false, true] {
        let refused = audit::show(&bench.job, 2, json).expect_err("there is no such item");
        assert_eq!(refused.exit, Exit::Input);
        assert!(refused.error.to_string().starts_with("the audit knows nothing of item 2"), "{}", refused.error);
    }
}

/// Fills in the decision columns, which are the last three, of every row.
fn fill(file: &Path, decide: impl Fn(usize) -> &'static str) {
    let text = fs::read_to_string(file).expect("reads");
    let mut filled = String::with_capacity(text.len() * 2);
    for (row, line) in text.lines().enumerate() {
        match row {
            0 => filled.push_str(line),
            _ => filled.push_str(&(line.strip_suffix(",,,").expect("empty columns").to_owned() + decide(row))),
        }
        filled.push_str("\r\n");
    }
    fs::write(file, filled).expect("writes");
}

#[test]
fn a_sheet_is_imported_whole_or_not_at_all() {
    let bench = Bench::new(status_changes(3));
    let file = bench.exported();
    assert!(export(&bench.job, &ItemFilter::default(), &file).is_err(), "never over decisions");
    fill(&file, |row| [",,,", ",approve,Ana,", ",reject,Eve,wrong month", ",approve,Eve,"][row]);
    let error = bench.import(&file).expect_err("refused");
    assert!(error.contains("has 1 problem,") && error.contains("row 4, decided_by: the job does not list"), "{error}");
    assert_eq!(bench.states(), [ItemState::Proposed; 3]);

    let text = fs::read_to_string(&file).expect("reads").replace(",approve,Eve,", ",,,");
    fs::write(&file, text).expect("writes");
    let told = bench.import(&file).expect("imports");
    assert_eq!(told, "1 item is approved, 1 rejected; 1 row without a decision");
    assert_eq!(bench.states(), [ItemState::Approved, ItemState::Rejected, ItemState::Proposed]);
    let story = bench.store().audit_of(2).expect("reads");
    let detail = format!("wrong month; imported by Ima, {}", crate::secrets::Operator::of_process());
    assert_eq!((story[1].by.as_str(), story[1].detail.as_str()), ("Eve", detail.as_str()));
    let again = bench.import(&file).expect_err("refused");
    assert!(again.contains("item 1 is approved by now"), "{again}");
}

#[test]
fn another_commands_transaction_is_told_as_busy() {
    let locked = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None);
    let failure = failure(anyhow::Error::from(locked).context("begin"));
    assert_eq!(failure.exit, Exit::Busy);
}
