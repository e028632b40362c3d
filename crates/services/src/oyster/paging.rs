//! The walk over the pages of a list, as a value that is fed one page after the other: it says which page to ask for
//! next and, at the end, what was there and how the pages contradicted each other. Somebody who is missing here may be
//! accused of not existing, so a walk counts as whole only when every page agrees. Sending is the client's business.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;

use crate::answer::error::ApiError;
use crate::answer::json::{Raw, whole};
use crate::oyster::convert::broken;
use crate::oyster::wire::List;

/// Pages of one walk; a longer one never ends.
pub(super) const PAGES_MAX: u32 = 10_000;
/// Pages count from 1.
pub(super) const FIRST_PAGE: u32 = 1;

/// One page, its entries read and each beside its id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page<T> {
    number: Option<i64>,
    pages: Option<i64>,
    count: Option<i64>,
    rows: Vec<(Option<String>, T)>,
}

impl<T> Page<T> {
    /// Reads a page. Without `data` it is no answer.
    pub fn read(answer: List, row: impl Fn(&RawValue) -> (Option<String>, T)) -> Result<Page<T>, ApiError> {
        let data = answer.data.ok_or_else(|| broken("it holds no list"))?;
        let meta = answer.meta.unwrap_or_default();
        let number = |raw: &Raw| whole(raw).map_err(|()| broken("its page numbers are no whole numbers"));
        Ok(Page {
            number: number(&meta.page)?,
            pages: number(&meta.pages)?,
            count: number(&meta.count)?,
            rows: data.iter().map(|entry| row(entry)).collect(),
        })
    }

    /// All entries of all pages, as stated.
    pub fn count(&self) -> Option<i64> {
        self.count
    }
}

/// What it means that a page says nothing of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// Nothing: there may be more.
    ProvesNothing,
    /// There are none: the list is documented without pages.
    MeansWhole,
}

/// A walk under way.
pub(super) struct Walk<T> {
    silence: Silence,
    next: u32,
    read: u32,
    rows: i64,
    count: Option<i64>,
    pages: Option<i64>,
    numbers_seen: BTreeSet<i64>,
    entries: BTreeMap<String, T>,
    contradictions: BTreeSet<&'static str>,
}

impl<T> Walk<T> {
    pub fn new(silence: Silence) -> Self {
        Walk {
            silence,
            next: FIRST_PAGE,
            read: 0,
            rows: 0,
            count: None,
            pages: None,
            numbers_seen: BTreeSet::new(),
            entries: BTreeMap::new(),
            contradictions: BTreeSet::new(),
        }
    }

    /// The number of the page to ask for.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Takes the page that was asked for; says whether there is another one.
    pub fn take(&mut self, page: Page<T>) -> bool {
        self.read += 1;
        let empty = page.rows.is_empty();
        self.check_totals(&page);
        let on_track = self.check_number(&page);
        self.rows = self.rows.saturating_add(i64::try_from(page.rows.len()).unwrap_or(i64::MAX));
        let more = self.says_more(&page);
        page.rows.into_iter().for_each(|row| self.take_row(row));
        let stop = match () {
            () if !more || !on_track => true,
            () if empty => self.note("an empty page says that there is another one"),
            () if self.read >= PAGES_MAX => self.note("the pages do not end"),
            () => false,
        };
        self.next += 1;
        !stop
    }

    /// Closes the walk: entries sorted by id, contradictions in a fixed order.
    pub fn finish(mut self) -> (Vec<T>, Vec<String>) {
        if self.count.is_some_and(|count| count != self.rows) {
            self.note("the rows of all pages are not as many as stated");
        }
        let contradictions = self.contradictions.into_iter().map(str::to_owned).collect();
        (self.entries.into_values().collect(), contradictions)
    }

    /// Remembers a contradiction; always `true`, since most of them end the walk.
    fn note(&mut self, contradiction: &'static str) -> bool {
        self.contradictions.insert(contradiction);
        true
    }

    fn check_totals(&mut self, page: &Page<T>) {
        let moved = |old: Option<i64>, new: Option<i64>| old.is_some() && new.is_some() && old != new;
        if moved(self.count, page.count) || moved(self.pages, page.pages) {
            self.note("the totals change from page to page");
        }
        self.count = page.count.or(self.count);
        self.pages = page.pages.or(self.pages);
    }

    /// Whether the page is the one that was asked for, as far as it says.
    fn check_number(&mut self, page: &Page<T>) -> bool {
        let Some(number) = page.number else { return true };
        if !self.numbers_seen.insert(number) {
            return !self.note("a page came twice");
        }
        if number != i64::from(self.next) {
            return !self.note("another page came than the one asked for");
        }
        true
    }

    /// Whether the page says that another one follows.
    fn says_more(&mut self, page: &Page<T>) -> bool {
        match (page.pages, page.count) {
            (Some(pages), _) => i64::from(self.read) < pages,
            (None, Some(count)) => self.rows < count,
            (None, None) if self.silence == Silence::MeansWhole && self.read == 1 => false,
            (None, None) => !self.note("the answer does not say whether more pages follow"),
        }
    }

    fn take_row(&mut self, (id, entry): (Option<String>, T)) {
        let Some(id) = id else {
            self.note("an entry has no id");
            return;
        };
        if self.entries.contains_key(&id) {
            // The first one stays.
            self.note("an entry came twice");
            return;
        }
        self.entries.insert(id, entry);
    }
}
