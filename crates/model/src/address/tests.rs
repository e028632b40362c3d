use super::*;

/// Two lines, the second blank or not there.
type Written = (&'static str, &'static str);

fn home((line1, line2): Written) -> Home<'static> {
    Home {
        line1: Some(line1),
        line2: Some(line2).filter(|line| !line.is_empty()),
        city: Some("Reno"),
        state: Some("NV"),
        zip: Some("89501"),
    }
}

#[track_caller]
fn check_same(a: Written, b: Written) {
    assert!(!homes_differ(&home(a), &home(b), true), "{:?} {:?}", place(a), place(b));
}

#[track_caller]
fn check_differ(a: Written, b: Written) {
    assert!(homes_differ(&home(a), &home(b), true), "{:?} {:?}", place(a), place(b));
}

fn place(written: Written) -> Place {
    Place::new(&home(written))
}

#[test]
fn case_punctuation_and_postal_abbreviations_do_not_count() {
    check_same(("12 North Main Street, Apartment 4", ""), ("12 N MAIN ST APT 4", ""));
    check_same(("1 St. James's Place", ""), ("1 Saint Jamess Pl", ""));
    check_same(("5  Elm-Road", ""), ("5 ELM RD", ""));
    check_same(("77 Cañon Trail", ""), ("77 Canon Trl.", ""));
    check_same(("900 Mount Vernon Parkway South East", ""), ("900 Mt Vernon Pkwy SE", ""));
    check_same(("350 Fifth Avenue", ""), ("350 5th Ave", ""));
    check_same(("One Harbor Crossing", ""), ("1 Hbr Xing", ""));
    check_same(("P.O. Box 17", ""), ("Post Office Box 17", ""));
    check_same(("Rural Route 2 Box 8", ""), ("R.R. 2, Box 8", ""));
    check_same(("4410 County Road 12", ""), ("4410 CR 12", ""));
    check_same(("880 State Route 9", ""), ("880 SR 9", ""));
    check_same(("880 US Highway 9", ""), ("880 US Hwy 9", ""));
    check_same(("123 45 St", ""), ("123 45th Street", ""));
    check_same(("7 21 Ave", ""), ("7 21st Ave", ""));
    check_same(("12½ Oak Ln", ""), ("12 1/2 Oak Lane", ""));
    check_same(("Box 12", ""), ("PO Box 12", ""));
    check_same(("12 Main St", "N/A"), ("12 Main St", ""));
    check_same(("12 Main St", "none"), ("12 Main St", "-"));
}

#[test]
fn a_ranch_road_is_no_room_and_pk_is_a_park_or_a_pike() {
    check_same(("12 RM 401", ""), ("12 Ranch Road 401", ""));
    check_same(("12 N RM 401", "Rm 5"), ("12 North Ranch to Market Road 401", "# 5"));
    check_differ(("12 RM 401", ""), ("12 RM 402", ""));
    check_differ(("12 RM 401", ""), ("12 Main St", "Rm 401"));
    check_same(("12 Main St Rm 401", ""), ("12 Main Street", "Room 401"));
    check_same(("Rm 401", "12 Main St"), ("12 Main Street", "Room 401"));
    check_same(("12 Oak Pk", ""), ("12 Oak Park", ""));
    check_same(("12 Oak Pike", "Apt 4"), ("12 Oak Pk 4", ""));
    check_differ(("12 Oak Park", ""), ("12 Oak Pike", ""));
    check_differ(("12 Oak Pk", ""), ("12 Oak Pl", ""));
}

#[test]
fn a_unit_is_the_same_whatever_it_is_called_and_wherever_it_stands() {
    for other in [
        ("12 Main St", "Apt 4"),
        ("12 Main St", "# 4"),
        ("12 Main St #4", ""),
        ("12 Main St Apt. #4", ""),
        ("12 Main St", "Unit 4"),
        ("12 Main St 4", ""),
        ("12 Main St", "4"),
        ("Apt 4", "12 Main St"),
        ("#4, 12 Main St", ""),
        ("12 Main St", "No. 4"),
    ] {
        check_same(("12 Main Street Apt 4", ""), other);
    }
    check_same(("12 Main St", "Apt 4B"), ("12 Main St Apt 4-B", ""));
    check_same(("12 Main St", "Bldg 2 Apt 4"), ("12 Main St Apt 4", "Building 2"));
    check_same(("12 Main St", "3rd Floor"), ("12 Main St Fl 3", ""));
    check_same(("12 Main St", "Rear"), ("12 Main St Rear", ""));
    check_same(("100 Front Street", "Ste B"), ("100 Front St", "Suite B"));
}

