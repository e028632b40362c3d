//! A time zone by its name: the day of a moment there, and when that day began.
//!
//! The machine's zone data come first, for they are kept current with the rest of the machine; the program's own stand
//! in for what the machine lacks. Zones change by law, so two machines with data of different age may disagree about
//! the days that such a law touches, and about no others.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::tz::{self, TimeZone, TimeZoneDatabase};

/// Entries of zone databases that are the machine's own setting or no place at all.
const NO_ZONES: [&str; 4] = ["Etc/Unknown", "Factory", "localtime", "posixrules"];

/// A time zone of the IANA database, as it was known when it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone of a name such as `America/New_York`, in any case of its letters; `None`: no such zone.
    pub fn find(name: &str) -> Option<Self> {
        Self::find_in([tz::db(), &TimeZoneDatabase::bundled()], name)
    }

    /// The same in the first of some databases that has it.
    fn find_in<'d>(databases: impl IntoIterator<Item = &'d TimeZoneDatabase>, name: &str) -> Option<Self> {
        if NO_ZONES.iter().any(|entry| entry.eq_ignore_ascii_case(name)) {
            return None;
        }
        databases.into_iter().find_map(|database| database.get(name).ok()).map(Self)
    }

    /// Names that are known on every machine.
    pub fn names() -> Vec<String> {
        let bundled = TimeZoneDatabase::bundled();
        let names = bundled.available().map(|name| name.as_str().to_owned());
        names.filter(|name| !NO_ZONES.contains(&name.as_str())).collect()
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or_default()
    }

    /// The date in this zone at a moment.
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        let date = self.0.to_datetime(timestamp(at)).date();
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        NaiveDate::from_ymd_opt(date.year().into(), month.into(), day.into())
            .expect("both crates have the same calendar")
    }

    /// When the day of a moment began in this zone: at midnight or, if clocks went forward then, at the first time
    /// that the day has.
    pub fn day_start(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let start = timestamp(at).to_zoned_datetime(self.0.clone()).start_of_day();
        let start = start.ok().and_then(|start| DateTime::from_timestamp(start.timestamp().as_second(), 0));
        // Each day has a beginning but the first of the year -9999.
        start.unwrap_or(at)
    }
}

/// The same moment for jiff, to the second; beyond the years -9999 to 9999, the last moment inside.
fn timestamp(at: DateTime<Utc>) -> Timestamp {
    let second = at.timestamp().clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(second).expect("inside the range")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().expect(text)
    }

    fn zone(name: &str) -> Zone {
        Zone::find(name).expect(name)
    }

    /// Writes a zone file (RFC 9636, version 1) of one offset without changes.
    fn write_zone(folder: &Path, name: &str, hours: i32) {
        let mut file = b"TZif".to_vec();
        file.extend([0; 16]);
        // Counts: UTC and standard indicators, leap seconds, transitions, types, letters of abbreviations.
        file.extend([0_u32, 0, 0, 0, 1, 4].map(u32::to_be_bytes).concat());
        file.extend((hours * 60 * 60).to_be_bytes());
        file.extend([0, 0]);
        file.extend(b"LMT\0");
        std::fs::write(folder.join(name), file).expect("writes");
    }

    #[test]
    fn the_day_is_that_of_the_zone_not_of_utc() {
        let at = moment("2026-03-31T12:00:00Z");
        for (name, date) in [
            ("UTC", "2026-03-31"),
            ("America/New_York", "2026-03-31"),
            ("Pacific/Kiritimati", "2026-04-01"),
            ("Etc/GMT+12", "2026-03-31"),
        ] {
            assert_eq!(zone(name).date(at).to_string(), date, "{name}");
        }
        assert_eq!(zone("America/New_York").date(moment("2026-03-31T03:59:59Z")).to_string(), "2026-03-30");
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone_or_as_soon_as_it_exists() {
        for (name, now, start) in [
            ("UTC", "2026-03-31T02:00:00Z", "2026-03-31T00:00:00Z"),
            ("America/New_York", "2026-03-31T02:00:00Z", "2026-03-30T04:00:00Z"),
            // Havana's clocks go from 0:00 to 1:00 on this day,
            ("America/Havana", "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z"),
            // and from 1:00 to 0:00 on that one: midnight comes twice.
            ("America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z"),
        ] {
            assert_eq!(zone(name).day_start(moment(now)), moment(start), "{name} {now}");
        }
    }

    #[test]
    fn a_moment_of_any_year_has_a_day() {
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            zone("Pacific/Kiritimati").date(at);
            zone("America/New_York").day_start(at);
        }
    }

    #[test]
    fn the_machines_zone_data_win_over_the_programs() {
        let folder = tempfile::tempdir().expect("a folder");
        write_zone(folder.path(), "Japan", -3);
        let machine = TimeZoneDatabase::from_dir(folder.path()).expect("a database");
        let find = |name| Zone::find_in([&machine, &TimeZoneDatabase::bundled()], name).expect(name);
        let at = moment("2026-03-31T02:00:00Z");
        assert_eq!(find("Japan").date(at).to_string(), "2026-03-30");
        assert_eq!(find("Asia/Tokyo").date(at).to_string(), "2026-03-31", "the machine lacks it");
    }

    #[test]
    fn a_machine_without_zone_data_knows_every_zone() {
        for name in Zone::names() {
            let found = Zone::find_in([&TimeZoneDatabase::none(), &TimeZoneDatabase::bundled()], &name);
            assert_eq!(found.expect(&name).name(), name);
        }
    }

    #[test]
    fn a_name_counts_in_any_case_and_is_told_as_the_database_writes_it() {
        assert_eq!(zone("america/new_york").name(), "America/New_York");
        assert_eq!(zone("utc"), Zone::UTC);
        assert_eq!(zone("US/Eastern").name(), "US/Eastern");
    }

    #[test]
    fn what_is_no_place_is_no_zone() {
        for name in ["", "localtime", "Factory", "Etc/Unknown", "posixrules", "America", "../passwd", "zone.tab"] {
            assert_eq!(Zone::find(name), None, "{name}");
        }
    }
}
