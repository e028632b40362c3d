//! The page of the report in a real browser: `bash .ci/browser`.

mod chromium;

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;
use tieout_model::finding::{Code, Severity};
use tieout_report::{
    BEHIND_FINDINGS_MAX, KnownNights, Report, page, render, sample, sign_off, verify, write_index, write_pack,
};

use chromium::Browser;

/// The rows that the page holds at most.
const MANY: usize = 50_000;

/// Where .ci/browser puts axe-core.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/axe/axe_playwright_python/axe.min.js");

/// A page in a folder of its own, and a browser that has opened it.
struct Opened {
    browser: Browser,
    file: PathBuf,
    _dir: TempDir,
}

fn opened(report: &Report, fragment: &str) -> Opened {
    let dir = tempfile::tempdir().expect("a folder");
    let page = page(report).expect("rendered");
    let file = dir.path().join("index.html");
    fs::write(&file, &page.bytes).expect("written");
    let mut browser = Browser::start();
    browser.open(&file, fragment);
    Opened { browser, file, _dir: dir }
}

/// The page over ten nights, one of them signed and one that can't be read, and a browser that has opened it.
fn opened_nights() -> Opened {
    let dir = tempfile::tempdir().expect("a folder");
    for night in 1..=10_usize {
        let mut report = self::night(20);
        report.exceptions.truncate(20 - night);
        let files = render(&report, &[]).expect("rendered");
        let folder = write_pack(dir.path(), &format!("2026-03-{night:02}"), &files).expect("written");
        if night == 9 {
            let verified = verify(&folder).expect("a report");
            sign_off(&folder, &verified, ["Maria Controller", "2026-03-10T08:00:00Z", "login maria", ""])
                .expect("signed");
        }
    }
    fs::write(dir.path().join("2026-03-04/run.json"), "{").expect("written");
    write_index(dir.path(), "demo", &KnownNights::default()).expect("written");
    let file = dir.path().join("index.html");
    let mut browser = Browser::start();
    browser.open(&file, "");
    Opened { browser, file, _dir: dir }
}

/// A night with so many findings, among them one of 9,999.00 USD.
fn night(findings: usize) -> Report {
    let mut report = sample::report();
    report.exceptions = (0..findings).map(|number| sample::exception(number, Code::EN01, 10_000, "USD")).collect();
    report.exceptions[7].exposure_to_date = Some((-99_990_000, sample::currency("USD")));
    report.exceptions[8].finding.severity = Severity::S4;
    let first = report.exceptions.iter().take(BEHIND_FINDINGS_MAX);
    report.behind = first.map(|exception| (exception.id.clone(), sample::behind("_Dental"))).collect();
    report
}

impl Opened {
    /// What a person reads in all places that a selector finds.
    fn texts(&mut self, selector: &str) -> Vec<String> {
        let found = self.browser.eval(&format!("[...document.querySelectorAll('{selector}')].map(e => e.innerText)"));
        found.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").trim().to_owned()).collect()
    }

    fn status(&mut self) -> String {
        self.texts("#status").remove(0)
    }

    fn search(&mut self, words: &str) {
        let type_in = format!(
            "new Promise(done => {{ const field = document.getElementById('search'); field.value = {};
             field.dispatchEvent(new Event('input')); setTimeout(done, 200); }})",
            json!(words)
        );
        self.browser.eval(&type_in);
    }

    fn click(&mut self, selector: &str) {
        self.browser.eval(&format!("document.querySelector('{selector}').click()"));
    }
}

#[test]
fn the_search_shows_what_has_every_word_and_escape_clears_it() {
    let mut page = opened(&night(250), "");
    assert_eq!(page.status(), "250 findings");
    assert_eq!(page.texts("#rows tr.row").len(), 100, "more are drawn on request");
    page.click("#more");
    assert_eq!(page.texts("#rows tr.row").len(), 200);
    page.search("000123 dental");
    assert_eq!(page.status(), "1 of 250 findings");
    page.search("nobody has this");
    assert_eq!(page.status(), "0 of 250 findings");
    page.browser.eval("document.activeElement.blur()");
    page.browser.press("/");
    assert_eq!(page.browser.eval("document.activeElement.id"), "search");
    page.browser.press("Escape");
    assert_eq!(page.status(), "250 findings");
}

