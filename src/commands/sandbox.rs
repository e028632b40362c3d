//! `tieout sandbox`: serves a world until it is told to stop.

use std::io::{self, Write};
use std::time::Duration;

use anyhow::Context;
use chrono::Utc;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::SandboxArgs;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_sandbox as sandbox;
use tieout_sandbox::{Faults, RateWindow, Running, Settings};

/// Serves the world until Ctrl-C or SIGTERM; both end it well. URLs and credentials go to stdout.
pub fn run(args: &SandboxArgs) -> Outcome {
    let settings = settings(args).map_err(Failure::input)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("sandbox: cannot start the asynchronous runtime")
        .map_err(Failure::bug)?;
    runtime.block_on(serve(settings)).map_err(Failure::input)?;
    Ok(Exit::Done)
}

#[expect(clippy::disallowed_methods, reason = "commands/ is the place that asks the clock")]
fn settings(args: &SandboxArgs) -> anyhow::Result<Settings> {
    anyhow::ensure!(
        args.calls > 0,
        "sandbox: the limit must let at least one call in; expected `--calls` of 1 or more"
    );
    anyhow::ensure!(args.per > 0, "sandbox: the window must last; expected `--per` of 1 second or more");
    let window = |calls, seconds| RateWindow { calls, per: Duration::from_secs(seconds) };
    let mut settings = Settings::for_world(&args.world);
    settings.limit = window(args.calls, args.per);
    if !args.oyster_limit.is_empty() {
        settings.oyster_limits = args.oyster_limit.iter().map(|(calls, seconds)| window(*calls, *seconds)).collect();
    }
    settings.faults = Faults::parse(args.faults.as_deref().unwrap_or_default()).map_err(anyhow::Error::msg)?;
    settings.journal = args.journal.clone();
    settings.listen = args.listen.unwrap_or(settings.listen);
    settings.epoch = Utc::now();
    Ok(settings)
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    // Before the announcement: whoever reads it may send a signal at once.
    let mut terminate = signal(SignalKind::terminate()).context("sandbox: cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("sandbox: cannot listen for Ctrl-C")?;
    let (limit, oyster) = (settings.limit, settings.oyster_limits.clone());
    let running = sandbox::start(settings).await?;
    announce(&running, limit, &oyster).context("sandbox: cannot write to stdout")?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    running.stop().await;
    Ok(())
}

fn announce(running: &Running, limit: RateWindow, oyster: &[RateWindow]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "Benifex        {}", running.base_url())?;
    writeln!(out, "  token        {}", running.token_url())?;
    writeln!(out, "  client id    {}", sandbox::CLIENT_ID)?;
    writeln!(out, "  secret       {}", sandbox::CLIENT_SECRET)?;
    writeln!(out, "  limit        {} calls in any {} s", limit.calls, limit.per.as_secs())?;
    writeln!(out, "Benbase        {}", running.benbase_url())?;
    writeln!(out, "  key          {}", sandbox::API_KEY)?;
    writeln!(out, "Oyster         {}", running.oyster_url())?;
    writeln!(out, "  token        {}", running.oyster_token_url())?;
    for limit in oyster {
        writeln!(out, "  limit        {} calls in any {} s", limit.calls, limit.per.as_secs())?;
    }
    writeln!(out, "Stop with Ctrl-C.")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(faults: Option<&str>, calls: usize, per: u64, part: &str) {
        let faults = faults.map(str::to_owned);
        let (world, listen, oyster_limit, journal) = ("/nowhere".into(), None, Vec::new(), None);
        let failure = run(&SandboxArgs { world, listen, faults, calls, per, oyster_limit, journal }).unwrap_err();
        assert_eq!(failure.exit, Exit::Input);
        assert!(failure.to_string().contains(part), "{failure}");
    }

    #[test]
    fn wrong_arguments_are_refused_before_anything_listens() {
        check_refused(None, 0, 60, "--calls");
        check_refused(None, 100, 0, "--per");
        check_refused(Some("explode@1"), 100, 60, "`explode` is no kind");
        check_refused(None, 100, 60, "no world at /nowhere");
    }
}
