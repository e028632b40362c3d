//! The walk over the pages of one batch of employee ids, as a value that is fed one page after the other: it says which
//! page to ask for next and, at the end, who was there and how the pages contradicted each other. The service promises
//! neither an order nor that all pages show the same moment, and somebody who is missing here may be accused of not
//! existing: so a walk counts as complete only when every page agrees. Sending is the client's business.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::error::{ApiError, Detail};
use crate::answer::json::{Raw, scalar, whole};
use crate::benifex::wire::{Pagination, UserList, UserListItem};
use tieout_model::records::benifex::{ListedUser, UserBatch};

/// Pages of one batch; a walk that is longer never ends.
pub(super) const PAGES_MAX: u32 = 200;

/// One page, its scalars read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    number: Option<i64>,
    total_pages: Option<i64>,
    total_items: Option<i64>,
    has_next: Option<bool>,
    /// User id and employee id, where the row has them.
    rows: Vec<(Option<String>, Option<String>)>,
}

impl Page {
    /// Reads a page. Without `data` it is no answer; without `pagination` it is one that proves little.
    pub fn read(answer: UserList) -> Result<Page, ApiError> {
        let broken = |what| ApiError::Broken { what, detail: Detail::default() };
        let data = answer.data.ok_or_else(|| broken("it holds no list of users"))?;
        let paging = answer.pagination.unwrap_or_default();
        let number = |raw: &Raw| whole(raw).map_err(|()| broken("its page numbers are no whole numbers"));
        let Pagination { page, total_pages, total_items, has_next } = paging;
        Ok(Page {
            number: number(&page)?,
            total_pages: number(&total_pages)?,
            total_items: number(&total_items)?,
            has_next: flag(&has_next).map_err(|()| broken("its `hasNext` is neither true nor false"))?,
            rows: data
                .into_iter()
                .map(|row| read_row(row.unwrap_or_default()))
                .collect::<Option<_>>()
                .ok_or_else(|| broken("an id in it is neither text nor number"))?,
        })
    }
}

fn read_row(row: UserListItem) -> Option<(Option<String>, Option<String>)> {
    Some((scalar(&row.id).ok()?, scalar(&row.employee_id).ok()?))
}

fn flag(raw: &Raw) -> Result<Option<bool>, ()> {
    match scalar(raw)?.as_deref() {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(()),
    }
}

/// A walk under way.
pub(super) struct Walk<'a> {
    asked_for: BTreeSet<&'a str>,
    next: u32,
    read: u32,
    rows: i64,
    total_items: Option<i64>,
    total_pages: Option<i64>,
    numbers_seen: BTreeSet<i64>,
    users: BTreeMap<String, String>,
    contradictions: BTreeSet<&'static str>,
}

impl<'a> Walk<'a> {
    /// Begins at page `first`, asking for these employee ids.
    pub fn new(employee_ids: &'a [String], first: u32) -> Self {
        Walk {
            asked_for: employee_ids.iter().map(|id| id.trim()).collect(),
            next: first,
            read: 0,
            rows: 0,
            total_items: None,
            total_pages: None,
            numbers_seen: BTreeSet::new(),
            users: BTreeMap::new(),
            contradictions: BTreeSet::new(),
        }
    }

    /// The number of the page to ask for.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Takes the page that was asked for; says whether there is another one.
    pub fn take(&mut self, page: Page) -> bool {
        self.read += 1;
        let empty = page.rows.is_empty();
        self.check_totals(&page);
        let on_track = self.check_number(&page);
        self.rows += i64::try_from(page.rows.len()).unwrap_or(i64::MAX);
        let more = self.says_more(&page);
        page.rows.into_iter().for_each(|row| self.take_row(row));
        let stop = match () {
            () if !more || !on_track => true,
            () if empty => self.note("an empty page says that there is another one"),
            () if page.total_pages.is_some_and(|total| i64::from(self.read) >= total) => {
                self.note("after the stated number of pages there is another one")
            }
            () if self.read >= PAGES_MAX => self.note("the pages do not end"),
            () => false,
        };
        self.next += 1;
        !stop
    }