#[test]
fn another_street_house_or_unit_is_a_difference() {
    check_differ(("12 Main St", ""), ("21 Main St", ""));
    check_differ(("12 Main St", ""), ("12 Main Ave", ""));
    check_differ(("12 N Main St", ""), ("12 S Main St", ""));
    check_differ(("12 Main St", "Apt 4"), ("12 Main St", "Apt 5"));
    check_differ(("12 Main St", "Fl 4"), ("12 Main St", "Apt 4"));
    check_differ(("12 Main St", ""), ("12 Main St", "Apt 4"));
    check_differ(("4 Main St", "Apt 12"), ("12 Main St", "Apt 4"));
    check_differ(("100 Highway 12", ""), ("100 Highway 14", ""));
    check_differ(("12 1st Ave", ""), ("1 21st Ave", ""));
    check_differ(("123 45th St", ""), ("123 46 St", ""));
    check_differ(("Rural Route 2 Box 8", ""), ("PO Box 8", ""));
    check_differ(("12 None Such Rd", ""), ("12 Main St", ""));
}

#[test]
fn a_unit_that_payroll_has_no_column_for_is_not_missing() {
    let (bare, held) = (home(("12 Main St", "")), home(("12 Main St", "Apt 4")));
    assert!(!homes_differ(&bare, &held, false) && homes_differ(&bare, &held, true));
    assert!(homes_differ(&home(("12 Main St Apt 5", "")), &held, false));
    assert!(homes_differ(&home(("9 Elm St", "")), &held, false));
}

/// Of each line, forms of one address; no form of another line is the same.
const PLACES: [&[Written]; 47] = [
    &[
        ("PO Box 12", ""),
        ("P.O.Box #12", ""),
        ("PO BOX 0012", ""),
        ("Drawer 12", ""),
        ("P O Drawer 12", ""),
        ("Caller 12", ""),
        ("Firm Caller 12", ""),
        ("Lock Box 12", ""),
        ("Bin 12", ""),
        ("POBox12", ""),
        ("Box No. 12", ""),
    ],
    &[("PO Box L", ""), ("Drawer L", "")],
    &[
        ("RR 2 Box 12", ""),
        ("R.R. #2 Box 12", ""),
        ("RD 2 Box 12", ""),
        ("RFD 2 Box 12", ""),
        ("Rural Route No. 2, Box 12", ""),
        ("Route 2 Box 12", ""),
        ("RR02", "Box 12"),
    ],
    &[("RR 12 Box 2", "")],
    &[
        ("HC 2 Box 12", ""),
        ("Star Route 2 Box 12", ""),
        ("Hwy Contract Rte 2 Box 12", ""),
        ("Highway Contract 2 Box 12", ""),
        ("HCR 2", "Box 12"),
    ],
    &[("Star Route Box 12", ""), ("HC Box 12", "")],
    &[("PSC 2 Box 12", ""), ("P.S.C. 2, Box 12", ""), ("PSC 2", "Box 12"), ("Postal Service Center 2 Box 12", "")],
    &[("CMR 2 Box 12", ""), ("C.M.R. 2 Box 12", "")],
    &[("Unit 2 Box 12", ""), ("Unit 2", "Box 12")],
    &[("Unit 12 Box 2", "")],
    &[("12 CR 50", ""), ("12 County Road 50", ""), ("12 Cnty Rd 50", ""), ("12 Co. Rd. No. 50", "")],
    &[("12 County Highway 50", ""), ("12 Cnty Hwy 50", "")],
    &[("12 FM 50", ""), ("12 Farm to Market Road 50", ""), ("12 FM Rd 50", ""), ("12 Hwy FM 50", "")],
    &[("12 I-50", ""), ("12 I50", ""), ("12 Interstate 50", ""), ("12 Interstate Hwy 50", ""), ("12 IH 50", "")],
    &[("12 SR 50", ""), ("12 State Route 50", ""), ("12 St Rt 50", ""), ("12 State Road 50", "")],
    &[("12 State Road MM", ""), ("12 SR MM", "")],
    &[("12 State Hwy 50", ""), ("12 SH 50", ""), ("12 St Highway 50", "")],
    &[("12 Township Rd 50", ""), ("12 Twp Rd 50", ""), ("12 TR 50", "")],
    &[("12 US 50", ""), ("12 U.S. Highway 50", ""), ("12 US Route 50", ""), ("12 US Hwy 050", "")],
    &[("12 US 50", "Apt 4"), ("12 US Highway 50 Apt 4", ""), ("12 US Hwy 50", "# 4")],
    &[("12 KY 50", ""), ("12 Kentucky Highway 50", ""), ("12 Kentucky State Hwy 50", "")],
    &[("12 CA 50", ""), ("12 Calif Hwy 50", "")],
    &[("12 Hwy 50 W", ""), ("12 Highway 50 West", "")],
    &[("842 E 1700 S", ""), ("842 East 1700 So.", "")],
    &[("842 W 1700 S", "")],
    &[("N6W23001 Elm Rd", ""), ("N6 W23001 Elm Road", ""), ("N 6 W 23001 Elm Rd", "")],
    &[("39.2 Elm Rd", "")],
    &[("392 Elm Rd", "")],
    &[("12 1/2 Elm Rd", ""), ("12-1/2 Elm Road", ""), ("12½ Elm Rd", "")],
    &[
        ("12 Elm Rd", ""),
        ("Twelve Elm Rd", ""),
        ("012 Elm Rd", ""),
        ("Attn Ada Stone, 12 Elm Rd", ""),
        ("c/o Smith", "12 Elm Rd"),
        ("12 Elm Rd", "Attn Bob 2nd shift"),
        ("%Ada Stone", "12 Elm Rd"),
        ("12 Elm Rd", "12 ELM ROAD"),
        ("12 Elm Rd, Reno, NV 89501", ""),
        ("12 Elm Rd", "Reno Nevada 89501-1234"),
    ],
    &[
        ("12 Elm Rd", "Apt 4"),
        ("12 Elm Rd Apt No. 4", ""),
        ("12 Elm Rd", "Apartment #4"),
        ("12 Elm Rd c/o Smith Apt 4", ""),
        ("12 Elm Rd", "Apt04"),
        ("12 Elm Rd Apt 4, Reno NV", ""),
        ("12 Elm Rd Apt 4", "# 4"),
    ],
    &[("12 Elm Rd", "Apt 4-B"), ("12 Elm Rd Apt4B", ""), ("12 Elm Rd", "Unit 4 B")],
    &[("12 Elm Rd", "Fl 4"), ("12 Elm Rd", "Fl4"), ("12 Elm Rd", "4th Floor"), ("12 Elm Rd", "Fourth Fl")],
    &[("12 Elm Rd", "Bldg 4"), ("12 Elm Rd", "Edificio 4")],
    &[("12 Elm Rd", "PH 4"), ("12 Elm Rd Penthouse # 4", "")],
    &[("12A Elm Rd", ""), ("12-A Elm Rd", ""), ("12 A Elm Rd", "")],
    &[("12 Elm Loop", ""), ("12 Elm Lp", "")],
    &[("12 Elm Ln", ""), ("12 Elm Lane", "")],
    &[("12 A St", ""), ("12 A Street", "")],
    &[("12 N E St", ""), ("12 NE St", "")],
    &[("12 NE 3rd Ave", ""), ("12 N.E. Third Ave", ""), ("12 North East 3 Avenue", ""), ("12 N E 3rd Av", "")],
    &[("12 30th St", ""), ("12 Thirtieth St", ""), ("12 30 St", "")],
    &[("12 31st St", ""), ("12 Thirty-First Street", "")],
    &[("12 St.James Ct", ""), ("12 Saint James Court", "")],
    &[("150 Calle A", "Urb Las Lomas"), ("Urbanización Las Lomas", "150 Calle A"), ("Urb. Las Lomas 150 Calle A", "")],
    &[("150 Calle A", "Urb Las Dalias")],
    &[("150 Ave Ashford", "Apt 1"), ("150 Avenida Ashford", "Apartamento 1")],
];

