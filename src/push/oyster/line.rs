//! One push to Oyster, item by item. The intent of each is committed before its first byte goes out, what came of it
//! after; dropped at any point it leaves at most one item in `sending`, which the next push settles by reading.

use tokio::sync::watch;

use super::decide::{Answer, Before, Doubt, SeenEnrollment, after, before, doubt};
use super::look::{Refused, Said, look, send};
use crate::progress::Progress;
use crate::push::{HeldBack, Noted, Options, PushError, Stop, Summary, Why};
use tieout_corrections::oyster::{changes_text, moved, seen as shown, seen_state};
use tieout_model::correction::oyster::OysterChange;
use tieout_services::oyster::OysterWriter;
use tieout_store::{Item, Moved, PUSH, Settled, Store};

/// A push under way.
pub(super) struct OysterPush<'a> {
    pub store: &'a mut Store,
    /// Its reads and writes keep one limit.
    pub writer: &'a OysterWriter,
    pub options: &'a Options<'a>,
    pub cancel: &'a watch::Receiver<bool>,
    pub progress: &'a Progress,
    pub summary: Summary,
    pub failures_in_a_row: u32,
    /// Nothing was accepted yet, and the job wants that to be seen first.
    pub canary: bool,
}

/// What an item wants, and the state for which it was approved.
struct Wish {
    change: OysterChange,
    approved: String,
}

/// What came of one try at an item.
enum Tried {
    Over,
    /// Proved: not applied. The item is approved again, with one attempt more.
    NotSent {
        reason: String,
    },
}

impl Wish {
    fn of(item: &Item) -> Option<Wish> {
        Some(Wish { change: OysterChange::read(item.kind, &item.payload)?, approved: seen_state(&item.evidence)? })
    }
}

