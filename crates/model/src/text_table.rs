//! Rows of a few texts, looked up by the first of them: all texts lie one behind the other, so that a million rows take
//! their characters and little more, where a map of owned texts takes several times as much.

/// Rows behind the last one found that are looked at before the whole table is searched.
const LOOKED_AHEAD: usize = 4;

/// Rows of `N` texts and a `rest` of a fixed size. A blank text is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextTable<const N: usize, R = ()> {
    text: String,
    rows: Vec<Row<N, R>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row<const N: usize, R> {
    start: usize,
    /// Where each text ends, from `start` on.
    ends: [u32; N],
    rest: R,
}

impl<const N: usize, R> Default for TextTable<N, R> {
    fn default() -> Self {
        TextTable { text: String::new(), rows: Vec::new() }
    }
}

impl<const N: usize, R: Copy> TextTable<N, R> {
    /// Room for texts of so many bytes in so many rows.
    pub fn with_capacity(bytes: usize, rows: usize) -> Self {
        TextTable { text: String::with_capacity(bytes), rows: Vec::with_capacity(rows) }
    }

    /// Adds a row; rows may come in any order.
    pub fn push(&mut self, texts: [&str; N], rest: R) {
        let start = self.text.len();
        let ends = texts.map(|text| {
            self.text.push_str(text);
            u32::try_from(self.text.len() - start).expect("the files that are read are smaller than 4 GiB")
        });
        self.rows.push(Row { start, ends, rest });
    }

    /// Sorts by the first text; rows with the same stay in their order. Before, nothing can be found.
    pub fn sort(&mut self) {
        let text = &self.text;
        self.rows.sort_by(|a, b| a.text(text, 0).cmp(b.text(text, 0)));
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The first text of a row.
    pub fn key(&self, row: usize) -> &str {
        self.rows[row].text(&self.text, 0)
    }

    /// All texts of a row.
    pub fn texts(&self, row: usize) -> [&str; N] {
        std::array::from_fn(|at| self.rows[row].text(&self.text, at))
    }

    /// What a row holds besides texts.
    pub fn rest(&self, row: usize) -> R {
        self.rows[row].rest
    }

    /// The row of a first text, the last one when several have it.
    pub fn find(&self, key: &str) -> Option<usize> {
        let behind = self.rows.partition_point(|row| row.text(&self.text, 0) <= key);
        behind.checked_sub(1).filter(|row| self.key(*row) == key)
    }

    /// [`TextTable::find`] for questions that mostly come in the order of the table: the rows from `next` on are
    /// looked at first, and it is afterwards the row behind the one that was found.
    pub fn find_next(&self, key: &str, next: &mut usize) -> Option<usize> {
        let ahead = *next..self.len().min(*next + LOOKED_AHEAD);
        let found = match { ahead }.find(|row| self.key(*row) >= key) {
            Some(row) if self.key(row) == key => self.last_like(row),
            // It would stand between its neighbours, and does not.
            Some(row) if row == 0 || self.key(row - 1) < key => return None,
            _ => self.find(key)?,
        };
        *next = found + 1;
        Some(found)
    }

    /// The last row with the same first text.
    fn last_like(&self, row: usize) -> usize {
        let others = self.rows[row + 1..].iter().take_while(|other| other.text(&self.text, 0) == self.key(row));
        row + others.count()
    }
}

impl<const N: usize, R> Row<N, R> {
    fn text<'t>(&self, all: &'t str, at: usize) -> &'t str {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &all[self.start + begin as usize..self.start + self.ends[at] as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_are_found_by_their_first_text_whatever_order_they_came_in() {
        let mut table = TextTable::<3, i64>::default();
        table.push(["b", "", "é"], 2);
        table.push(["a", "x", ""], 1);
        table.push(["", "y", "z"], 0);
        table.sort();
        assert_eq!([0, 1, 2].map(|row| table.texts(row)), [["", "y", "z"], ["a", "x", ""], ["b", "", "é"]]);
        assert_eq!([0, 1, 2].map(|row| table.rest(row)), [0, 1, 2]);
        assert_eq!((table.find("b"), table.find("c"), table.find("aa")), (Some(2), None, None));
    }

    proptest! {
        #[test]
        fn a_table_finds_what_a_map_finds_in_and_out_of_order(
            rows in prop::collection::vec(("[ab]{0,3}", "[a-cé]{0,2}"), 0..30),
            asked in prop::collection::vec("[ab]{0,3}", 0..30),
        ) {
            let mut table = TextTable::<2>::default();
            rows.iter().for_each(|(key, text)| table.push([key, text], ()));
            table.sort();
            let map: BTreeMap<&str, &str> = rows.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
            let mut next = 0;
            for key in &asked {
                let expected = map.get(key.as_str()).copied();
                prop_assert_eq!(table.find(key).map(|row| table.texts(row)[1]), expected);
                let row = table.find_next(key, &mut next);
                prop_assert_eq!(row.map(|row| table.texts(row)[1]), expected);
            }
        }
    }
}
