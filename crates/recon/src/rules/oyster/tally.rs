//! Oyster's part of the second proof: every engagement and every enrollment ended in exactly one place. Those of a
//! linked engagement end where their lines do, the others with their engagement.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::link::EngagementOwner;
use crate::rules::place::{Fate, Place};
use crate::rules::proofs::dispositions::{ByFate, Counts, ENGAGEMENTS, ENROLLMENTS, disposition};
use crate::rules::schema::LINES;
use crate::rules::write::OYSTER;
use tieout_model::control::{Coverage, Disposition};
use tieout_model::finding::{Code, Finding};

/// Rows of enrollments by the fate of their line, and the most urgent line of each engagement.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct Tally {
    enrollments: ByFate,
    engagements: Vec<Option<Fate>>,
}

impl Oysters<'_> {
    /// Counts Oyster's lines, which the counts of all lines hold as benefits.
    pub(in crate::rules) fn count(&mut self, all: &DataFrame, counts: &mut Counts) -> PolarsResult<()> {
        let mut tally = Tally { enrollments: [0; 4], engagements: vec![None; self.engagements.len()] };
        let keys = LINES.emp.of(all)?.into_no_null_iter().zip(LINES.label.of(all)?.into_no_null_iter());
        let rows = LINES.place.of(all)?.into_no_null_iter().zip(LINES.bx_rows.of(all)?.into_no_null_iter());
        for ((emp, label), (place, rows)) in keys.zip(rows).filter(|((_, label), _)| self.owns(*label)) {
            let fate = Place::of(place).fate();
            counts.benefits[fate as usize] -= u64::from(rows);
            tally.enrollments[fate as usize] += u64::from(rows);
            if let Some(cover) = self.covers.get(&(emp, label)) {
                let most = &mut tally.engagements[cover.engagement];
                *most = (*most).max(Some(fate));
            }
        }
        self.tally = tally;
        Ok(())
    }

    /// `engagements` and `enrollments`.
    pub(in crate::rules) fn dispositions(&self, night: &Night<'_>, findings: &[Finding]) -> [Disposition; 2] {
        let accused = self.with_findings(night, findings);
        let mut engagements = [0; 4];
        let mut enrollments = self.tally.enrollments;
        for row in 0..self.engagements.len() {
            let (fate, by_line) = match self.owner(row) {
                EngagementOwner::Employee(emp) if accused.contains(emp) => (Fate::Finding, true),
                EngagementOwner::Employee(_) => (self.tally.engagements[row].unwrap_or(Fate::Matched), true),
                EngagementOwner::Contested => (Fate::Finding, false),
                EngagementOwner::Elsewhere => (Fate::Unverified, false),
                EngagementOwner::Nobody => (self.loose(night, row).fate(), false),
            };
            let read = self.engagements[row].unverified.is_none();
            let fate = if read { fate } else { Fate::Unverified };
            engagements[fate as usize] += 1;
            if !(by_line && read) {
                enrollments[fate as usize] += self.enrollments_of(row).count() as u64;
            }
        }
        [
            disposition(ENGAGEMENTS, self.engagements.len() as u64, engagements),
            disposition(ENROLLMENTS, self.enrollments.len() as u64, enrollments),
        ]
    }

    /// How many enrollments of linked engagements each rule compared.
    pub(in crate::rules) fn coverage(&self) -> Vec<Coverage> {
        const CODES: [Code; 7] = [Code::EN07, Code::EN08, Code::EN09, Code::EN15, Code::AM14, Code::AM15, Code::AM16];
        let of_fate = |fate: Fate| self.tally.enrollments[fate as usize];
        let of = |code| {
            let mut coverage = Coverage::new(code);
            coverage.count(of_fate(Fate::Matched) + of_fate(Fate::Finding));
            coverage.leave_out(of_fate(Fate::OutOfScope), "out of scope");
            coverage.leave_out(of_fate(Fate::Unverified), "unverified");
            coverage
        };
        let of_engagements = |code| {
            let mut coverage = Coverage::new(code);
            let unread = self.engagements.iter().filter(|engagement| engagement.unverified.is_some()).count() as u64;
            coverage.count(self.engagements.len() as u64 - unread);
            coverage.leave_out(unread, "the engagement could not be read");
            coverage
        };
        CODES.map(of).into_iter().chain([Code::ID03, Code::EN10].map(of_engagements)).collect()
    }

    /// The employees of the engagements that ended as a finding and whose enrollments end where their lines do.
    pub(in crate::rules) fn accused(&self, night: &Night<'_>, findings: &[Finding]) -> Vec<u32> {
        let accused = self.with_findings(night, findings);
        let of_row = |row: usize| match self.owner(row) {
            EngagementOwner::Employee(emp) if self.engagements[row].unverified.is_none() => {
                let by_line = self.tally.engagements[row] == Some(Fate::Finding);
                (by_line || accused.contains(emp)).then_some(*emp)
            }
            _ => None,
        };
        (0..self.engagements.len()).filter_map(of_row).collect()
    }

    /// Of whom a finding is told from what Oyster says.
    fn with_findings(&self, night: &Night<'_>, findings: &[Finding]) -> BTreeSet<u32> {
        let told = findings.iter().filter(|f| f.evidence.iter().any(|e| e.source == OYSTER));
        night.emps(told.map(|f| f.employee_id.as_str()).filter(|id| !id.is_empty()))
    }

    fn owner(&self, row: usize) -> &EngagementOwner {
        &self.links.owners[row]
    }
}
