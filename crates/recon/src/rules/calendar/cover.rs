//! The share of a full amount that is due when cover begins or ends inside a period: exact by the rules of a scheme,
//! and where it states none, whatever an accepted practice gives.

use crate::rules::calendar::proration::{METHODS, Span, covered, prorated};
use crate::rules::calendar::{MONTHS, Payday};
use crate::rules::people::leaving::coverage_end;
use crate::scheme::{FirstDeduction, Proration, Scheme};
use crate::settings::CoverageEnd;

/// Cover that lasts longer than a year of weeks after somebody left has no last deduction, nor a first one so long ago.
const WINDOWS_MAX: usize = 53;

/// Cover of one benefit beside the days that a deduction pays for. Days since 1970.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Cover {
    payday: Payday,
    /// The days that the deduction pays for.
    pub(in crate::rules) window: Span,
    /// The first day of cover, where it is known.
    first: Option<i32>,
    leave: Option<i32>,
    /// The last day of cover: the earliest and the latest that the rules allow. Without a leave date there is none.
    last: Option<(i32, i32)>,
    /// The deduction is that of a month, and there are more pays than months.
    by_month: bool,
    /// The days of which the deduction pays for cover: those that it pays for, or may.
    reach: Span,
}

/// How much of a full amount is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum CoverShare {
    Whole,
    Nothing,
    Part(Proration, Span),
    /// A part of the window has cover, and no rule says what that costs.
    Open,
}

impl Cover {
    pub(in crate::rules) fn new(payday: Payday, scheme: &Scheme, first: Option<i32>, leave: Option<i32>) -> Cover {
        let last = leave.map(|leave| match scheme.coverage_end {
            Some(rule) => (coverage_end(leave, rule), coverage_end(leave, rule)),
            None => (leave, coverage_end(leave, CoverageEnd::EndOfMonth)),
        });
        let window = payday.covers(scheme.first_deduction);
        Cover { payday, window, first, leave, last, by_month: false, reach: window }
    }

    /// Of a benefit that is deducted so often a year: once a month it pays for the month of the pay date, or the one
    /// after or before it, however short the pay period is. A scheme that does not say so may mean the days of the
    /// period.
    pub(in crate::rules) fn deducted(self, scheme: &Scheme, per_year: i64) -> Cover {
        let monthly = per_year == MONTHS && self.payday.pays > MONTHS && self.payday.in_file == 1;
        let Some(month) = monthly.then(|| self.payday.month()).flatten() else { return self };
        let Payday { start, end, .. } = self.payday;
        let window = self.payday.of_month(month).covers(scheme.first_deduction);
        let reach = match scheme.first_deduction {
            Some(FirstDeduction::InAdvance | FirstDeduction::InArrears) => window,
            Some(FirstDeduction::SamePay) => Span { first: window.first, last: window.last.max(end) },
            Some(FirstDeduction::NextPay) => Span { first: window.first, last: end },
            None => Span { first: window.first.min(start), last: end },
        };
        Cover { window, by_month: true, reach, ..self }
    }

    /// The days that the deduction pays for, as a pay period.
    fn paid_for(&self) -> Payday {
        match self.by_month {
            true => self.payday.of_month(self.window),
            false => Payday { start: self.window.first, end: self.window.last, ..self.payday },
        }
    }

    /// The pay period, or the month of the pay date of a deduction once a month.
    fn period(&self) -> Span {
        let month = self.by_month.then(|| self.payday.month()).flatten();
        month.unwrap_or_else(|| self.payday.period())
    }

    /// The last day of which the deduction pays for cover, or may.
    pub(in crate::rules) fn last_day(&self) -> i32 {
        self.reach.last
    }

    /// The days of the deduction before.
    fn previous(&self) -> Span {
        if self.by_month { self.paid_for().previous() } else { self.payday.previous() }
    }

    /// The same cover beside the days of the deduction after this one.
    pub(in crate::rules) fn next(self) -> Cover {
        let window = self.paid_for().next();
        Cover { window, reach: window, ..self }
    }

    /// The same cover beside other days.
    pub(in crate::rules) fn beside(self, window: Span) -> Cover {
        Cover { window, reach: if self.by_month { self.reach } else { window }, ..self }
    }

    /// Cover ended before the days that the deduction pays for, by every rule that may be the scheme's.
    pub(in crate::rules) fn is_over(&self) -> bool {
        self.last.is_some_and(|(_, latest)| latest < self.reach.first)
    }

    /// Cover ended before the month of the pay date, which a deduction once a month may pay for.
    pub(in crate::rules) fn is_over_before_the_month(&self) -> bool {
        self.by_month && self.last.is_some_and(|(_, latest)| latest < self.window.first)
    }

    /// Cover ended before the pay period, whatever days its deduction pays for.
    pub(in crate::rules) fn is_over_before_the_period(&self) -> bool {
        self.last.is_some_and(|(_, latest)| latest < self.payday.period().first)
    }

