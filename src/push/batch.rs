//! Sending a batch: the intent of each item is committed before its first byte goes out, what came of it after. One
//! task owns the database; only sends overlap. Dropped at any point it leaves items in `sending`, which the next push
//! takes for in doubt.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::watch;

use super::lanes::Lanes;
use super::order::request;
use super::outcome::settled;
use super::plan::Ssns;
use super::summary::{HeldBack, Noted, Stop, Summary, Why};
use crate::job;
use crate::progress::Progress;
use tieout_services::Clock;
use tieout_services::benbase::{BenbaseWriter, Request, Sent};
use tieout_store::{Intent, Item, ItemState, Moved, Settled, Store, Ticket};

/// How often the progress is told that time goes by.
const TICK: Duration = Duration::from_secs(1);

/// A batch under way.
pub(super) struct Batch<'a> {
    pub store: &'a mut Store,
    pub settings: &'a job::Push,
    /// Sends under way at a time.
    pub concurrency: usize,
    pub clock: &'a Clock,
    pub cancel: &'a watch::Receiver<bool>,
    pub progress: &'a Progress,
    pub line: Lanes,
    pub ssns: &'a Ssns,
    pub summary: Summary,
    pub failures_in_a_row: u32,
    /// The first item is not accepted yet.
    pub canary: bool,
    /// Outcomes that are not in the database yet.
    pub unsettled: Vec<(Ticket, Settled)>,
    /// The database failed: nothing more is begun, what is under way is waited for.
    pub broken: Option<anyhow::Error>,
}

/// An item under way.
struct Begun {
    item: Item,
    request: Request,
}

