//! Two pieces of work at the same time.

use std::iter;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does one piece on a thread of its own and the other on this one; a panic of either goes on here.
pub fn side_by_side<A: Send, B>(apart: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let apart = scope.spawn(apart);
        let here = here();
        (apart.join().unwrap_or_else(|panic| resume_unwind(panic)), here)
    })
}

/// Does the same work on both halves of so many rows.
pub fn halves<A: Send>(rows: usize, work: impl Fn(Range<usize>) -> A + Sync) -> (A, A) {
    let half = rows / 2;
    side_by_side(|| work(0..half), || work(half..rows))
}

/// Does a piece of work for each item, on two threads that take the items in order; results are in the order of items.
pub fn shared<T: Sync, A: Send>(items: &[T], work: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let take = || {
        let own = iter::from_fn(|| {
            let at = next.fetch_add(1, Ordering::Relaxed);
            Some((at, work(items.get(at)?)))
        });
        own.collect::<Vec<(usize, A)>>()
    };
    let (mut done, others) = side_by_side(take, take);
    done.extend(others);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does a piece of work on a thread that lets the others go first, and waits for it.
pub fn behind<A: Send>(steps: i32, work: impl FnOnce() -> A + Send) -> A {
    let work = || {
        give_way(steps);
        work()
    };
    side_by_side(work, || ()).0
}

/// Lets the other threads go first, by so many steps of priority, 19 at most. On Linux this is about the calling thread
/// alone; elsewhere it would be about the process, so nothing is done there.
#[cfg(target_os = "linux")]
pub fn give_way(steps: i32) {
    if let Err(error) = rustix::process::nice(steps) {
        tracing::debug!(%error, "the thread keeps its priority");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn give_way(_steps: i32) {}

#[cfg(test)]
mod tests {
    use std::thread::current;

    use super::*;

    #[test]
    fn both_results_come_back_and_one_of_them_from_another_thread() {
        let (apart, here) = side_by_side(|| (1, current().id()), || (2, current().id()));
        assert_eq!((apart.0, here), (1, (2, current().id())));
        assert_ne!(apart.1, here.1);
    }

    #[test]
    fn two_halves_are_the_whole() {
        for rows in [0, 1, 2, 7] {
            let (upper, lower) = halves(rows, |rows| rows.collect::<Vec<usize>>());
            assert!(upper.into_iter().chain(lower).eq(0..rows));
        }
    }

    #[test]
    fn each_item_is_worked_on_once_and_results_keep_their_order() {
        let items: Vec<usize> = (0..100).collect();
        assert_eq!(shared(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<usize>>());
        assert!(shared(&[] as &[u8], |_| ()).is_empty());
    }

    #[test]
    fn what_is_done_behind_the_others_comes_back_from_a_thread_of_its_own() {
        let (result, thread) = behind(1, || (7, current().id()));
        assert_eq!(result, 7);
        assert_ne!(thread, current().id());
    }
}
