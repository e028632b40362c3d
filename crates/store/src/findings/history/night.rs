//! One night against the history, row by row as the scans meet them: pure, without the database. What the night would
//! change is collected, never written here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::Judged;
use crate::findings::history::SeenFinding;
use crate::findings::history::state::{State, gone, seen_again, status};
use crate::findings::history::tables::{Changes, FindingRow, PeriodRow};
use tieout_model::finding::{Code, Finding};
use tieout_model::history::Cleared;
use tieout_model::money::Currency;

/// Stands for the currency of an exposure that was not computed.
const NOT_COMPUTED: &str = "";

/// A payroll period (its last day) and a currency code.
type PeriodKey = (NaiveDate, String);

/// A night while it is put together: first `add` for each finding, then `meet` for each stored row.
pub(super) struct Night<'a> {
    as_of: NaiveDate,
    /// A newer night is recorded: stored states are shown as they are, and nothing changes.
    past: bool,
    judged: &'a Judged,
    tonight: HashMap<String, Tonight<'a>>,
    /// Not there in this run, while the periods in which an earlier run of this night saw them stand: it could not
    /// look, or they were there that day and are gone.
    standing: BTreeSet<String>,
    cleared: Vec<Cleared>,
    changes: Changes,
}

/// One finding id of tonight.
struct Tonight<'a> {
    finding: &'a Finding,
    exposure: BTreeMap<PeriodKey, i64>,
    /// Exposure outside any period: counts tonight only.
    undated: BTreeMap<String, i64>,
    /// First seen and state before tonight, when the history knows the finding.
    known: Option<(NaiveDate, State)>,
    stored: bool,
    stored_periods: BTreeSet<PeriodKey>,
    /// Exposure by currency of the periods that are not tonight's.
    earlier: BTreeMap<String, i128>,
    earlier_periods: BTreeSet<NaiveDate>,
}

