//! Lists of which many are alike, each kept once: most of a million people are due what others are due, in the same
//! periods, so that a number in the place of a list of their own takes a tenth of the memory.

use std::hash::{BuildHasher as _, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

/// One list of all items would be copied whole each time that it grows beyond its space.
const CHUNK_ITEMS: usize = 4096;

#[derive(Clone, Debug)]
pub(super) struct Interned<T> {
    chunks: Vec<Vec<T>>,
    /// With the hash of their list: what is already in memory tells most of them apart.
    index: HashTable<(u64, Place)>,
    hasher: DefaultHashBuilder,
}

/// Where a list stands. Lists that are equal stand in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    chunk: u32,
    start: u16,
    len: u16,
}

impl<T> Default for Interned<T> {
    fn default() -> Interned<T> {
        Interned { chunks: Vec::new(), index: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }
}

impl<T> Interned<T> {
    pub(super) fn get(&self, place: Place) -> &[T] {
        list(&self.chunks, place)
    }

    /// Every item that is held, once for each list in which it stands.
    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// No more lists come: lets go of what finds equal ones.
    pub(super) fn close(&mut self) {
        self.index = HashTable::new();
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// Where a list stands from now on. It has fewer than 65,536 items.
    pub(super) fn place(&mut self, items: &[T]) -> Place {
        let Interned { chunks, index, hasher } = self;
        let hash = hasher.hash_one(items);
        if let Some((_, known)) = index.find(hash, |(its, place)| *its == hash && list(chunks, *place) == items) {
            return *known;
        }
        let fits = chunks.last().is_some_and(|chunk| chunk.len() + items.len() <= chunk.capacity());
        if !fits {
            chunks.push(Vec::with_capacity(items.len().max(CHUNK_ITEMS)));
        }
        let at = chunks.len() - 1;
        let chunk = &mut chunks[at];
        let sized = "an employee has fewer pay periods than a u16 can count";
        let [start, len] = [chunk.len(), items.len()].map(|count| u16::try_from(count).expect(sized));
        let place = Place { chunk: at as u32, start, len };
        chunk.extend_from_slice(items);
        index.insert_unique(hash, (hash, place), |(hash, _)| *hash);
        place
    }
}

fn list<T>(chunks: &[Vec<T>], place: Place) -> &[T] {
    let Place { chunk, start, len } = place;
    &chunks[chunk as usize][usize::from(start)..][..usize::from(len)]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_list_is_given_back_and_equal_ones_stand_in_one_place(
            lists in prop::collection::vec(prop::collection::vec(0_u8..3, 0..4), 0..60),
        ) {
            let mut interned = Interned::default();
            let places: Vec<Place> = lists.iter().map(|list| interned.place(list)).collect();
            for (place, list) in places.iter().zip(&lists) {
                prop_assert_eq!(interned.get(*place), &list[..]);
                let first = lists.iter().position(|other| other == list).expect("it is one of them");
                prop_assert_eq!(*place, places[first]);
            }
            let distinct: BTreeSet<&Vec<u8>> = lists.iter().collect();
            prop_assert_eq!(interned.items().count(), distinct.iter().map(|list| list.len()).sum::<usize>());
        }
    }

    #[test]
    fn a_list_longer_than_a_chunk_stands_in_one_piece() {
        let mut interned = Interned::default();
        let long: Vec<usize> = (0..2 * CHUNK_ITEMS).collect();
        let places = [&[1, 2][..], &long, &[3]].map(|list| interned.place(list));
        assert_eq!(places.map(|place| interned.get(place).len()), [2, long.len(), 1]);
        assert_eq!(interned.get(places[1]), long);
    }
}