impl OysterPush<'_> {
    /// Reads what is in doubt: it arrived, it did not, or a person must find out.
    pub async fn settle_doubts(&mut self, items: Vec<Item>) -> Result<(), PushError> {
        for item in items {
            let verdict = match (self.stopped(), Wish::of(&item)) {
                (true, _) => Doubt::Stays("the push was stopped".to_owned()),
                (_, None) => Doubt::Stays("its body or evidence cannot be read".to_owned()),
                (_, Some(wish)) => match look(self.writer.reader(), &wish.change).await {
                    Ok(seen) => doubt(item.kind, &seen, &wish.approved),
                    Err(refused) => {
                        self.note_credentials(&refused);
                        Doubt::Stays(refused.reason)
                    }
                },
            };
            self.settle_doubt(&item, verdict)?;
        }
        Ok(())
    }

    fn settle_doubt(&mut self, item: &Item, verdict: Doubt) -> Result<(), PushError> {
        let (sent, reason) = match verdict {
            Doubt::Sent => (true, "read from Oyster: it is as it was wanted"),
            Doubt::NotSent => (false, "read from Oyster: it is as it was before"),
            Doubt::Stays(why) => {
                self.hold(item, Why::InDoubt, format!("in doubt ({why}): settle it with `tieout queue resolve`"));
                return Ok(());
            }
        };
        let now = (self.options.clock)();
        let moved = self.store.resolve(&item.ticket(), sent, PUSH, reason, now).map_err(PushError::Store)?;
        match moved {
            Moved::Done if sent => self.summary.sent.push(item.id),
            Moved::Done => {}
            Moved::Refused(refusal) => self.hold(item, Why::Changed, refusal.to_string()),
        }
        Ok(())
    }

    /// Sends until the end or a reason to stop.
    pub async fn send_all(&mut self, items: Vec<Item>) -> Result<(), PushError> {
        self.progress.planned(items.len() as u64);
        for item in items {
            if *self.cancel.borrow() {
                self.summary.stop.get_or_insert(Stop::Cancelled);
            }
            if self.stopped() {
                self.summary.left += 1;
                continue;
            }
            self.send_one(&item).await?;
        }
        self.progress.finish();
        Ok(())
    }

    fn stopped(&self) -> bool {
        self.summary.stop.is_some()
    }

    /// Each send of an item begins with a look and has a claim of its own.
    async fn send_one(&mut self, item: &Item) -> Result<(), PushError> {
        let mut item = item.clone();
        for faults in 1.. {
            match self.try_once(&item).await? {
                Tried::Over => break,
                Tried::NotSent { reason } => {
                    let again = !self.stopped() && item.kind.sets_state() && self.writer.rest_between(faults).await;
                    if !again {
                        self.summary.not_sent.push(Noted { item: item.id, reason });
                        self.failed();
                        break;
                    }
                    // The claim that was given back.
                    item.attempt += 1;
                }
            }
        }
        Ok(())
    }

    async fn try_once(&mut self, item: &Item) -> Result<Tried, PushError> {
        let Some(wish) = Wish::of(item) else {
            self.hold(item, Why::Changed, "its body or evidence cannot be read".to_owned());
            return Ok(Tried::Over);
        };
        let seen = match look(self.writer.reader(), &wish.change).await {
            Ok(seen) => seen,
            Err(refused) => {
                self.note_credentials(&refused);
                let reason = format!("Oyster could not be read first: {}", refused.reason);
                self.summary.not_sent.push(Noted { item: item.id, reason });
                self.failed();
                return Ok(Tried::Over);
            }
        };
        match before(item.kind, &seen, &wish.approved) {
            Before::Moved => self.withdraw(item, &seen).map(|()| Tried::Over),
            before => match (self.claim(item, &wish)?, before) {
                (false, _) => Ok(Tried::Over),
                (true, Before::Write) => self.write(item, &wish).await,
                (true, _) => {
                    let note = "already so at Oyster: nothing was sent".to_owned();
                    self.settle(item, Settled::Confirmed { note }, false)
                }
            },
        }
    }

    /// The item is over: approved again, it would only be found to have moved again.
    fn withdraw(&mut self, item: &Item, seen: &SeenEnrollment) -> Result<(), PushError> {
        let what = match shown(&item.evidence) {
            Some(shown) => changes_text(&moved(&shown, &seen.current)),
            None => seen.comparison.text(),
        };
        let what = if what.is_empty() { String::new() } else { format!(" ({what})") };
        let reason = format!("Oyster is not as it was when this was prepared{what}: prepare it again");
        let now = (self.options.clock)();
        let moved = self.store.withdraw_stale(&item.ticket(), PUSH, &reason, now).map_err(PushError::Store)?;
        self.progress.spared(1);
        match moved {
            Moved::Done => self.summary.moved.push(Noted { item: item.id, reason }),
            Moved::Refused(refusal) => self.hold(item, Why::Changed, refusal.to_string()),
        }
        Ok(())
    }

    /// The intent, on disk before a byte is sent; `false`: somebody moved the item meanwhile.
    fn claim(&mut self, item: &Item, wish: &Wish) -> Result<bool, PushError> {
        let (now, key) = ((self.options.clock)(), wish.change.key());
        let moved = self.store.claim(&item.ticket(), now, &key).map_err(PushError::Store)?;
        if let Moved::Refused(refusal) = moved {
            self.progress.spared(1);
            self.hold(item, Why::Changed, refusal.to_string());
            return Ok(false);
        }
        Ok(true)
    }

    async fn write(&mut self, item: &Item, wish: &Wish) -> Result<Tried, PushError> {
        let answer = match send(self.writer, &wish.change).await {
            Said::Settled(settled) => return self.settle(item, settled, true),
            Said::Credentials(status) => {
                self.summary.stop = Some(Stop::OysterCredentials(status));
                let reason = format!("Oyster refused the credentials (status {status})");
                return self.settle(item, Settled::NotSent { reason }, true);
            }
            Said::Accepted { status } => Answer::Accepted { status },
            Said::Unknown { reason } => Answer::Unknown { reason },
        };
        let read_back = look(self.writer.reader(), &wish.change).await;
        let read_back = read_back.as_ref().map_err(|refused| refused.reason.as_str());
        let settled = after(item.kind, &answer, read_back, &wish.approved);
        self.settle(item, settled, true)
    }

    /// Notes the outcome. `wrote`: something went out, so it tells how Oyster takes it.
    fn settle(&mut self, item: &Item, settled: Settled, wrote: bool) -> Result<Tried, PushError> {
        let now = (self.options.clock)();
        let moved = self.store.settle(&item.ticket().sending(), &settled, now).map_err(PushError::Store)?;
        if let Moved::Refused(refusal) = moved {
            let moved = anyhow::anyhow!("queue item {} was moved while it was being sent: {refusal}", item.id);
            return Err(PushError::Store(moved));
        }
        let note = |reason: String| Noted { item: item.id, reason };
        match settled {
            Settled::Sent { .. } | Settled::Confirmed { .. } => {
                self.summary.sent.push(item.id);
                self.progress.answered();
                if wrote {
                    (self.canary, self.failures_in_a_row) = (false, 0);
                }
                return Ok(Tried::Over);
            }
            Settled::Failed { reason } => self.summary.failed.push(note(reason)),
            Settled::InDoubt { reason } => self.summary.in_doubt.push(note(reason)),
            Settled::NotSent { reason } => return Ok(Tried::NotSent { reason }),
        }
        self.failed();
        Ok(Tried::Over)
    }

    fn failed(&mut self) {
        self.progress.failed();
        self.failures_in_a_row += 1;
        let most = self.options.settings.consecutive_failures_max;
        let stop = match () {
            () if *self.cancel.borrow() => Some(Stop::Cancelled),
            () if self.canary => Some(Stop::Canary),
            () if self.failures_in_a_row >= most => Some(Stop::Failures(self.failures_in_a_row)),
            () => None,
        };
        self.summary.stop = self.summary.stop.or(stop);
    }

    fn note_credentials(&mut self, refused: &Refused) {
        if let Some(status) = refused.credentials {
            self.summary.stop = Some(Stop::OysterCredentials(status));
        }
    }

    fn hold(&mut self, item: &Item, why: Why, reason: String) {
        self.summary.held.push(HeldBack { item: item.id, why, reason });
    }
}
