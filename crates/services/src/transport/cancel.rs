//! The signal to end: looked at before each send and during each wait. A request in flight is not torn; its answer
//! still counts.

use std::time::Duration;

use tokio::sync::watch;

use crate::answer::error::ApiError;

/// The reading end of the signal; `true` means end.
#[derive(Clone, Debug)]
pub(crate) struct Cancel(watch::Receiver<bool>);

impl Cancel {
    pub fn new(signal: watch::Receiver<bool>) -> Self {
        Cancel(signal)
    }

    /// Waits for `work`, but no longer than until the signal; work that is ready at once is not begun after it. Only
    /// for work that may be dropped half-way.
    pub async fn unless<T>(&self, work: impl Future<Output = T>) -> Result<T, ApiError> {
        let mut signal = self.0.clone();
        let told = async {
            // A sender that is gone can no longer tell us to end.
            if signal.wait_for(|end| *end).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            () = told => Err(ApiError::Cancelled),
            done = work => Ok(done),
        }
    }

    /// Sleeps, unless told to end.
    pub async fn sleep(&self, time: Duration) -> Result<(), ApiError> {
        self.unless(tokio::time::sleep(time)).await
    }
}
