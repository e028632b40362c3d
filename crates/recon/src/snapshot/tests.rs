//! Sealing, opening, damage, and import.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::snapshot::testing::{day, moment, outcomes, settings, write_world};
use tieout_model::records::benifex::{BenefitRecord, UserRecord};

fn tables() -> Tables {
    let mut builder = Builder::new(3);
    let user = UserRecord { user_id: "u".into(), salary: Some(1), ..UserRecord::default() };
    let benefit = |key: &str| BenefitRecord { benefit: key.into(), ..BenefitRecord::default() };
    let benefits = vec![benefit("_Pension"), benefit("_Dental")];
    let (user_fetched_at, benefits_fetched_at) = (moment(1), moment(2));
    builder.push(
        "001",
        Ok(Some(PersonAnswers { user, user_fetched_at, benefits, benefits_fetched_at })),
        false,
        Some(moment(0)),
    );
    builder.push("002", Ok(None), true, Some(moment(0)));
    builder.push("003", Err("a broken connection"), false, None);
    builder.finish().expect("tables")
}

fn head(as_of: u32, taken: i64) -> SnapshotHead {
    SnapshotHead { taken_at: moment(taken), as_of: day(as_of), source: Origin::Benifex }
}

#[test]
fn what_was_sealed_is_what_is_opened() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let sealed = seal(state.path(), head(31, 5), tables()).expect("seals");
    let listed = newest(state.path()).expect("lists").expect("one");
    assert_eq!((listed.employees, listed.users, listed.benefits, listed.complete), (3, 1, 2, false));
    let opened = open(&listed.dir, true).expect("opens");
    assert_eq!((&opened.id, &opened.sha256, opened.as_of), (&sealed.id, &sealed.sha256, day(31)));
    for (a, b) in
        [(&opened.population, &sealed.population), (&opened.users, &sealed.users), (&opened.benefits, &sealed.benefits)]
    {
        assert!(a.equals_missing(b), "{:?} {:?}", a.schema(), b.schema());
        assert_eq!(a.schema(), b.schema());
    }
    assert_eq!(opened.benefits.column("benefit").expect("there").str().expect("text").get(0), Some("_Dental"));
}

#[test]
fn a_snapshot_of_nobody_keeps_its_columns() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let nobody = Builder::new(0).finish().expect("tables");
    let sealed = seal(state.path(), head(31, 5), nobody).expect("seals");
    let opened = open(&state.path().join("snapshots").join(&sealed.id), true).expect("opens");
    assert!(opened.complete && opened.users.height() == 0);
    assert_eq!(opened.users.schema(), sealed.users.schema());
}

#[test]
fn sealed_files_are_read_only_and_nothing_unfinished_stays() {
    let state = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir_all(state.path().join("snapshots/.unfinished-1")).expect("creates");
    let sealed = seal(state.path(), head(31, 5), tables()).expect("seals");
    let names: Vec<_> = fs::read_dir(state.path().join("snapshots")).expect("reads").map(|e| e.expect("one")).collect();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].file_name().to_string_lossy(), sealed.id);
    for file in fs::read_dir(names[0].path()).expect("reads") {
        assert_eq!(file.expect("a file").metadata().expect("there").permissions().mode() & 0o777, 0o400);
    }
}

#[test]
fn the_same_answers_make_the_same_bytes_and_are_sealed_once() {
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let first = seal(one.path(), head(31, 5), tables()).expect("seals");
    let again = seal(one.path(), head(31, 5), tables()).expect("seals again");
    let elsewhere = seal(other.path(), head(31, 5), tables()).expect("seals elsewhere");
    assert_eq!((&first.id, &first.sha256), (&again.id, &again.sha256));
    assert_eq!(first.sha256, elsewhere.sha256);
    assert_eq!(list(one.path()).expect("lists").len(), 1);
    assert_ne!(seal(one.path(), head(30, 5), tables()).expect("seals").sha256, first.sha256);
}

#[test]
fn a_changed_byte_is_found_and_its_table_named() {
    for (file, part) in [
        ("population.parquet", "table population"),
        ("users.parquet", "table users"),
        ("benefits.parquet", "table benefits"),
        ("snapshot.json", "snapshot.json"),
    ] {
        let state = tempfile::tempdir().expect("a temporary folder");
        let sealed = seal(state.path(), head(31, 5), tables()).expect("seals");
        let dir = state.path().join("snapshots").join(sealed.id);
        let mut bytes = fs::read(dir.join(file)).expect("reads");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::remove_file(dir.join(file)).expect("removes");
        fs::write(dir.join(file), bytes).expect("writes");
        let error = open(&dir, true).expect_err("refuses");
        let damaged = error.downcast_ref::<Damaged>().unwrap_or_else(|| panic!("{file}: {error:#}"));
        assert_eq!(damaged.part, part);
    }
}

#[test]
fn a_missing_table_is_damage() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let sealed = seal(state.path(), head(31, 5), tables()).expect("seals");
    let dir = state.path().join("snapshots").join(sealed.id);
    fs::remove_file(dir.join("users.parquet")).expect("removes");
    let error = open(&dir, false).expect_err("refuses");
    assert_eq!(error.downcast_ref::<Damaged>().map(|damaged| damaged.part.as_str()), Some("table users"));
}