#[test]
fn the_forms_of_one_place_are_the_same_and_those_of_another_are_not() {
    let places: Vec<Vec<Place>> = PLACES.iter().map(|forms| forms.iter().map(|form| place(*form)).collect()).collect();
    for (at, forms) in places.iter().enumerate() {
        for (form, written) in forms.iter().zip(PLACES[at]) {
            assert_eq!(form, &forms[0], "{written:?}");
            let others = places.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, forms)| forms);
            assert!(others.into_iter().all(|other| other != form), "{written:?}");
        }
    }
}

#[test]
fn words_of_a_street_that_mean_something_else_elsewhere_stay() {
    for (a, b) in [
        ("12 Reno Ave", "12 Ave"),
        ("12 Elm Reno", "12 Elm"),
        ("12 Bin Rd", "12 Rd"),
        ("12 Box Elder Rd", "12 Elder Rd"),
        ("12 Attenborough Rd", "12 Rd"),
        ("12 Caller Rd", "PO Box 12"),
        ("12 Nevada St", "12 St"),
        ("12 County Line Rd", "12 Line Rd"),
        ("12 Rural Rd", "12 Rd"),
    ] {
        check_differ((a, ""), (b, ""));
    }
}

#[test]
fn towns_are_the_same_by_postal_words() {
    for (a, b) in [
        ("Saint Louis", "St. Louis"),
        ("Fort Worth", "FT WORTH"),
        ("San José", "San Jose"),
        ("De Kalb", "DEKALB"),
        ("Washington, D.C.", "Washington"),
        ("New York City", "New York"),
    ] {
        assert!(!towns_differ(Some(a), Some(b)), "{a}");
    }
    assert!(towns_differ(Some("Springfield"), Some("Boston")) && !towns_differ(None, Some("Boston")));
}
