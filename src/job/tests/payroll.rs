//! How a job says what a payroll file is.

use super::*;
use tieout_model::terms::TaxTreatment;
use tieout_payroll::settings::{DeductionLayout, Encoding, RowsPerPerson, SheetChoice, Sign};

/// The payroll section of the least job with these lines in it.
#[track_caller]
fn payroll(lines: &str) -> tieout_payroll::settings::Payroll {
    read(&changed("currency = \"USD\"", &format!("currency = \"USD\"\n{lines}"))).expect("a job").payroll
}

#[track_caller]
fn check(lines: &str, key: &str, message: &str) {
    check_refused("currency = \"USD\"", &format!("currency = \"USD\"\n{lines}"), key, message);
}

#[test]
fn the_shape_of_a_file_is_what_the_job_says() {
    let read = payroll(
        "sheet = 2\nheader_row = 5\nheader_levels = 2\nshort_rows = true\nskip_rows = [\"Total*\"]\nencoding = \"UTF-16LE\"\nrecord_type = { column = \"T\", take = [\"D\"], employer = [\"C\"], person = [\"E\"] }\nseveral_rows = { home_column = \"H\", home_words = [\"Y\"], sum = [\"hours\"] }\nemployee_sign = \"negative\"",
    );
    assert_eq!(read.encoding, Encoding::of_label("utf-16le").expect("a label"));
    assert_eq!((read.table.sheet, read.table.header_row), (Some(SheetChoice::Number(2)), Some(5)));
    assert!(read.table.two_level_header && read.table.short_rows);
    let types = read.table.record_types.expect("record types");
    assert!(types.take.contains("d") && types.employer.contains("c") && types.person.contains("e"));
    assert!(matches!(read.table.rows_per_person, RowsPerPerson::Several { home: Some(_), .. }));
    assert_eq!((read.amounts.employee_sign, read.amounts.employer_sign), (Some(Sign::Negative), None));
}

#[test]
fn a_shape_that_says_too_little_or_too_much_is_refused() {
    check("sheet = 0", "payroll.sheet", "the name of a sheet or its number from 1");
    check("header_row = 0", "payroll.header_row", "from 1 to 1000");
    check("header_levels = 3", "payroll.header_levels", "from 1 to 2");
    check("skip_rows = [\"*\"]", "payroll.skip_rows[1]", "a text of its own");
    check("record_type = { column = \"T\", leave = [\"H\"] }", "payroll.record_type", "no row would be a deduction");
    check("record_type = { column = \"T\", take = [\"D\"], leave = [\"d\"] }", "payroll.record_type.leave", "once");
    check("record_type = { take = [\"D\"] }", "payroll.record_type.column", "the header of the record type");
    check("several_rows = { home_column = \"H\" }", "payroll.several_rows", "both home_column and home_words");
    check("encoding = \"ebcdic\"", "payroll.encoding", "an encoding of the WHATWG list");
    check("date_serials = 1970", "payroll.date_serials", "1900 or 1904");
    check("employee_sign = \"minus\"", "payroll.employee_sign", "positive, negative");
}

#[test]
fn a_year_of_two_digits_needs_its_hundred_years() {
    check("dates = \"M/d/yy\"", "payroll.dates", "`two_digit_years_from = 1950`");
    payroll("dates = \"M/d/yy\"\ntwo_digit_years_from = 1950");
    check("dates = \"M/d/yyyy\"\ntwo_digit_years_from = 1850", "payroll.two_digit_years_from", "from 1900 to 2000");
    // A time behind a date is midnight, however it is written.
    payroll("dates = \"M/d/yyyy H:mm\"");
}