#[test]
fn filters_and_groups_narrow_the_list_and_clear_shows_all() {
    let mut page = opened(&night(20), "");
    let select = "const s = [...document.querySelectorAll('#filters select')].find(s =>
                      [...s.options].some(o => o.value === 'S4'));
                  s.value = 'S4'; s.dispatchEvent(new Event('change'));";
    page.browser.eval(select);
    assert_eq!(page.status(), "1 of 20 findings");
    page.click("#tools button[type=reset]");
    assert_eq!(page.status(), "20 findings");
    let mut report = night(20);
    report.exceptions[3].finding.code = Code::EN02;
    let mut page = opened(&report, "");
    page.click(".group[data-code=EN02]");
    assert_eq!(page.status(), "1 of 20 findings");
}

#[test]
fn a_header_sorts_by_what_it_shows_and_says_so() {
    let mut page = opened(&night(20), "");
    page.click("#heads th[data-name=exposure_to_date] button");
    assert_eq!(page.texts("#rows tr.row:first-child td.number"), ["\u{2212}9,999.00 USD"]);
    let told = "document.querySelector('#heads th[data-name=exposure_to_date]').getAttribute('aria-sort')";
    assert_eq!(page.browser.eval(told), "descending");
    page.click("#heads th[data-name=exposure_to_date] button");
    assert_eq!(page.browser.eval(told), "ascending");
    assert_eq!(page.texts("#rows tr.row:last-child td.number"), ["\u{2212}9,999.00 USD"]);
}

#[test]
fn a_row_opens_and_a_link_leads_to_one_finding() {
    let report = night(20);
    let mut page = opened(&report, "");
    page.click("#rows .open");
    assert_eq!(page.texts(".detail .sentence"), ["Payroll took nothing."]);
    assert_eq!(page.browser.eval("document.querySelector('#rows .open').getAttribute('aria-expanded')"), "true");
    page.click("#rows .open");
    assert!(page.texts(".detail").is_empty());
    let mut page = opened(&report, &format!("#{}", report.exceptions[9].id));
    assert_eq!(page.status(), "1 of 20 findings");
    assert_eq!(page.texts("#rows tr.row td:nth-child(3)"), ["000009"]);
    assert_eq!(page.texts(".detail .sentence").len(), 1);
}

#[test]
fn an_opened_row_has_evidence_history_and_the_ledger_of_its_benefit_or_says_where_it_stands() {
    let mut report = night(20);
    report.exceptions[0].finding.evidence = vec![sample::evidence()];
    report.behind.insert(report.exceptions[0].id.clone(), sample::behind("_Dental"));
    let mut page = opened(&report, "");
    page.click("#rows .open");
    assert_eq!(page.texts(".detail h3"), ["Evidence", "History", "Ledger of this benefit"]);
    assert_eq!(page.texts(".detail .behind li"), ["payroll ee_amount (line 7)"]);
    assert_eq!(
        page.texts(".detail .behind td"),
        [
            "2026-03-15",
            "",
            "2026-03-31",
            "10.00 USD",
            "2026-03-31",
            "2026-03-16 to 2026-03-31",
            "expected",
            "1,010.00",
            "1,010.00",
            "2026-03-31",
            "2026-03-16 to 2026-03-31",
            "taken",
            "\u{2212}1,000.00",
            "10.00"
        ]
    );
    assert_eq!(page.texts(".detail code").last().map(String::as_str), Some("tieout ledger JOB 000000"));
    report.behind.clear();
    let mut page = opened(&report, &format!("#{}", report.exceptions[9].id));
    assert!(page.texts(".detail .behind")[1].contains("tieout ledger JOB 000009"), "no ledger is in the page");
}

#[test]
fn nothing_is_requested_nothing_fails_and_nothing_of_a_source_runs() {
    let mut report = night(20);
    report.behind.insert(report.exceptions[0].id.clone(), sample::behind("</script>"));
    report.exceptions[0].finding.sentence = "<img src=x onerror=\"document.title='ran'\">".to_owned();
    report.exceptions[0].finding.benefit = "</script><script>document.title='ran'</script>".to_owned();
    let mut page = opened(&report, &format!("#{}", report.exceptions[0].id));
    page.browser.eval("document.querySelectorAll('details').forEach(section => { section.open = true; })");
    assert_ne!(page.browser.eval("document.title"), "ran");
    assert!(page.texts(".detail .sentence")[0].starts_with("<img"), "it is shown as text");
    check_quiet(&page);
}

