//! An extraction from beginning to end: Benifex alone, or Oyster beside it. Each service has its own line of questions
//! and its own limit; both share one extraction in the database.

use std::cell::RefCell;
use std::collections::BTreeSet;

use tokio::sync::watch;

use super::benifex::BenifexInquiry;
use super::employees::Extracted;
use super::line::{Asked, Desk, Stop, ask_all};
use super::oyster::{OysterExtracted, OysterInquiry, OysterNight};
use super::{CallBuffer, plan};
use crate::progress::Progress;
use tieout_model::ids::PayrollId;
use tieout_services::benifex::BenifexClient;
use tieout_services::settings;
use tieout_services::{ApiError, Clock};
use tieout_store::Store;

/// Version of what checkpoints hold; it rises when a record gets a field.
const CHECKPOINT_VERSION: &str = "1";

/// Why an extraction has no result. What was answered is kept, and the next run takes it up.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// A command exits 4.
    #[error("Benifex refused the credentials; check client_id and client_secret of the job and what they may read")]
    Credentials(#[source] ApiError),
    #[error(
        "no user of the first batch has benefits at this path (404 or 410 for each): set benefits_prefix in [benifex] to \
         \"/v2\", or to \"\" where it is \"/v2\" already"
    )]
    WrongPrefix,
    /// A command exits 4.
    #[error("Oyster refused the credentials; check the [oyster] section of the job, its scope and its customer_id")]
    OysterCredentials(#[source] ApiError),
    #[error(
        "none of the first {asked} engagements could be read (404 for each): check scope and customer_id in [oyster] of the \
         job; the service answers 404 for what the credentials may not see"
    )]
    NoEngagement { asked: usize },
    /// A command exits 4.
    #[error(
        "none of the first {asked} {records} may be read (403): check what the credentials of {service} in the job may read"
    )]
    Forbidden { service: &'static str, records: &'static str, asked: usize },
    #[error("the extraction was stopped; {answers} answers are kept for the next run")]
    Interrupted { answers: u64 },
    #[error("the answers could not be kept")]
    Store(#[source] anyhow::Error),
}

/// How to extract.
#[derive(Clone)]
pub struct Options {
    /// Answers of an interrupted run are not taken up.
    pub fresh: bool,
    /// Questions under way at a time.
    pub concurrency: usize,
    /// Upper and lower case of an employee id are the same.
    pub fold_id_case: bool,
    /// Employee ids to ask for first: open findings, then payroll.
    pub riskiest: BTreeSet<PayrollId>,
    /// Identity of the connections: answers of others are not taken up. See [`Options::connection`].
    pub connection: String,
    /// Records of the client's calls, to be committed with the answers.
    pub calls: CallBuffer,
    pub clock: Clock,
}

impl Options {
    /// What makes answers of one connection useless for another. `credentials`: a hash of who asks, for not everybody
    /// may see the same people.
    pub fn connection(
        settings: &settings::BenifexAccess,
        oyster: Option<&settings::OysterAccess>,
        credentials: &str,
    ) -> String {
        let (style, placeholders) =
            (format!("{:?}", settings.employee_ids_style), format!("{:?}", settings.placeholder_dates));
        let layouts = settings.date_layouts.iter().flat_map(|(written, layout)| [written.as_str(), &layout.written]);
        let fixed =
            [CHECKPOINT_VERSION, &settings.base_url, &settings.benefits_prefix, &style, &placeholders, credentials];
        let benifex = plan::hash(fixed.into_iter().chain(layouts));
        match oyster {
            None => benifex,
            Some(oyster) => plan::hash([benifex.as_str(), &super::oyster::connection(oyster)]),
        }
    }

    fn desk<'a>(
        &'a self,
        store: &'a RefCell<&'a mut Store>,
        extraction: i64,
        progress: &'a Progress,
        concurrency: usize,
    ) -> Desk<'a> {
        Desk { store, extraction, calls: &self.calls, clock: &self.clock, progress, concurrency }
    }
}

/// Fetches everybody of `population` (sorted, each once). One failed employee does not keep the others.
pub async fn extract(
    client: &BenifexClient,
    store: &mut Store,
    population: &[String],
    options: &Options,
    progress: &Progress,
) -> Result<Extracted, ExtractError> {
    let begun =
        store.begin_extraction(&options.connection, (options.clock)(), options.fresh).map_err(ExtractError::Store)?;
    let store = RefCell::new(store);
    let desk = options.desk(&store, begun.extraction, progress, options.concurrency);
    let mut inquiry = BenifexInquiry::new(population, options.fold_id_case);
    let first = inquiry.first(client, population, options);
    let asked = ask_all(&mut inquiry, client, &desk, first).await.map_err(ExtractError::Store)?;
    let resumed = sound(asked, begun.answers, 0)?;
    Ok(inquiry.finish(begun.extraction, resumed))
}

/// The same, and everything that the night needs of Oyster, side by side. `stop` ends the calls of one service when the
/// other has failed.
pub async fn extract_both(
    client: &BenifexClient,
    night: &OysterNight<'_>,
    store: &mut Store,
    population: &[String],
    options: &Options,
    progress: &Progress,
    stop: &watch::Sender<bool>,
) -> Result<(Extracted, OysterExtracted), ExtractError> {
    let begun =
        store.begin_extraction(&options.connection, (options.clock)(), options.fresh).map_err(ExtractError::Store)?;
    let store = RefCell::new(store);
    let desk = options.desk(&store, begun.extraction, progress, options.concurrency);
    let oyster_desk = options.desk(&store, begun.extraction, night.progress, night.settings.http.concurrency);
    let mut inquiry = BenifexInquiry::new(population, options.fold_id_case);
    let first = inquiry.first(client, population, options);
    let mut oyster = OysterInquiry::new(night, options.fresh, (options.clock)());
    let (benifex_asked, oyster_asked) = futures_util::future::join(
        stopping(ask_all(&mut inquiry, client, &desk, first), stop),
        stopping(ask_all(&mut oyster, night.client, &oyster_desk, OysterInquiry::first()), stop),
    )
    .await;
    let (benifex_asked, oyster_asked) =
        (benifex_asked.map_err(ExtractError::Store)?, oyster_asked.map_err(ExtractError::Store)?);
    let (benifex_answers, oyster_answers) = (benifex_asked.answers, oyster_asked.answers);
    let (one, other) =
        (sound(benifex_asked, begun.answers, oyster_answers), sound(oyster_asked, begun.answers, benifex_answers));
    match (one, other) {
        (Ok(resumed), Ok(oyster_resumed)) => {
            Ok((inquiry.finish(begun.extraction, resumed), oyster.finish(oyster_resumed)))
        }
        // One failed, and the other was stopped because of it.
        (Err(ExtractError::Interrupted { .. }), Err(error)) | (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// Tells the other service to end as soon as this one will have no result.
async fn stopping(
    asking: impl Future<Output = anyhow::Result<Asked>>,
    stop: &watch::Sender<bool>,
) -> anyhow::Result<Asked> {
    let asked = asking.await;
    if asked.as_ref().is_ok_and(|asked| asked.stop.is_none()) {
        return asked;
    }
    stop.send_replace(true);
    asked
}

/// The answers taken over, unless the service was not asked to the end.
fn sound(asked: Asked, before: u64, beside: u64) -> Result<u64, ExtractError> {
    match asked.stop {
        None => Ok(asked.resumed),
        Some(Stop::Failed(error)) => Err(error),
        Some(Stop::Cancelled) => Err(ExtractError::Interrupted { answers: before + asked.answers + beside }),
    }
}
