//! Parts of a whole, such as the limits of a job.

use std::fmt;

/// A part of a whole, to a hundredth of a percent: `5 %` is 500 ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// All of it.
    pub const WHOLE: Share = Share(10_000);

    pub const fn of_ten_thousandths(ten_thousandths: u32) -> Share {
        Share(ten_thousandths)
    }

    pub fn ten_thousandths(self) -> u32 {
        self.0
    }

    /// The part is more than this share of the whole; signs do not count.
    pub fn is_exceeded(self, part: i128, whole: i128) -> bool {
        part.abs() * Share::WHOLE.count() > whole.abs() * self.count()
    }

    /// The part is this share of the whole at least; signs do not count.
    pub fn is_reached(self, part: i128, whole: i128) -> bool {
        part.abs() * Share::WHOLE.count() >= whole.abs() * self.count()
    }

    /// A figure moved by more than this share of what it was. From nothing, any move is no share.
    pub fn is_exceeded_by_move(self, before: i128, now: i128) -> bool {
        before != 0 && self.is_exceeded(now - before, before)
    }

    fn count(self) -> i128 {
        i128::from(self.0)
    }
}

/// `2.50 %`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} %", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE_PERCENT: Share = Share::of_ten_thousandths(500);

    #[test]
    fn a_figure_moves_too_far_only_beyond_the_share() {
        assert!(!FIVE_PERCENT.is_exceeded_by_move(1_000, 1_050));
        assert!(FIVE_PERCENT.is_exceeded_by_move(1_000, 1_051));
        assert!(FIVE_PERCENT.is_exceeded_by_move(1_000, 949));
        assert!(FIVE_PERCENT.is_exceeded_by_move(-1_000, -949));
        assert!(!FIVE_PERCENT.is_exceeded_by_move(0, 1));
        assert!(!FIVE_PERCENT.is_exceeded_by_move(0, 0));
    }

    #[test]
    fn a_share_is_reached_where_it_is_not_yet_exceeded() {
        assert!(FIVE_PERCENT.is_reached(5, 100));
        assert!(!FIVE_PERCENT.is_exceeded(5, 100));
        assert!(FIVE_PERCENT.is_exceeded(-6, 100));
    }

    #[test]
    fn it_is_written_in_percent_with_two_decimals() {
        assert_eq!(FIVE_PERCENT.to_string(), "5.00 %");
        assert_eq!(Share::of_ten_thousandths(7).to_string(), "0.07 %");
        assert_eq!(Share::WHOLE.to_string(), "100.00 %");
    }
}