#[test]
fn the_employer_alone_may_pay_and_amounts_may_stand_in_groups() {
    let wide = "wide = [{ code = \"MED\", employee = \"med_ee\" }]";
    assert!(read(&changed(wide, "wide = [{ code = \"MED\", employer = \"med_er\" }]")).is_ok());
    check_refused(wide, "wide = [{ code = \"MED\" }]", "payroll.wide[1].employee", "or of the employer amount");
    let job = read(&changed(wide, "groups = [{ code = \"c\", employee = \"e\" }]")).expect("a job");
    assert!(matches!(job.payroll.layout, DeductionLayout::Groups(groups) if groups.len() == 1));
    check_refused(
        wide,
        &format!("{wide}\ngroups = [{{ code = \"c\", employee = \"e\" }}]"),
        "payroll.groups",
        "found several",
    );
}

#[test]
fn several_files_say_what_the_section_does_not() {
    let files = "files = [{ file = \"us.csv\" }, { file = \"uk.csv\", delimiter = \";\", currency = \"GBP\", wide = [{ code = \"P\", employer = \"p\" }] }]";
    let read = read(&changed("file = \"in/payroll.csv\"", files)).expect("a job").payroll;
    let [other] = read.others.as_slice() else { panic!("one other file") };
    assert_eq!((read.file.display().to_string(), other.file.display().to_string()), ("us.csv".into(), "uk.csv".into()));
    assert_eq!((read.delimiter, other.delimiter), (b',', b';'));
    assert_eq!(other.columns.employee_id, "id");
    assert!(!other.layout.has_employer_amounts("MED") && other.layout.has_employer_amounts("P"));
    let wrong = "files = [{ file = \"us.csv\", delimiter = \"a\" }]";
    check_refused("file = \"in/payroll.csv\"", wrong, "payroll.files[1].delimiter", "a mark such as");
    check("files = [{ file = \"us.csv\" }]", "payroll.files", "found both");
    check_refused("file = \"in/payroll.csv\"", "files = []", "payroll.files", "1 to 50 files");
}

#[test]
fn beside_the_amounts_of_a_deduction_stand_its_year_arrears_and_tax_treatment() {
    let wide = "wide = [{ code = \"MED\", employee = \"med_ee\" }]";
    let beside =
        "employee_year_to_date = \"y\", employer_year_to_date = \"z\", arrears_balance = \"a\", tax_treatment = \"t\"";
    let map = "tax_treatment_map = { S125 = \"pre_tax\" }";
    let facts_of = |layout: &str| {
        let payroll = read(&changed(wide, &format!("{layout}\n{map}"))).expect("a job").payroll;
        assert_eq!(payroll.tax_treatment_map["s125"], TaxTreatment::PreTax);
        payroll.layout.detail_headers().join(" ")
    };
    assert_eq!(facts_of(&format!("wide = [{{ code = \"MED\", employee = \"med_ee\", {beside} }}]")), "y z a t");
    assert_eq!(facts_of(&format!("groups = [{{ code = \"c\", employee = \"e\", {beside} }}]")), "y z a t");
    let long = format!("long = {{ employee_id = \"id\", code = \"c\", employee_amount = \"e\", {beside} }}");
    assert_eq!(facts_of(&long), "y z a t");
    let twice = "wide = [{ code = \"MED\", employee = \"med_ee\", employee_year_to_date = \"med_ee\" }]";
    check_refused(wide, twice, "payroll.wide[1].employee_year_to_date", "a column of its own");
    check("tax_treatment_map = { X = \"taxed\" }", "payroll.tax_treatment_map.X", "pre_tax");
}

#[test]
fn rows_that_open_an_employee_have_an_id_and_deductions_below() {
    let wide = "wide = [{ code = \"MED\", employee = \"med_ee\" }]";
    let long = "long = { employee_id = \"{id}\", code = \"c\", employee_amount = \"e\" }";
    let job = |pattern: &str| format!("{long}\nemployee_row = \"{pattern}\"");
    let payroll = read(&changed(wide, &job("Employee: {id} {name}"))).expect("a job").payroll;
    assert_eq!(payroll.table.employee_row.expect("a pattern").written, "Employee: {id} {name}");
    check_refused(wide, &job("Employee: {name}"), "payroll.employee_row", "`{id}` once");
    check("employee_row = \"Employee: {id}\"", "payroll.employee_row", "[payroll.long]");
}
