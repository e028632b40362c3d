//! The files of a generated world, written as the people come: nothing is held back.

use std::fs::{File, create_dir_all};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use csv::Writer;
use serde::Serialize;

use crate::world::calendar::Group;
use crate::world::oyster::records::Engagement;
use crate::world::oyster::wire as oyster_wire;
use crate::world::oyster::wire::Moment;
use crate::world::payroll_csv;
use crate::world::periods::Tonight;
use crate::world::records::{Subject, User};
use crate::world::{wire, wire_benefits};

/// Worlds above this size come without texts that no reader needs, and in the wide payroll layout alone.
const FULL_DRESS_MAX: usize = 10_000;
const BUFFER_BYTES: usize = 1 << 18;
const CROSSWALK_HEADERS: [&str; 3] = ["employee_id", "benbase_id", "oyster_engagement_id"];

type Buffered = BufWriter<File>;

/// Users and benefits of one Benifex.
struct Benifex {
    users: Buffered,
    benefits: Buffered,
}

/// What one Oyster holds.
struct Oyster {
    moment: Moment,
    engagements: Buffered,
    enrollments: Buffered,
    offerings: Buffered,
    provisioning: Buffered,
}

/// Oyster tonight and at the cut-off, and what is known of its states.
struct Oysters {
    now: Oyster,
    at_cutoff: Oyster,
    states: Buffered,
}

/// Every file that takes a line a person.
pub struct Files {
    now: Benifex,
    at_cutoff: Benifex,
    ledger: Buffered,
    wide: Writer<Buffered>,
    /// People and deductions.
    long: Option<[Writer<Buffered>; 2]>,
    crosswalk: Writer<Buffered>,
    oyster: Option<Oysters>,
    fluff: bool,
}

impl Files {
    /// Creates the folders and files of a world of `employees` people under `out`; older files are replaced.
    pub fn create(out: &Path, employees: usize, oyster: bool) -> Result<Files> {
        let full_dress = employees <= FULL_DRESS_MAX;
        let mut wide = csv_file(out, "payroll.csv")?;
        payroll_csv::wide_header(&mut wide, payroll_csv::More::of(oyster))?;
        let mut crosswalk = csv_file(out, "crosswalk.csv")?;
        crosswalk.write_record(CROSSWALK_HEADERS)?;
        Ok(Files {
            now: benifex(&out.join("world"))?,
            at_cutoff: benifex(&out.join("world_at_cutoff"))?,
            ledger: file(&out.join("world").join("benbase"), "employees.ndjson")?,
            wide,
            long: if full_dress { Some(long_files(out, oyster)?) } else { None },
            crosswalk,
            oyster: if oyster { Some(Oysters::create(out)?) } else { None },
            fluff: full_dress,
        })
    }

    /// Writes everything about one person.
    pub fn write(&mut self, subject: &Subject) -> Result<()> {
        let (group, oyster) = (subject.group, self.oyster.is_some());
        write_user(&mut self.now, subject.user.as_ref(), group, self.fluff)?;
        write_user(&mut self.at_cutoff, subject.at_cutoff.as_ref(), group, self.fluff)?;
        if let Some(ledger) = &subject.ledger {
            json_line(&mut self.ledger, &wire::Ledger::new(ledger))?;
        }
        for row in &subject.payroll {
            payroll_csv::wide(&mut self.wide, row, group, group.period(), payroll_csv::More::of(oyster))?;
        }
        if let Some([people, deductions]) = &mut self.long {
            payroll_csv::long(people, deductions, &subject.payroll, group, oyster)?;
        }
        for link in subject.links.iter().filter(|l| !(l.benbase_id.is_empty() && l.oyster_engagement_id.is_empty())) {
            // Where there is an Oyster, an engagement of it that nobody made would be missed.
            let made_up = oyster && !subject.through_oyster;
            let engagement = if made_up { "" } else { &link.oyster_engagement_id };
            self.crosswalk.write_record([&subject.employee_id, &link.benbase_id, engagement])?;
        }
        if let (Some(files), Some(engagement)) = (&mut self.oyster, &subject.engagement) {
            files.write(engagement)?;
        }
        Ok(())
    }

    /// Flushes all that is buffered.
    pub fn finish(mut self) -> Result<()> {
        for file in [
            &mut self.now.users,
            &mut self.now.benefits,
            &mut self.at_cutoff.users,
            &mut self.at_cutoff.benefits,
            &mut self.ledger,
        ] {
            file.flush()?;
        }
        if let Some(oyster) = &mut self.oyster {
            oyster.flush()?;
        }
        for csv in self.long.iter_mut().flatten().chain([&mut self.wide, &mut self.crosswalk]) {
            csv.flush()?;
        }
        Ok(())
    }
}

/// The files of one night of a world over several periods.
pub struct NightFiles {
    benifex: Benifex,
    ledger: Buffered,
    wide: Writer<Buffered>,
}

impl NightFiles {
    /// Creates the folders and files under `folder`.
    pub fn create(folder: &Path) -> Result<NightFiles> {
        let mut wide = csv_file(folder, "payroll.csv")?;
        payroll_csv::wide_header(&mut wide, payroll_csv::More::Gross)?;
        let world = folder.join("world");
        let ledger = file(&world.join("benbase"), "employees.ndjson")?;
        Ok(NightFiles { benifex: benifex(&world)?, ledger, wide })
    }

