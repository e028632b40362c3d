//! Benbase ids that took the place of another one.

use std::collections::{BTreeMap, BTreeSet};

/// Ids by the snapshot that shows of whom they are.
pub fn by_snapshot<'i>(ids: impl Iterator<Item = (&'i String, &'i String)>) -> BTreeMap<&'i str, BTreeSet<String>> {
    let mut by_snapshot: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (id, shown_by) in ids {
        by_snapshot.entry(shown_by).or_default().insert(id.clone());
    }
    by_snapshot
}

/// Ids that took the place of another one → that id, and the snapshot that has it.
#[derive(Debug, Default)]
pub struct Replaced(pub BTreeMap<String, (String, String)>);

impl Replaced {
    pub fn add(&mut self, replaced: BTreeMap<String, String>, shown_by: &str) {
        let replaced = replaced.into_iter().map(|(id, earlier)| (id, (earlier, shown_by.to_owned())));
        self.0.extend(replaced);
    }

    pub fn keep(&mut self, stays: impl Fn(&str) -> bool) {
        self.0.retain(|id, _| stays(id));
    }

    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Both ids of each.
    pub fn ids(&self) -> impl Iterator<Item = &String> {
        self.0.iter().flat_map(|(id, (earlier, _))| [id, earlier])
    }

    pub fn by_snapshot(&self, is_asked: impl Fn(&str) -> bool) -> BTreeMap<&str, BTreeSet<String>> {
        by_snapshot(self.0.iter().filter(|(id, _)| is_asked(id)).map(|(id, (_, shown_by))| (id, shown_by)))
    }
}
