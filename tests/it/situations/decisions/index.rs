//! The page over all nights of a job.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::situations::company::{Company, FEBRUARY, MARCH, MONTHLY};
use crate::support::shown;

const FIRST: &str = "2026-03-02";
const SECOND: &str = "2026-04-02";
const INDEX: &str = "reports/situation/index.html";

/// Payroll takes 90.00 of 1001 where 100.00 is due, month by month.
fn two_nights() -> Company {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "90.00");
    company.night(FIRST, FEBRUARY);
    company.night(SECOND, MARCH);
    company
}

fn index(company: &Company) -> String {
    fs::read_to_string(company.site().path(INDEX)).expect("written")
}

#[test]
fn the_page_over_all_nights_is_made_anew_with_each_night_and_each_signature() {
    let company = two_nights();
    let page = index(&company);
    for day in [FIRST, SECOND] {
        let link = format!("{day}/index.html");
        assert!(page.contains(&format!("href=\"{link}\"")), "{day}");
        assert!(company.site().path(&format!("reports/situation/{link}")).exists());
    }
    assert!(page.contains("data-label=\"new\"><b>1</b><span class=\"money\">10.00 USD</span>"), "{page}");
    assert!(page.contains("data-label=\"still open\"><b>1</b><span class=\"money\">20.00 USD</span>"), "{page}");
    assert!(!page.contains("maria"));
    company.site().expect(0, &["sign-off", "job.toml", "--as-of", SECOND, "--by", "maria"]);
    assert!(index(&company).contains("Signed by maria."));
    let mode = fs::metadata(company.site().path(INDEX)).expect("is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn nothing_of_an_earlier_night_keeps_the_next_one_from_its_report() {
    let mut company = two_nights();
    fs::write(company.site().path("reports/situation/2026-03-02/run.json"), "no JSON").expect("written");
    fs::remove_file(company.site().path("payroll.csv")).expect("removed");
    company.site().expect(2, &["run", "job.toml", "--as-of", "2026-04-01"]);
    let page = index(&company);
    assert!(page.contains("run.json is not as tieout writes it"), "{page}");
    assert!(page.contains("the last run of this day left with exit code 2 before its end"), "{page}");

    let path = company.site().path(INDEX);
    fs::remove_file(&path).expect("removed");
    fs::create_dir(&path).expect("made");
    company.night("2026-04-04", MARCH).only(&["AM01 1001 _Medical 20.00"]);
    let output = company.site().run(&["run", "job.toml"]);
    assert!(shown(&output).contains("the page over all nights stays as it was"), "{}", shown(&output));
}