    /// Closes the walk: users sorted by employee id, contradictions in a fixed order.
    pub fn finish(mut self) -> UserBatch {
        if self.total_items.is_some_and(|total| total != self.rows) {
            self.note("the rows of all pages are not as many as stated");
        }
        if self.total_pages.is_some_and(|total| total.max(1) > i64::from(self.read)) {
            self.note("the last page came before the stated number of pages");
        }
        let mut users: Vec<ListedUser> = self
            .users
            .into_iter()
            .map(|(user_id, employee_id)| ListedUser { user_id: user_id.into(), employee_id })
            .collect();
        users.sort_by(|a, b| (&a.employee_id, &a.user_id).cmp(&(&b.employee_id, &b.user_id)));
        UserBatch { users, inconsistencies: self.contradictions.into_iter().map(str::to_owned).collect() }
    }

    /// Remembers a contradiction; always `true`, since most of them end the walk.
    fn note(&mut self, contradiction: &'static str) -> bool {
        self.contradictions.insert(contradiction);
        true
    }

    fn check_totals(&mut self, page: &Page) {
        let moved = |old: Option<i64>, new: Option<i64>| old.is_some() && new.is_some() && old != new;
        if moved(self.total_items, page.total_items) || moved(self.total_pages, page.total_pages) {
            self.note("the totals change from page to page");
        }
        self.total_items = page.total_items.or(self.total_items);
        self.total_pages = page.total_pages.or(self.total_pages);
    }

    /// Whether the page is the one that was asked for, as far as it says.
    fn check_number(&mut self, page: &Page) -> bool {
        let Some(number) = page.number else { return true };
        if !self.numbers_seen.insert(number) {
            return !self.note("a page came twice");
        }
        if number != i64::from(self.next) {
            return !self.note("another page came than the one asked for");
        }
        true
    }

    /// Whether the page says that another one follows: by `hasNext`, else by the totals; saying nothing proves nothing.
    fn says_more(&mut self, page: &Page) -> bool {
        match (page.has_next, page.total_pages, page.total_items) {
            (Some(has_next), ..) => has_next,
            (None, Some(pages), _) => i64::from(self.read) < pages,
            (None, None, Some(items)) => self.rows < items,
            (None, None, None) => !self.note("the answer does not say whether more pages follow"),
        }
    }