impl Batch<'_> {
    /// Sends what is in the line until its end or a reason to stop.
    pub async fn run(mut self, writer: &BenbaseWriter) -> anyhow::Result<Summary> {
        self.progress.planned(self.line.waiting());
        let mut in_flight = FuturesUnordered::new();
        let mut ticks = tokio::time::interval(TICK);
        loop {
            for begun in self.turn(in_flight.len()) {
                in_flight.push(async move {
                    let sent = writer.send(&begun.request).await;
                    (begun.item, sent)
                });
            }
            let Some(first) = self.answer(writer, &mut in_flight, &mut ticks).await else {
                // Nothing is under way because what was to be begun had moved: what stands behind it may still go.
                if self.line.waiting() > 0 && !self.stopped() {
                    continue;
                }
                break;
            };
            let mut answers = vec![first];
            while let Some(Some(answer)) = in_flight.next().now_or_never() {
                answers.push(answer);
            }
            for (item, sent) in answers {
                self.count(&item, sent);
            }
        }
        self.progress.finish();
        self.summary.left = self.line.waiting();
        match self.broken {
            None => Ok(self.summary),
            Some(error) => {
                let (sent, left) = (self.summary.sent.len(), self.summary.left);
                Err(error.context(format!(
                    "by then {sent} items were sent and noted; {left} were not begun and stay approved"
                )))
            }
        }
    }

    /// Told to stop, it still waits for what was sent.
    async fn answer<F: Future<Output = (Item, Sent)>>(
        &self,
        writer: &BenbaseWriter,
        in_flight: &mut FuturesUnordered<F>,
        ticks: &mut tokio::time::Interval,
    ) -> Option<(Item, Sent)> {
        loop {
            tokio::select! {
                biased;
                answer = in_flight.next() => return answer,
                _ = ticks.tick() => self.progress.tick(writer.time_for(self.progress.left())),
            }
        }
    }

    /// Commits the outcomes that came and the intents of what may be begun now, and gives the latter.
    fn turn(&mut self, under_way: usize) -> Vec<Begun> {
        let mut begun = Vec::new();
        while under_way + begun.len() < self.width()
            && let Some(item) = self.next()
        {
            match request(&item, self.ssns) {
                Ok(request) => begun.push(Begun { item, request }),
                Err(error) => self.broken = Some(error),
            }
        }
        if begun.is_empty() && self.unsettled.is_empty() {
            return begun;
        }
        let intents: Vec<Intent> = begun.iter().map(Begun::intent).collect();
        match self.store.settle_and_claim(&self.unsettled, &intents, (self.clock)()) {
            Ok((settled, claimed)) => {
                self.check_settled(&settled);
                self.unsettled.clear();
                let pairs = begun.into_iter().zip(claimed);
                pairs.filter_map(|(begun, moved)| self.claimed(begun, moved)).collect()
            }
            Err(error) => {
                self.broken.get_or_insert(error);
                self.settle_one_by_one();
                Vec::new()
            }
        }
    }

    /// An outcome that cannot be noted must not keep the others. It is tried again at the next turn, and in the end
    /// stays in `sending`: in doubt.
    fn settle_one_by_one(&mut self) {
        let (store, now) = (&mut self.store, (self.clock)());
        self.unsettled.retain(|(ticket, outcome)| store.settle(ticket, outcome, now).is_err());
    }

    fn width(&self) -> usize {
        if self.canary { 1 } else { self.concurrency.max(1) }
    }

    /// The next item to begin; `None`: there is none, or nothing more is to be begun.
    fn next(&mut self) -> Option<Item> {
        if *self.cancel.borrow() && self.line.waiting() > 0 {
            self.summary.stop.get_or_insert(Stop::Cancelled);
        }
        if self.stopped() { None } else { self.line.next() }
    }

    fn stopped(&self) -> bool {
        self.summary.stop.is_some() || self.broken.is_some()
    }

    /// `None`: somebody moved the item meanwhile.
    fn claimed(&mut self, begun: Begun, moved: Moved) -> Option<Begun> {
        let Moved::Refused(refusal) = moved else { return Some(begun) };
        let reason = refusal.to_string();
        self.summary.held.push(HeldBack { item: begun.item.id, why: Why::Changed, reason });
        self.progress.spared(1);
        self.over(&begun.item, false);
        None
    }

    fn check_settled(&mut self, moved: &[Moved]) {
        for ((ticket, _), moved) in self.unsettled.iter().zip(moved) {
            if let Moved::Refused(refusal) = moved {
                let error = anyhow::anyhow!("queue item {} was moved while it was being sent: {refusal}", ticket.id);
                self.broken.get_or_insert(error);
            }
        }
    }

    /// Takes the outcome of a send into the summary; the next turn commits it.
    fn count(&mut self, item: &Item, sent: Sent) {
        let credentials = match sent {
            Sent::Credentials { status } => Some(status),
            _ => None,
        };
        let settled = settled(sent, item.state == ItemState::InDoubt);
        let accepted = matches!(settled, Settled::Sent { .. });
        // A refusal of the service is about this item alone, unless the person is not hired.
        let go_on = accepted || (matches!(settled, Settled::Failed { .. }) && item.kind.sets_state());
        let note = |reason: &String| Noted { item: item.id, reason: reason.clone() };
        match &settled {
            Settled::Sent { .. } | Settled::Confirmed { .. } => self.summary.sent.push(item.id),
            Settled::Failed { reason } => self.summary.failed.push(note(reason)),
            Settled::InDoubt { reason } => self.summary.in_doubt.push(note(reason)),
            Settled::NotSent { reason } => self.summary.not_sent.push(note(reason)),
        }
        self.unsettled.push((item.ticket().sending(), settled));
        self.over(item, go_on);
        if accepted {
            self.progress.answered();
            (self.canary, self.failures_in_a_row) = (false, 0);
        } else {
            self.progress.failed();
            self.failures_in_a_row += 1;
            self.stop_after_failure(credentials);
        }
    }

    fn stop_after_failure(&mut self, credentials: Option<u16>) {
        let reason = match credentials {
            // The greatest reason: what else failed, failed for the same one.
            Some(status) => return self.summary.stop = Some(Stop::Credentials(status)),
            None if *self.cancel.borrow() => Stop::Cancelled,
            None if self.canary => Stop::Canary,
            None if self.failures_in_a_row >= self.settings.consecutive_failures_max => {
                Stop::Failures(self.failures_in_a_row)
            }
            None => return,
        };
        self.summary.stop.get_or_insert(reason);
    }

    /// The employee's next item may go, or all of them wait.
    fn over(&mut self, item: &Item, go_on: bool) {
        for later in self.line.done(&item.employee_id, go_on) {
            self.progress.spared(1);
            let reason = format!("waits for item {}", item.id);
            self.summary.held.push(HeldBack { item: later.id, why: Why::Waits, reason });
        }
    }
}

impl Begun {
    fn intent(&self) -> Intent {
        Intent { ticket: self.item.ticket(), request_hash: self.request.payload().key() }
    }
}