/// Whether the page asked for no other file, and nothing in it failed.
#[track_caller]
fn check_quiet(page: &Opened) {
    let own = format!("file://{}", page.file.display());
    for event in &page.browser.events {
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let url = event["params"]["request"]["url"].as_str().expect("an address");
                assert!(url.starts_with(&own) || url == "data:,", "{url} is requested");
            }
            "Runtime.exceptionThrown" | "Log.entryAdded" | "Runtime.consoleAPICalled" => panic!("{event}"),
            _ => {}
        }
    }
}

/// Whether no text of the page is wider than it, in pixels of a screen.
fn check_width(page: &mut Opened, width: u32) {
    let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    page.browser.call("Emulation.setDeviceMetricsOverride", metrics);
    let wide = page.browser.eval("document.documentElement.scrollWidth");
    assert!(wide.as_u64().expect("a number") <= u64::from(width), "{wide} of {width}");
}

#[test]
fn the_page_fits_screens_from_360_to_1920_pixels() {
    let mut page = opened(&night(20), "");
    for width in [360, 768, 1280, 1920] {
        check_width(&mut page, width);
    }
}

#[test]
fn paper_across_and_upright_has_every_column_and_says_what_it_leaves_out() {
    let mut page = opened(&night(700), "");
    page.browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let upright = json!({ "width": 700, "height": 990, "deviceScaleFactor": 1, "mobile": false });
    page.browser.call("Emulation.setDeviceMetricsOverride", upright);
    let hidden = "[...document.querySelectorAll('#heads th')].filter(th => !th.offsetWidth).length";
    assert_eq!(page.browser.eval(hidden), 0);
    page.browser.eval("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(page.texts("#printed"), ["The first 500 of 700 rows are printed; all of them are in exceptions.csv."]);
    page.browser.eval("dispatchEvent(new Event('afterprint'))");
    assert_eq!(page.browser.eval("document.getElementById('printed').hidden"), true);
}

#[test]
fn the_header_of_the_list_stays_in_view() {
    let mut page = opened(&night(100), "");
    let wide = json!({ "width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    page.browser.call("Emulation.setDeviceMetricsOverride", wide);
    page.browser.eval("document.querySelector('#rows tr:nth-child(60)').scrollIntoView()");
    assert_eq!(page.browser.eval("document.querySelector('#heads th').getBoundingClientRect().top"), 0);
    page.click("#rows .open");
    let apart = "document.querySelector('#heads th').getBoundingClientRect().top
                 - document.querySelector('.wide').getBoundingClientRect().top";
    for width in [360, 740, 900] {
        let narrow = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        page.browser.call("Emulation.setDeviceMetricsOverride", narrow);
        page.browser.eval("document.querySelector('#rows tr:nth-child(60)').scrollIntoView()");
        assert_eq!(page.browser.eval(apart), 0, "at {width} pixels the list scrolls in a box, its header at the top");
    }
}

#[test]
fn a_link_to_a_waived_finding_says_where_it_stands() {
    let mut report = night(20);
    let id = "f00000000000000aa".to_owned();
    report.waived[0].exception.id.clone_from(&id);
    let mut page = opened(&report, &format!("#{id}"));
    assert_eq!(page.status(), format!("Finding {id} is none of the list: it stands below, under Waived."));
    assert_eq!(page.browser.eval("document.getElementById('waived').open"), true);
    assert_eq!(page.texts("#rows tr.row").len(), 20);
}

#[test]
fn a_finding_in_two_currencies_is_one() {
    let mut report = night(20);
    let mut of_yen = report.exceptions[3].finding.variances[0].clone();
    of_yen.currency = sample::currency("JPY");
    report.exceptions[3].finding.variances.push(of_yen);
    let mut page = opened(&report, "");
    assert_eq!(page.status(), "20 findings, in 21 rows of one currency");
}

/// What axe-core finds wrong with the page as it stands, all of it opened.
fn check_accessible(page: &mut Opened, what: &str) {
    page.browser.call("Page.setBypassCSP", json!({ "enabled": true }));
    let file = page.file.clone();
    page.browser.open(&file, "");
    page.browser.eval("document.querySelectorAll('details').forEach(section => { section.open = true; })");
    page.browser.eval("document.querySelector('#rows .open')?.click()");
    page.browser.eval(&format!("{};true", fs::read_to_string(AXE).expect("axe-core: run .ci/browser")));
    let found = "axe.run().then(told => told.violations.map(v => `${v.id}, ${v.impact}: ${v.nodes[0].html}`))";
    assert_eq!(page.browser.eval(found), json!([]), "{what}");
}

#[test]
fn no_rule_of_accessibility_is_broken_in_light_and_dark_wide_and_narrow() {
    for (width, scheme) in [(1280, "light"), (1280, "dark"), (390, "light")] {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        for mut page in [opened(&night(20), ""), opened_nights()] {
            page.browser.call("Emulation.setEmulatedMedia", features.clone());
            page.browser.call("Emulation.setDeviceMetricsOverride", metrics.clone());
            check_accessible(&mut page, &format!("{width} {scheme}"));
        }
    }
}

#[test]
fn it_follows_a_dark_desktop_and_opens_everything_on_paper() {
    let mut page = opened(&night(250), "");
    let ground = "getComputedStyle(document.body).backgroundColor";
    let light = page.browser.eval(ground);
    let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
    page.browser.call("Emulation.setEmulatedMedia", dark);
    assert_ne!(page.browser.eval(ground), light);
    page.browser.eval("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(page.texts("#rows tr.row").len(), 250);
    assert_eq!(page.browser.eval("document.querySelectorAll('details:not([open])').length"), 0);
    page.browser.eval("dispatchEvent(new Event('afterprint'))");
    assert_ne!(page.browser.eval("document.querySelectorAll('details:not([open])').length"), 0);
    let paper = page.browser.call("Page.printToPDF", json!({ "landscape": true }));
    assert!(paper["data"].as_str().is_some_and(|data| !data.is_empty()));
}

#[test]
fn the_page_over_all_nights_fits_screens_follows_a_dark_desktop_and_asks_for_nothing() {
    let mut page = opened_nights();
    for width in [360, 768, 1280, 1920] {
        check_width(&mut page, width);
    }
    let ground = "getComputedStyle(document.body).backgroundColor";
    let light = page.browser.eval(ground);
    let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
    page.browser.call("Emulation.setEmulatedMedia", dark);
    assert_ne!(page.browser.eval(ground), light);
    let paper = page.browser.call("Page.printToPDF", json!({ "landscape": true }));
    assert!(paper["data"].as_str().is_some_and(|data| !data.is_empty()));
    check_quiet(&page);
}

#[test]
fn the_page_over_all_nights_leads_to_each_of_them_by_keyboard() {
    let mut page = opened_nights();
    let nights = page.texts("#nights tbody th");
    assert_eq!((nights.len(), nights[0].as_str(), nights[9].as_str()), (10, "2026-03-10", "2026-03-01"));
    assert!(page.texts("#nights tbody tr:nth-child(2)")[0].contains("Maria Controller"));
    assert!(page.texts("#nights tbody tr:nth-child(7)")[0].contains("run.json is not as tieout writes it"));
    let reached =
        "[...document.querySelectorAll('a')].every(link => { link.focus(); return document.activeElement === link; })";
    assert_eq!(page.browser.eval(reached), true);
    assert_eq!(page.browser.eval("document.querySelectorAll('svg.trend[role=img][aria-label]').length"), 2);
    let link = page.browser.eval("document.querySelector('#nights tbody a').href");
    let file = PathBuf::from(link.as_str().and_then(|link| link.strip_prefix("file://")).expect("a file"));
    page.browser.open(&file, "");
    assert_eq!(page.status(), "10 findings");
}

#[test]
fn fifty_thousand_findings_are_all_found_and_more_are_told() {
    let mut page = opened(&night(MANY + 1), "");
    assert_eq!(page.status(), "50,000 findings");
    assert!(page.texts(".note")[0].starts_with("These are the first 50,000 of 50,001 rows"));
    page.search("049999");
    assert_eq!(page.status(), "1 of 50,000 findings");
}