    fn take_row(&mut self, row: (Option<String>, Option<String>)) {
        let (Some(user_id), Some(employee_id)) = row else {
            self.note("a user has no user id or no employee id");
            return;
        };
        if !self.asked_for.contains(employee_id.as_str()) {
            self.note("a user came who was not asked for");
            return;
        }
        if self.users.contains_key(&user_id) {
            // The first one stays.
            self.note("a user came twice");
            return;
        }
        self.users.insert(user_id, employee_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: [&str; 4] = ["00123", "A1", "B2", "C3"];

    /// A page in the terms of the contract: number, pages, items, whether more follow, and employee ids whose user id
    /// is `u-` and the same.
    fn page(number: i64, pages: i64, items: i64, more: bool, ids: &[&str]) -> Page {
        Page {
            number: Some(number),
            total_pages: Some(pages),
            total_items: Some(items),
            has_next: Some(more),
            rows: ids.iter().map(|id| (Some(format!("u-{id}")), Some((*id).to_owned()))).collect(),
        }
    }

    /// Walks over `pages`; the last one must be where the walk stops by itself.
    #[track_caller]
    fn check_walk(pages: Vec<Page>, ids: &[&str], contradictions: &[&str]) {
        let asked = ASKED.map(str::to_owned);
        let mut walk = Walk::new(&asked, 0);
        let count = pages.len();
        for (index, page) in pages.into_iter().enumerate() {
            assert_eq!(walk.next() as usize, index);
            assert_eq!(walk.take(page), index + 1 < count, "page {index}");
        }
        let batch = walk.finish();
        assert_eq!(batch.users.iter().map(|user| user.employee_id.as_str()).collect::<Vec<_>>(), ids);
        assert_eq!(batch.inconsistencies, contradictions);
    }

    #[test]
    fn pages_that_agree_are_complete() {
        check_walk(vec![page(0, 1, 2, false, &["A1", "00123"])], &["00123", "A1"], &[]);
        check_walk(vec![page(0, 2, 3, true, &["C3", "A1"]), page(1, 2, 3, false, &["B2"])], &["A1", "B2", "C3"], &[]);
        check_walk(vec![page(0, 0, 0, false, &[])], &[], &[]);
        check_walk(vec![page(0, 1, 0, false, &[])], &[], &[]);
    }

    #[test]
    fn what_pagination_leaves_out_is_made_up_for_by_what_it_says() {
        let only = |number, pages, items| Page {
            number,
            total_pages: pages,
            total_items: items,
            ..page(0, 0, 0, false, &["A1"])
        };
        check_walk(vec![Page { has_next: None, ..only(None, Some(1), None) }], &["A1"], &[]);
        check_walk(vec![Page { has_next: None, ..only(None, None, Some(1)) }], &["A1"], &[]);
        check_walk(vec![only(None, None, None)], &["A1"], &[]);
        check_walk(
            vec![Page { has_next: None, ..only(None, None, None) }],
            &["A1"],
            &["the answer does not say whether more pages follow"],
        );
    }

    #[test]
    fn several_users_for_one_employee_id_are_all_kept() {
        let mut two = page(0, 1, 2, false, &["A1", "A1"]);
        two.rows[1].0 = Some("u-rehired".to_owned());
        check_walk(vec![two], &["A1", "A1"], &[]);
    }

    #[test]
    fn each_contradiction_is_seen() {
        check_walk(
            vec![page(0, 3, 3, true, &["A1"]), page(0, 3, 3, true, &["A1"])],
            &["A1"],
            &[
                "a page came twice",
                "a user came twice",
                "the last page came before the stated number of pages",
                "the rows of all pages are not as many as stated",
            ],
        );
        check_walk(
            vec![page(0, 2, 1, true, &["A1"]), page(1, 2, 1, true, &[])],
            &["A1"],
            &["an empty page says that there is another one"],
        );
        check_walk(
            vec![page(0, 1, 1, true, &["A1"])],
            &["A1"],
            &["after the stated number of pages there is another one"],
        );
        check_walk(
            vec![page(0, 2, 3, true, &["A1", "B2"]), page(1, 2, 4, false, &["C3", "00123"])],
            &["00123", "A1", "B2", "C3"],
            &["the totals change from page to page"],
        );
        check_walk(
            vec![page(0, 2, 3, true, &["A1", "B2"]), page(1, 2, 3, false, &["B2"])],
            &["A1", "B2"],
            &["a user came twice"],
        );
        check_walk(
            vec![page(0, 1, 3, false, &["A1", "B2"])],
            &["A1", "B2"],
            &["the rows of all pages are not as many as stated"],
        );
        check_walk(vec![page(1, 1, 1, false, &["A1"])], &["A1"], &["another page came than the one asked for"]);
        check_walk(
            vec![page(0, 2, 1, false, &["A1"])],
            &["A1"],
            &["the last page came before the stated number of pages"],
        );
        check_walk(vec![page(0, 1, 2, false, &["A1", "X9"])], &["A1"], &["a user came who was not asked for"]);
        let mut nameless = page(0, 1, 1, false, &["A1"]);
        nameless.rows[0].1 = None;
        check_walk(vec![nameless], &[], &["a user has no user id or no employee id"]);
    }

    #[test]
    fn pages_without_end_end() {
        let asked = ASKED.map(str::to_owned);
        let mut walk = Walk::new(&asked, 0);
        let endless = Page { number: None, total_pages: None, total_items: None, ..page(0, 0, 0, true, &["A1"]) };
        let pages = (1..).take_while(|_| walk.take(endless.clone())).count();
        assert_eq!(pages + 1, PAGES_MAX as usize);
        assert!(walk.finish().inconsistencies.contains(&"the pages do not end".to_owned()));
    }

    #[test]
    fn a_page_is_read_whether_its_numbers_are_numbers_or_text() {
        let read = |text: &str| Page::read(serde_json::from_str(text).expect("well-formed"));
        let plain = r#"{"pagination":{"page":0,"size":20,"totalPages":1,"totalItems":1,"hasNext":false},"data":[{"id":"u-A1","employeeId":" A1 "}]}"#;
        let text = r#"{"pagination":{"page":"0","totalPages":"1","totalItems":1.0,"hasNext":"false"},"data":[{"id":"u-A1","employeeId":"A1"}]}"#;
        assert_eq!(read(plain).expect("reads"), page(0, 1, 1, false, &["A1"]));
        assert_eq!(read(text).expect("reads"), page(0, 1, 1, false, &["A1"]));
        assert!(read(r#"{"pagination":{},"data":null}"#).is_err());
        assert!(read(r#"{"pagination":{"page":0.5},"data":[]}"#).is_err());
        assert!(read(r#"{"data":[{"id":{},"employeeId":"A1"}]}"#).is_err());
    }
}