#[test]
fn the_newest_is_by_day_and_then_by_time_and_the_oldest_go_first() {
    let state = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(newest(state.path()).expect("lists"), None);
    // The first is taken on its day, the last on the 31st for an earlier day, of which it is no evidence.
    const DAY_S: i64 = 86_400;
    for (as_of, taken) in [(27, 99 - 4 * DAY_S), (31, 20), (31, 15), (28, 99)] {
        seal(state.path(), head(as_of, taken), tables()).expect("seals");
    }
    let found = |listed: Option<Listed>| listed.map(|listed| (listed.as_of, listed.taken_at));
    assert_eq!(found(newest(state.path()).expect("lists")), Some((day(31), moment(20))));
    assert_eq!(
        found(newest_on_or_before(state.path(), day(29), &Zone::UTC).expect("lists")),
        Some((day(27), moment(99 - 4 * DAY_S)))
    );
    assert_eq!(found(newest_on_or_before(state.path(), day(26), &Zone::UTC).expect("lists")), None);
    assert_eq!(retain(state.path(), 3).expect("removes").len(), 1);
    let left: Vec<_> = list(state.path()).expect("lists").into_iter().map(|listed| listed.as_of).collect();
    assert_eq!(left, [day(28), day(31), day(31)]);
}

#[test]
fn an_import_places_everybody() {
    let (world, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    write_world(world.path());
    let settings = settings("http://localhost:1", "http://localhost:1/token");
    let population = ["000".to_owned(), " 001".to_owned(), "0012".to_owned()];
    let import = Import {
        world: world.path(),
        settings: &settings,
        oyster: None,
        charged: &crate::deducted::DeductedEngagements::default(),
        population: &population,
        crosswalk: &tieout_payroll::crosswalk::Crosswalk::default(),
        fold_id_case: false,
        as_of: day(31),
        taken_at: moment(0),
    };
    let snapshot = import_world(&import, state.path()).expect("imports");
    let expected = [
        ("000", "not_found", ""),
        ("001", "found", ""),
        ("0012", "not_found", ""),
        ("002", "found", ""),
        ("003", "unverified", "several users for one employee id"),
        ("005", "unverified", "user: listed, and then gone (410)"),
        ("006", "unverified", "benefits: the answer could not be read: its shape is not the one of the contract"),
        ("007", "found", ""),
        ("008", "found", ""),
        ("009", "found", ""),
        ("010", "found", ""),
        ("011", "found", ""),
        ("012", "found", ""),
    ];
    assert_eq!(outcomes(&snapshot), expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
    assert!(!snapshot.complete);
    let numbers = |frame: &DataFrame, name: &str| {
        frame
            .column(name)
            .expect("there")
            .cast(&polars::prelude::DataType::Int64)
            .expect("casts")
            .i64()
            .expect("i64")
            .to_vec()
    };
    assert_eq!(numbers(&snapshot.users, "emp"), [1, 3, 7, 8, 9, 10, 11, 12].map(Some));
    // 001, 002 and 007 earn their number in thousands and a half.
    assert_eq!(numbers(&snapshot.users, "salary")[..3], [10_005_000, 20_005_000, 70_005_000].map(Some));
    assert_eq!(numbers(&snapshot.benefits, "emp")[..4], [1, 1, 3, 3].map(Some));
    let text = |name: &str, row| {
        snapshot.benefits.column(name).expect("there").str().expect("text").get(row).map(str::to_owned)
    };
    assert_eq!(text("benefit", 2).as_deref(), Some("_Dental"));
    assert_eq!(text("faults", 2).as_deref(), Some("effective_from"));
    assert_eq!(text("ee_currency", 3).as_deref(), Some("GBP"));
    assert_eq!(snapshot.benefits.height(), 14);
}

#[test]
fn an_import_without_its_files_or_with_a_broken_line_says_where() {
    let (world, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let settings = settings("http://localhost:1", "http://localhost:1/token");
    let import = || {
        let (as_of, taken_at) = (day(31), moment(0));
        let import = Import {
            world: world.path(),
            settings: &settings,
            oyster: None,
            charged: &crate::deducted::DeductedEngagements::default(),
            population: &[],
            crosswalk: &tieout_payroll::crosswalk::Crosswalk::default(),
            fold_id_case: false,
            as_of,
            taken_at,
        };
        format!("{:#}", import_world(&import, state.path()).expect_err("refuses"))
    };
    assert!(import().contains("benifex/users.ndjson"));
    write_world(world.path());
    let benefits = world.path().join("benifex/benefits.ndjson");
    fs::write(
        &benefits,
        "{\"userId\":\"u-1\",\"data\":{\"currentBenefits\":[]}}\n{\"userId\":\"u-1\",\"data\":null}\n",
    )
    .expect("writes");
    let error = import();
    assert!(error.contains("line 2 of ") && error.contains("an earlier line is about the same user"), "{error}");
    fs::write(&benefits, "\n\n{\"userId\":").expect("writes");
    assert!(import().contains("line 3 of "));
}
