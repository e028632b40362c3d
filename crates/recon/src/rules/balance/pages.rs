//! What a night adds to the books.

use super::Books;
use super::change::Change;
use crate::balance::Employee;
use tieout_model::balance::{Account, BESIDE, Page, PayPeriod};

impl Books<'_> {
    /// What is to be added to the books: the period's page, where anything is new, and one a restated period.
    pub(super) fn pages(
        &self,
        emp: u32,
        employee: Employee<'_>,
        unjudged: Vec<String>,
        changes: Vec<Change<'_>>,
        closing: &mut Vec<(Account, i128)>,
    ) -> Vec<Page> {
        let employee_id = self.id(emp);
        let mut pages = Vec::new();
        let period = self.everybody[emp as usize].period();
        // A run beside the regular one makes no period known.
        let is_regular = self.everybody[emp as usize].payday.in_file > 0;
        let by_other_codes = self.changed_codes.values().any(|night| employee.is_stale(period.end, *night));
        // Each page says whose file it was.
        let is_beside = !changes.is_empty() && unjudged.iter().any(|mark| mark.starts_with(BESIDE));
        if is_regular
            && (by_other_codes
                || is_beside
                || employee.look(period.end).is_none_or(|known| !known.iter().eq(&unjudged)))
        {
            page_of(&mut pages, employee_id, period).unjudged = Some(unjudged);
        }
        for change in changes {
            let (of_balance, posting) = self.of_change(emp, change);
            closing.extend(Some(of_balance).filter(|(_, by)| *by != 0));
            if let Some(posting) = posting {
                page_of(&mut pages, employee_id, posting.period).postings.push(posting);
            }
        }
        pages.extend(self.handed_over(emp));
        self.with_joined(emp, &mut pages);
        pages
    }
}

/// The employee's page of a period; a new one where there is none yet.
pub(super) fn page_of<'p>(pages: &'p mut Vec<Page>, employee_id: &str, period: PayPeriod) -> &'p mut Page {
    let at = pages.iter().position(|page| page.period.end == period.end).unwrap_or(pages.len());
    if at == pages.len() {
        pages.push(Page { employee_id: employee_id.into(), period, unjudged: None, postings: Vec::new() });
    }
    &mut pages[at]
}