    /// Writes everything about one person. `period`: first day, last day and pay date.
    pub fn write(&mut self, tonight: &Tonight<'_>, period: [NaiveDate; 3]) -> Result<()> {
        let group = tonight.subject.group;
        write_user(&mut self.benifex, Some(&tonight.user), group, true)?;
        if let Some(ledger) = tonight.ledger {
            json_line(&mut self.ledger, &wire::Ledger::new(ledger))?;
        }
        let more = payroll_csv::More::Gross;
        tonight.row.iter().try_for_each(|row| payroll_csv::wide(&mut self.wide, row, group, period, more))
    }

    /// Flushes all that is buffered.
    pub fn finish(mut self) -> Result<()> {
        for file in [&mut self.benifex.users, &mut self.benifex.benefits, &mut self.ledger] {
            file.flush()?;
        }
        Ok(self.wide.flush()?)
    }
}

/// Writes the crosswalk of a world over several periods, whose people are those of every night.
pub fn crosswalk_file<'s>(out: &Path, people: impl Iterator<Item = &'s Subject>) -> Result<()> {
    let mut crosswalk = csv_file(out, "crosswalk.csv")?;
    crosswalk.write_record(CROSSWALK_HEADERS)?;
    for subject in people {
        for link in subject.links.iter().filter(|link| !link.benbase_id.is_empty()) {
            crosswalk.write_record([&subject.employee_id, &link.benbase_id, ""])?;
        }
    }
    Ok(crosswalk.flush()?)
}

impl Oysters {
    fn create(out: &Path) -> Result<Oysters> {
        let now = Oyster::create(&out.join("world"), Moment::Tonight)?;
        let at_cutoff = Oyster::create(&out.join("world_at_cutoff"), Moment::AtCutoff)?;
        Ok(Oysters { now, at_cutoff, states: file(&out.join("world").join("oyster"), "states.ndjson")? })
    }

    fn write(&mut self, engagement: &Engagement) -> Result<()> {
        self.now.write(engagement)?;
        self.at_cutoff.write(engagement)?;
        oyster_wire::states(engagement).iter().try_for_each(|line| json_line(&mut self.states, line))
    }

    fn flush(&mut self) -> Result<()> {
        for files in [&mut self.now, &mut self.at_cutoff] {
            for file in [&mut files.engagements, &mut files.enrollments, &mut files.offerings, &mut files.provisioning]
            {
                file.flush()?;
            }
        }
        Ok(self.states.flush()?)
    }
}

impl Oyster {
    fn create(world: &Path, moment: Moment) -> Result<Oyster> {
        let folder = world.join("oyster");
        let file = |name: &str| file(&folder, name);
        Ok(Oyster {
            moment,
            engagements: file("engagements.ndjson")?,
            enrollments: file("enrollments.ndjson")?,
            offerings: file("offerings.ndjson")?,
            provisioning: file("provisioning.ndjson")?,
        })
    }

    fn write(&mut self, engagement: &Engagement) -> Result<()> {
        json_line(&mut self.engagements, &oyster_wire::engagement(engagement, self.moment))?;
        json_line(&mut self.enrollments, &oyster_wire::enrollments(engagement, self.moment))?;
        json_line(&mut self.offerings, &oyster_wire::offerings(engagement))?;
        json_line(&mut self.provisioning, &oyster_wire::provisioning(engagement, self.moment))
    }
}

/// Writes a whole small file.
pub fn write_text(out: &Path, name: &str, text: &str) -> Result<()> {
    let path = out.join(name);
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

fn write_user(files: &mut Benifex, user: Option<&User>, group: Group, fluff: bool) -> Result<()> {
    let Some(user) = user else { return Ok(()) };
    json_line(&mut files.users, &wire::User::new(user, group, fluff))?;
    json_line(&mut files.benefits, &wire_benefits::Benefits::new(user, group, fluff))
}

fn json_line(file: &mut Buffered, value: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *file, value)?;
    Ok(file.write_all(b"\n")?)
}

fn benifex(world: &Path) -> Result<Benifex> {
    let folder = world.join("benifex");
    Ok(Benifex { users: file(&folder, "users.ndjson")?, benefits: file(&folder, "benefits.ndjson")? })
}

fn long_files(out: &Path, oyster: bool) -> Result<[Writer<Buffered>; 2]> {
    let mut files = [csv_file(out, "payroll_long.csv")?, csv_file(out, "payroll_long_deductions.csv")?];
    let [people, deductions] = &mut files;
    payroll_csv::long_headers(people, deductions, oyster)?;
    Ok(files)
}

fn csv_file(folder: &Path, name: &str) -> Result<Writer<Buffered>> {
    Ok(Writer::from_writer(file(folder, name)?))
}

fn file(folder: &Path, name: &str) -> Result<Buffered> {
    create_dir_all(folder).with_context(|| format!("creating the folder {}", folder.display()))?;
    let path: PathBuf = folder.join(name);
    let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
    Ok(BufWriter::with_capacity(BUFFER_BYTES, file))
}