    /// Cover begins only after those days.
    pub(in crate::rules) fn is_ahead(&self) -> bool {
        self.first.is_some_and(|first| first > self.reach.last)
    }

    /// Cover begins by this day.
    pub(in crate::rules) fn begins_by(&self, day: Option<i32>) -> bool {
        self.first.zip(day).is_some_and(|(first, day)| first <= day)
    }

    /// Cover begins inside those days.
    pub(in crate::rules) fn begins(&self) -> bool {
        self.first.is_some_and(|first| self.window.first < first && first <= self.window.last)
    }

    /// Cover begins with those days.
    pub(in crate::rules) fn begins_with_them(&self) -> bool {
        self.first == Some(self.window.first)
    }

    /// Cover ends inside those days, or may.
    pub(in crate::rules) fn ends(&self) -> bool {
        self.last.is_some_and(|(earliest, latest)| earliest < self.window.last && latest >= self.window.first)
    }

    /// Somebody left by the end of these days, or of the pay period, and cover is not over before them.
    pub(in crate::rules) fn outlasts_leave(&self) -> bool {
        let end = self.window.last.max(self.payday.end);
        self.leave.is_some_and(|leave| leave <= end) && !self.is_over()
    }

    /// What is due of a full amount, as far as the scheme's rules say.
    pub(in crate::rules) fn share(&self, scheme: &Scheme) -> CoverShare {
        if self.begins() && scheme.first_deduction == Some(FirstDeduction::NextPay) {
            return CoverShare::Nothing;
        }
        if !self.begins() && !self.ends() {
            return CoverShare::Whole;
        }
        let at_start = scheme.proration.filter(|_| self.begins());
        let at_end = scheme.proration_at_end.or(scheme.proration).filter(|_| self.ends());
        let method = match (self.begins(), self.ends()) {
            (true, false) => at_start,
            (false, true) => at_end,
            _ => at_start.filter(|_| at_start == at_end),
        };
        let last = match self.last {
            Some((earliest, latest)) if earliest != latest && self.ends() => return CoverShare::Open,
            last => last.map(|(_, latest)| latest),
        };
        match (method, covered(self.window, self.first, last)) {
            (Some(method), Some(covered)) => CoverShare::Part(method, covered),
            _ => CoverShare::Open,
        }
    }

    /// Whether an accepted practice takes `amount` where the whole would be `full`, to within `tolerance`: nothing,
    /// all, or a part by days.
    pub(in crate::rules) fn accepts(&self, amount: i64, full: i64, tolerance: i64) -> bool {
        self.nearest(amount, full, tolerance) == amount
    }

    /// The amount nearest to this one that an accepted practice takes; the amount itself if one does.
    pub(in crate::rules) fn nearest(&self, amount: i64, full: i64, tolerance: i64) -> i64 {
        let mut accepted = vec![(0, 0), (full, full)];
        let parts = self.parts(full);
        accepted.extend(parts.iter().min().copied().zip(parts.iter().max().copied()));
        let gap = |(low, high): &(i64, i64)| (amount.clamp(*low.min(high), *high.max(low)) - amount).abs();
        let nearest = accepted.iter().min_by_key(|range| gap(range)).copied().unwrap_or_default();
        let nearest = amount.clamp(nearest.0.min(nearest.1), nearest.1.max(nearest.0));
        if (nearest - amount).abs() <= tolerance { amount } else { nearest }
    }

    /// What each practice makes of `full`, exactly.
    pub(in crate::rules) fn parts(&self, full: i64) -> Vec<i64> {
        let last = self.last.map(|(earliest, _)| earliest);
        let Some(covered) = covered(self.window, self.first, last) else { return Vec::new() };
        METHODS.iter().map(|(method, _)| prorated(full, *method, self.window, covered, 1)).collect()
    }

    /// Cover began in the period before, and its deduction may be that period's (in arrears).
    pub(in crate::rules) fn before(&self) -> Option<Cover> {
        let previous = Cover { window: self.previous(), ..*self };
        previous.begins().then_some(previous)
    }

    /// Where a deduction pays for later days, the days of the pay period itself in which cover began.
    pub(in crate::rules) fn first_in_advance(&self) -> Option<Cover> {
        let period = self.period();
        let began = self.first.is_some_and(|first| period.holds(first)) && self.window.first > period.last;
        began.then_some(Cover { window: period, ..*self })
    }

    /// The days of a deduction before this one in which cover began, and those of the deductions between the two.
    pub(in crate::rules) fn first_days(&self) -> Option<(Cover, Vec<Span>)> {
        let first = self.first?;
        let mut at = self.paid_for();
        let mut between = Vec::new();
        loop {
            let span = at.previous();
            if span.holds(first) {
                return Some((Cover { window: span, ..*self }, between));
            }
            if span.first <= first || between.len() > WINDOWS_MAX {
                return None;
            }
            between.push(span);
            at = Payday { start: span.first, end: span.last, ..at };
        }
    }

