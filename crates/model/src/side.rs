//! Two pieces of work at the same time.

use std::panic::resume_unwind;
use std::thread;

/// Does one piece on a thread of its own and the other on this one; a panic of either goes on here.
pub fn side_by_side<A: Send, B>(apart: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let apart = scope.spawn(apart);
        let here = here();
        (apart.join().unwrap_or_else(|panic| resume_unwind(panic)), here)
    })
}

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
}
