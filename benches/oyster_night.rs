//! The calls of a second night over 10,000 engagements of which 1 % changed, counted by the service, against the least
//! possible: the pages of the list, and of each changed engagement two parts where these say everything, or three where
//! the enrollment of dependants leaves their highest number to the provisioning, as in the service's own sample.
//!
//!     cargo bench --bench oyster_night

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tieout_sandbox::RateWindow;
use tieout_sandbox::{CLIENT_ID, CLIENT_SECRET, Running, Settings};

const ENGAGEMENTS: usize = 10_000;
const CHANGED: usize = 100;
const PAGE: usize = 100;
const UNLIMITED: RateWindow = RateWindow { calls: 1_000_000, per: Duration::from_secs(1) };

/// A world, a job that reads it from a running sandbox, and the job's state.
struct Site {
    dir: tempfile::TempDir,
    running: Running,
    served: tokio::runtime::Runtime,
}

/// What one night took.
struct Night {
    calls: u64,
    took: Duration,
}

fn main() -> Result<(), Box<dyn Error>> {
    // The HTTP client wants it, although nothing here is encrypted.
    tieout_services::install_tls();
    for shape in [Shape::TwoParts, Shape::ThreeParts] {
        measure(shape)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
fn measure(shape: Shape) -> Result<(), Box<dyn Error>> {
    let site = Site::new(shape)?;
    let first = site.night("2026-04-02")?;
    for n in 0..CHANGED {
        site.touch(shape, n * (ENGAGEMENTS / CHANGED))?;
    }
    let second = site.night("2026-04-03")?;
    let least = |changed: usize| (ENGAGEMENTS.div_ceil(PAGE) + shape.parts() * changed) as u64;
    println!("{ENGAGEMENTS} engagements, {} parts        calls   least   seconds", shape.parts());
    for (name, night, changed) in [("first night", first, ENGAGEMENTS), ("second, 1 % changed", second, CHANGED)] {
        println!("{name:<31} {:>8} {:>7} {:>9.1}", night.calls, least(changed), night.took.as_secs_f32());
        if night.calls != least(changed) {
            return Err(format!("{name}: {} calls, {} would do", night.calls, least(changed)).into());
        }
    }
    Ok(())
}

/// What the details of an engagement leave open.
#[derive(Clone, Copy)]
enum Shape {
    /// Nothing after enrollments and offerings.
    TwoParts,
    /// The highest number of dependants, which the provisioning has.
    ThreeParts,
}

impl Shape {
    fn parts(self) -> usize {
        match self {
            Shape::TwoParts => 2,
            Shape::ThreeParts => 3,
        }
    }

    /// The states before and after the change. What is over leaves nothing open.
    fn states(self) -> [&'static str; 2] {
        match self {
            Shape::TwoParts => ["ENROLLED", "FINISHED"],
            Shape::ThreeParts => ["IN_PROGRESS", "ENROLLED"],
        }
    }

    fn contribution(self) -> &'static str {
        match self {
            Shape::TwoParts => r#"{"teamMember":100}"#,
            Shape::ThreeParts => r#"{"teamMember":55.5,"dependents":25.2}"#,
        }
    }
}

impl Site {
    fn new(shape: Shape) -> Result<Site, Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        write_world(&dir.path().join("world"), shape)?;
        fs::write(dir.path().join("payroll.csv"), "id,med,oyh\n1,10.00,\n")?;
        fs::write(dir.path().join("client"), CLIENT_ID)?;
        fs::write(dir.path().join("secret"), CLIENT_SECRET)?;
        // The sandbox has a thread of its own, as another process would.
        let served = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let mut settings = Settings::for_world(dir.path().join("world"));
        settings.oyster_limits = vec![UNLIMITED];
        let running = served.block_on(tieout_sandbox::start(settings))?;
        let site = Site { dir, running, served };
        fs::write(site.path("job.toml"), site.job_text())?;
        Ok(site)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn job_text(&self) -> String {
        let [state, reports, payroll, client, secret] =
            ["state", "reports", "payroll.csv", "client", "secret"].map(|name| self.path(name));
        let running = &self.running;
        let (base_url, token_url) = (running.base_url(), running.token_url());
        let (oyster_url, oyster_token_url) = (running.oyster_url(), running.oyster_token_url());
        format!(
            r#"name = "oyster"
state_dir = {state:?}
[payroll]
file = {payroll:?}
currency = "USD"
wide = [{{ code = "MED", employee = "med" }}, {{ code = "OYH", employee = "oyh" }}]
columns = {{ employee_id = "id" }}
period = {{ start = "2026-03-16", end = "2026-03-31" }}
[deductions]
codes = {{ MED = "_Medical", OYH = "_OysterHealth" }}
[benifex]
base_url = {base_url:?}
token_url = {token_url:?}
client_id = {{ file = {client:?} }}
client_secret = {{ file = {secret:?} }}
benefit_status = {{ ACTIVE = "live" }}
[oyster]
base_url = {oyster_url:?}
token_url = {oyster_token_url:?}
client_id = {{ file = {client:?} }}
client_secret = {{ file = {secret:?} }}
plans = {{ p1 = "_OysterHealth" }}
[oyster.http]
windows = [{{ calls = 1000000, per = "1 s" }}]
concurrency = 32
[report]
dir = {reports:?}
"#
        )
    }

    fn night(&self, as_of: &str) -> Result<Night, Box<dyn Error>> {
        let (before, begun) = (self.running.counts().oyster.calls, Instant::now());
        let status = Command::new(env!("CARGO_BIN_EXE_tieout"))
            .args(["run", "--as-of", as_of])
            .arg(self.path("job.toml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        let took = begun.elapsed();
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(format!("the night of {as_of} ended with {status}").into());
        }
        Ok(Night { calls: self.running.counts().oyster.calls - before, took })
    }

    /// Moves the enrollment of one engagement on.
    fn touch(&self, shape: Shape, engagement: usize) -> Result<(), Box<dyn Error>> {
        let [_, state] = shape.states();
        let url = format!("{}/sandbox/advance?engagement=e{engagement:05}&state={state}", self.running.base_url());
        self.served.block_on(async { reqwest::Client::new().post(url).send().await?.error_for_status() })?;
        Ok(())
    }
}

fn write_world(world: &Path, shape: Shape) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(world.join("benifex"))?;
    fs::create_dir_all(world.join("oyster"))?;
    fs::write(world.join("benifex/users.ndjson"), "{\"id\":\"u-1\",\"employment\":{\"employeeId\":\"1\"}}\n")?;
    let [mut engagements, mut enrollments, mut offerings, mut provisioning] = [const { String::new() }; 4];
    let ([state, _], contribution) = (shape.states(), shape.contribution());
    for n in 0..ENGAGEMENTS {
        engagements += &format!(
            r#"{{"engagementId":"e{n:05}","modifiedAt":"2026-03-01T10:00:00Z","engagementType":"EMPLOYMENT","state":"IN_PROGRESS","benefitEnrollments":[{{"benefitEnrollmentId":"n{n}","name":"Standard","state":"{state}"}}]}}"#
        );
        enrollments += &format!(
            r#"{{"engagementId":"e{n:05}","data":[{{"id":"n{n}","plan":{{"id":"p1","category":"HEALTH"}},"state":"{state}","employerContribution":{contribution}}}]}}"#
        );
        provisioning += &format!(
            r#"{{"engagementId":"e{n:05}","data":{{"supplementary":{{"enrollments":[{{"id":"n{n}","plan":{{"id":"p1"}},"state":"{state}","employerContribution":{{"teamMember":0.55,"maxDependentsCovered":4}}}}]}},"packaged":{{"enrollments":[]}}}}}}"#
        );
        offerings += &format!(
            r#"{{"engagementId":"e{n:05}","data":{{"supplementary":{{"plans":[{{"id":"p1","category":"HEALTH","estimatedPrice":{{"decimal":"70.0","currencyCode":"EUR"}}}}]}},"packages":[]}}}}"#
        );
        for text in [&mut engagements, &mut enrollments, &mut offerings, &mut provisioning] {
            text.push('\n');
        }
    }
    let files = [("engagements", engagements), ("enrollments", enrollments), ("offerings", offerings)];
    for (name, text) in files.into_iter().chain([("provisioning", provisioning)]) {
        fs::write(world.join(format!("oyster/{name}.ndjson")), text)?;
    }
    Ok(())
}