    /// How many more deductions a leaver's cover would have after these days; the last may be for a part.
    pub(in crate::rules) fn windows_after(&self) -> i64 {
        let Some((_, latest)) = self.last else { return 0 };
        let window = self.paid_for();
        let next = |payday: &Payday| {
            let Span { first, last } = payday.next();
            Some(Payday { start: first, end: last.max(first), ..*payday })
        };
        let windows = std::iter::successors(next(&window), next).take_while(|window| window.start <= latest);
        windows.take(WINDOWS_MAX).count() as i64
    }

    /// Somebody who joined on this day is new to the company in these days or the period before.
    pub(in crate::rules) fn is_new(&self, joined: Option<i32>) -> bool {
        joined.is_some_and(|joined| joined >= self.previous().first)
    }

    /// Cover that ended on this day of the pay period may have been due till then; what is deducted in advance pays for
    /// none of its days.
    pub(in crate::rules) fn may_end_on(&self, day: i32) -> bool {
        self.payday.period().holds(day) && self.window.first <= self.payday.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::calendar::moved_dates::ByCalendar;
    use crate::rules::people::day_number;

    /// Counts of a unit of money.
    const UNIT: i64 = 10_000;

    fn day(text: &str) -> i32 {
        day_number(text.parse().expect("a date"))
    }

    fn march(scheme: &Scheme, first: Option<&str>, leave: Option<&str>) -> Cover {
        let payday = Payday {
            start: day("2026-03-01"),
            end: day("2026-03-31"),
            date: None,
            pays: 12,
            by_calendar: ByCalendar::NotKnown,
            in_file: 1,
        };
        Cover::new(payday, scheme, first.map(day), leave.map(day))
    }

    #[test]
    fn without_a_rule_nothing_all_and_any_part_by_days_is_accepted() {
        let cover = march(&Scheme::default(), Some("2026-03-16"), None);
        assert_eq!(cover.share(&Scheme::default()), CoverShare::Open);
        // Thirtieths make 50.00 of 100.00, working days 54.55.
        for (amount, accepted) in
            [(0, true), (100, true), (50, true), (54, true), (49, false), (56, false), (101, false)]
        {
            assert_eq!(cover.accepts(amount * UNIT, 100 * UNIT, 100), accepted, "{amount}");
        }
        assert_eq!(cover.nearest(20 * UNIT, 100 * UNIT, 100), 0);
        assert_eq!(cover.nearest(45 * UNIT, 100 * UNIT, 100), 50 * UNIT);
    }

    #[test]
    fn a_rule_at_the_start_says_nothing_of_the_end() {
        let scheme = Scheme { proration: Some(Proration::Thirtieths), ..Scheme::default() };
        let begins = march(&scheme, Some("2026-03-16"), None).share(&scheme);
        assert!(matches!(begins, CoverShare::Part(Proration::Thirtieths, _)), "{begins:?}");
        // Whether cover ends with the day or the month, nobody said.
        assert_eq!(march(&scheme, None, Some("2026-03-20")).share(&scheme), CoverShare::Open);
        let stated = Scheme { coverage_end: Some(CoverageEnd::LeaveDate), ..scheme };
        let ends = march(&stated, None, Some("2026-03-20")).share(&stated);
        assert!(matches!(ends, CoverShare::Part(Proration::Thirtieths, _)), "{ends:?}");
    }

    #[test]
    fn cover_to_the_end_of_the_month_leaves_no_part_of_a_month() {
        let scheme = Scheme { coverage_end: Some(CoverageEnd::EndOfMonth), ..Scheme::default() };
        assert_eq!(march(&scheme, None, Some("2026-03-20")).share(&scheme), CoverShare::Whole);
        assert!(march(&scheme, None, Some("2026-02-20")).is_over());
    }

    #[test]
    fn the_first_deduction_can_be_of_the_next_pay_in_advance_or_in_arrears() {
        let with = |first| Scheme { first_deduction: Some(first), ..Scheme::default() };
        let next = with(FirstDeduction::NextPay);
        assert_eq!(march(&next, Some("2026-03-16"), None).share(&next), CoverShare::Nothing);
        let advance = with(FirstDeduction::InAdvance);
        assert_eq!(march(&advance, Some("2026-04-01"), None).share(&advance), CoverShare::Whole);
        assert!(march(&Scheme::default(), Some("2026-04-01"), None).is_ahead());
        let arrears = with(FirstDeduction::InArrears);
        assert!(march(&arrears, Some("2026-03-01"), None).is_ahead());
        assert_eq!(march(&arrears, Some("2026-02-01"), None).share(&arrears), CoverShare::Whole);
    }
}
