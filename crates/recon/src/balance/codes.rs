//! Which benefit each payroll code was mapped to, night after night: what was judged while a code stood for another
//! benefit says nothing of either one.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::history::{BalanceHistory, Employee};
use tieout_model::balance::{Page, PayPeriod};

/// Between a code and its benefit. Neither begins with it.
const MAPS_TO: &str = " = ";

/// Codes with their benefits.
pub type CodeMap = BTreeMap<String, String>;

/// The maps that nights judged by, oldest first, each with the first night.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CodeMaps(Vec<(NaiveDate, CodeMap)>);

/// Benefits that gained or lost a code that was another benefit's, or is no benefit's any more, with the night since
/// which they have those that they have.
pub type ChangedCodes = BTreeMap<String, NaiveDate>;

impl CodeMaps {
    pub(super) fn take(&mut self, night: NaiveDate, page: &Page) {
        let codes = page.unjudged.iter().flatten();
        let map = codes.filter_map(|code| code.split_once(MAPS_TO)).map(|(code, to)| (code.to_owned(), to.to_owned()));
        self.0.push((night, map.collect()));
    }
}

impl BalanceHistory {
    /// The page that notes the codes of the job, where the books do not have them yet.
    pub fn codes_to_note(&self, codes: &CodeMap, period: PayPeriod) -> Option<Page> {
        if self.codes.0.last().is_some_and(|(_, known)| known == codes) {
            return None;
        }
        let codes = codes.iter().map(|(code, benefit)| format!("{code}{MAPS_TO}{benefit}")).collect();
        Some(Page { employee_id: "".into(), period, unjudged: Some(codes), postings: Vec::new() })
    }

    /// The job had no code for the benefit on a night.
    pub fn had_no_code(&self, benefit: &str, night: NaiveDate) -> bool {
        let then = self.codes.0.iter().rfind(|(since, _)| *since <= night);
        then.is_some_and(|(_, codes)| codes.values().all(|to| to != benefit))
    }

    /// What changed up to a night, which judges by these codes.
    pub fn changed_codes(&self, night: NaiveDate, codes: &CodeMap) -> ChangedCodes {
        let mut changed = ChangedCodes::new();
        let mut before: Option<&CodeMap> = None;
        for (night, now) in self.codes.0.iter().map(|(night, codes)| (*night, codes)).chain([(night, codes)]) {
            for (code, was) in before.into_iter().flatten() {
                let is = now.get(code);
                if is != Some(was) {
                    [Some(was), is]
                        .into_iter()
                        .flatten()
                        .for_each(|benefit| _ = changed.insert(benefit.clone(), night));
                }
            }
            before = Some(now);
        }
        changed
    }
}

impl Employee<'_> {
    /// The newest period before a day that was last looked at before a night.
    pub fn last_looked_at_before(&self, night: NaiveDate, day: NaiveDate) -> Option<PayPeriod> {
        let stale = |known: &&super::known::Known| known.period.end < day && known.looked_on < night;
        self.periods.iter().rfind(stale).map(|known| known.period)
    }

    /// The period that ends on this day was last looked at before a night.
    pub fn is_stale(&self, end: NaiveDate, night: NaiveDate) -> bool {
        let at = self.periods.binary_search_by_key(&end, |known| known.period.end);
        at.is_ok_and(|at| self.periods[at].looked_on < night)
    }
}