impl<'a> Night<'a> {
    pub fn new(as_of: NaiveDate, past: bool, judged: &'a Judged) -> Night<'a> {
        let (tonight, standing) = (HashMap::new(), BTreeSet::new());
        Night { as_of, past, judged, tonight, standing, cleared: Vec::new(), changes: Changes::default() }
    }

    /// Takes in one of tonight's findings.
    pub fn add(&mut self, id: &str, finding: &'a Finding) -> anyhow::Result<()> {
        let tonight = self.tonight.entry(id.to_owned()).or_insert_with(|| Tonight::new(finding));
        let (amount, currency) = match finding.period_exposure {
            Some((amount, currency)) => (amount.0, currency.code().to_owned()),
            None => (0, NOT_COMPUTED.to_owned()),
        };
        let sum = match finding.period_end {
            Some(end) => tonight.exposure.entry((end, currency)).or_default(),
            None => tonight.undated.entry(currency).or_default(),
        };
        *sum = sum.checked_add(amount).context("the sum is greater than any payroll's")?;
        Ok(())
    }

    /// Takes in a stored finding. What a night of a later day did to it is taken back, as of a repeated night.
    pub fn meet(&mut self, row: FindingRow) {
        let repeated = row.night >= self.as_of;
        let before = match (self.past, repeated) {
            (true, _) => Some(row.state.clone()).filter(|_| row.first_seen <= self.as_of),
            (false, true) => row.before.clone(),
            (false, false) => Some(row.state.clone()),
        };
        let tonight = self.tonight.get_mut(&row.id);
        let seen = tonight.is_some();
        if let Some(tonight) = tonight {
            tonight.stored = true;
            tonight.known = before.clone().map(|state| (row.first_seen, state));
        }
        if self.past {
            return;
        }
        let clears = self.judged.clears(row.employee_id.as_str());
        let seen_today = repeated && !seen && row.state.last_seen >= self.as_of;
        let last = if seen_today { Some(&row.state) } else { before.as_ref() };
        let state = match (seen, clears, last) {
            (true, _, _) => seen_again(before.as_ref(), self.as_of),
            (false, true, Some(last)) => gone(last, self.as_of),
            _ => row.state.clone(),
        };
        if seen_today || repeated && !seen && !clears {
            self.standing.insert(row.id.clone());
        }
        let open_before = before.as_ref().filter(|state| state.is_open());
        let leaves = !seen && !state.is_open() && (clears || repeated);
        if let Some(last) = last.filter(|_| leaves && (seen_today || open_before.is_some())) {
            self.cleared.push(cleared(&row, last));
        }
        if state != row.state || row.night > self.as_of {
            let first_seen = row.first_seen.min(self.as_of);
            self.changes.findings.push(FindingRow { first_seen, state, night: self.as_of, before, ..row });
        }
    }

    /// Takes in a stored period of a finding.
    pub fn meet_period(&mut self, row: PeriodRow) {
        let repeated = !self.past && row.night >= self.as_of && !self.standing.contains(&row.finding_id);
        let before = if repeated { row.before } else { Some(row.exposure) };
        let key = (row.period_end, row.currency.clone());
        let mut tonight = self.tonight.get_mut(&row.finding_id);
        let now = tonight.as_ref().and_then(|t| t.exposure.get(&key).copied());
        if let Some(tonight) = &mut tonight {
            match (now, before) {
                (Some(_), _) => _ = tonight.stored_periods.insert(key),
                // A late change clears with the next period: a later one of the benefit is another.
                (None, Some(_)) if tonight.finding.code == Code::TM07 => {}
                (None, Some(before)) => tonight.add_earlier(key, before),
                (None, None) => {}
            }
        }
        if self.past {
            return;
        }
        match now.or(before) {
            None => self.changes.forgotten_periods.push(row),
            Some(exposure) if exposure != row.exposure => {
                self.changes.periods.push(PeriodRow { exposure, night: self.as_of, before, ..row });
            }
            Some(_) => {}
        }
    }

    /// What the report says of one of tonight's findings, once every row was met.
    pub fn seen(&self, id: &str, finding: &Finding) -> SeenFinding {
        let tonight = &self.tonight[id];
        let before = tonight.known.as_ref().map(|(_, state)| state);
        let State { nights_open, reopened, .. } = match before {
            Some(state) if self.past => state.clone(),
            _ => seen_again(before, self.as_of),
        };
        let first_seen = tonight.known.as_ref().map_or(self.as_of, |(first_seen, _)| *first_seen);
        let exposure_to_date = tonight.exposure_to_date(finding);
        let earlier = exposure_to_date.and_then(|(_, currency)| tonight.earlier.get(currency.code()));
        let seen = SeenFinding {
            id: id.to_owned(),
            status: status(before),
            came_back: reopened > 0,
            first_seen,
            nights_open,
            periods_open: tonight.periods_open(),
            exposure_to_date,
            exposure_earlier: earlier.copied().unwrap_or_default(),
        };
        // What is open on its accounts is older than the finding where it was found as something else before.
        match finding.balance {
            Some(balance) => SeenFinding {
                first_seen: first_seen.min(balance.found_on),
                periods_open: balance.periods,
                exposure_to_date: Some((i128::from(balance.amount.0), balance.currency)),
                exposure_earlier: 0,
                ..seen
            },
            None => seen,
        }
    }

    /// What is gone, sorted, and what is to be written.
    pub fn finish(mut self) -> (Vec<Cleared>, Changes) {
        if !self.past {
            for (id, tonight) in self.tonight {
                tonight.append_new_rows(&id, self.as_of, &mut self.changes);
            }
        }
        self.changes.sort();
        self.cleared.sort();
        (self.cleared, self.changes)
    }
}

impl<'a> Tonight<'a> {
    fn new(finding: &'a Finding) -> Tonight<'a> {
        Tonight {
            finding,
            exposure: BTreeMap::new(),
            undated: BTreeMap::new(),
            known: None,
            stored: false,
            stored_periods: BTreeSet::new(),
            earlier: BTreeMap::new(),
            earlier_periods: BTreeSet::new(),
        }
    }

    fn add_earlier(&mut self, (period_end, currency): PeriodKey, exposure: i64) {
        self.earlier_periods.insert(period_end);
        *self.earlier.entry(currency).or_default() += i128::from(exposure);
    }

    fn periods_open(&self) -> u32 {
        let tonight = self.exposure.keys().map(|(end, _)| *end);
        let periods: BTreeSet<_> = tonight.chain(self.earlier_periods.iter().copied()).collect();
        // A finding is far from four thousand million periods old.
        u32::try_from(periods.len()).unwrap_or(u32::MAX)
    }

    /// The sum in the finding's currency; without one tonight, in the only currency that there ever was.
    fn exposure_to_date(&self, finding: &Finding) -> Option<(i128, Currency)> {
        let mut sums = self.earlier.clone();
        let dated = self.exposure.iter().map(|((_, currency), amount)| (currency, amount));
        for (currency, amount) in dated.chain(&self.undated) {
            *sums.entry(currency.clone()).or_default() += i128::from(*amount);
        }
        sums.remove(NOT_COMPUTED);
        let currency = match finding.period_exposure {
            Some((_, currency)) => currency,
            None if sums.len() == 1 => Currency::parse(sums.first_key_value()?.0)?,
            None => return None,
        };
        Some((sums.get(currency.code()).copied()?, currency))
    }

    fn append_new_rows(self, id: &str, as_of: NaiveDate, changes: &mut Changes) {
        for ((period_end, currency), exposure) in self.exposure {
            let key = (period_end, currency);
            if !self.stored_periods.contains(&key) {
                let (period_end, currency) = key;
                let finding_id = id.to_owned();
                changes.periods.push(PeriodRow {
                    finding_id,
                    period_end,
                    currency,
                    exposure,
                    night: as_of,
                    before: None,
                });
            }
        }
        if !self.stored {
            changes.findings.push(FindingRow {
                id: id.to_owned(),
                code: self.finding.code.name().to_owned(),
                employee_id: self.finding.employee_id.clone(),
                benefit: self.finding.benefit.clone(),
                field: self.finding.field.clone(),
                first_seen: as_of,
                state: seen_again(None, as_of),
                night: as_of,
                before: None,
            });
        }
    }
}

fn cleared(row: &FindingRow, state: &State) -> Cleared {
    Cleared {
        id: row.id.clone(),
        code: row.code.clone(),
        employee_id: row.employee_id.clone(),
        benefit: row.benefit.clone(),
        field: row.field.clone(),
        first_seen: row.first_seen,
        last_seen: state.last_seen,
        nights_open: state.nights_open,
        ending: None,
    }
}
