//! The only reader of environment variables and secret files. Values leave here as `SecretString`, which prints as
//! redacted; errors name the variable or the file, never what is in it.

#![expect(clippy::disallowed_methods, reason = "this is the only reader of the environment")]

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use secrecy::SecretString;

use tieout_services::settings::SecretRef;

/// Client id that the sandbox accepts.
const SANDBOX_CLIENT: &str = "sandbox-client";
/// Client secret that the sandbox accepts.
const SANDBOX_SECRET: &str = "sandbox-secret";
/// Benbase key that the sandbox accepts.
const SANDBOX_API_KEY: &str = "sandbox_sk_demo";
/// Far above any key; keeps a wrong path from filling the memory.
const SECRET_BYTES_MAX: u64 = 64 * 1024;
/// Where the machine lists its users.
const USERS: &str = "/etc/passwd";
/// Permission bits of group and others.
const NOT_OWNER_BITS: u32 = 0o077;

/// Reads a secret. `what` is its key in the job file, such as `benifex.client_secret`; it is named in errors and, in
/// a sandbox, decides between the sandbox's client id, API key and client secret.
pub fn resolve(reference: &SecretRef, what: &str) -> Result<SecretString> {
    match reference {
        SecretRef::Sandbox if what.ends_with("client_id") => Ok(SANDBOX_CLIENT.into()),
        SecretRef::Sandbox if what.ends_with("api_key") => Ok(SANDBOX_API_KEY.into()),
        SecretRef::Sandbox => Ok(SANDBOX_SECRET.into()),
        SecretRef::Env(name) => from_variable(name, what),
        SecretRef::File(path) => from_file(path, credentials_dir().as_deref(), what),
    }
}

/// The name a person works under here: `USER`, else `LOGNAME`, else `unknown`.
pub fn login_name() -> String {
    ["USER", "LOGNAME"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Whoever runs this process, as the machine knows them: names that are typed can be anybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The user's name here; blank: the uid has none.
    pub login: String,
    pub uid: u32,
}

impl Operator {
    pub fn of_process() -> Operator {
        let uid = rustix::process::getuid().as_raw();
        let users = std::fs::read_to_string(USERS).unwrap_or_default();
        Operator { login: login_of(uid, &users).unwrap_or_default().to_owned(), uid }
    }

    /// Whether the login is theirs: by its name or, for users that another service knows, by its number.
    pub fn is(&self, login: &str) -> bool {
        (!self.login.is_empty() && self.login == login) || login.parse() == Ok(self.uid)
    }
}

impl std::fmt::Display for Operator {
    /// `login ana, uid 1000`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.login.as_str() {
            "" => write!(f, "uid {}", self.uid),
            login => write!(f, "login {login}, uid {}", self.uid),
        }
    }
}

/// `name:password:uid:…`.
fn login_of(uid: u32, users: &str) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then_some(name)
    })
}

/// Whether `NO_COLOR` is set to anything (no-color.org), or the terminal knows no colours.
pub fn no_color() -> bool {
    forbids_color(env::var_os("NO_COLOR").as_deref(), env::var_os("TERM").as_deref())
}

fn forbids_color(no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    no_color.is_some_and(|value| !value.is_empty()) || is_dumb(term)
}

/// Whether the terminal prints what would move its cursor.
pub fn is_dumb_terminal() -> bool {
    is_dumb(env::var_os("TERM").as_deref())
}

fn is_dumb(term: Option<&OsStr>) -> bool {
    term.is_some_and(|kind| kind == "dumb")
}

/// Where the user's programs keep what they remember (XDG base directories): `XDG_STATE_HOME`, else under `HOME`.
pub fn user_state_dir() -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|dir| dir.is_absolute());
    absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")))
}

/// Where systemd puts the credentials of a service.
fn credentials_dir() -> Option<PathBuf> {
    env::var_os("CREDENTIALS_DIRECTORY").filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

fn from_variable(name: &str, what: &str) -> Result<SecretString> {
    let place = format!("the environment variable {name}");
    // Neither error of `env::var` may be passed on: the one of a text that is no UTF-8 repeats it.
    match env::var_os(name).map(|value| value.into_string()) {
        None => bail!("reading {what}: {place} is not set; set it or change the reference in the job file"),
        Some(Err(_)) => bail!("reading {what}: {place} is not UTF-8"),
        Some(Ok(text)) => checked(text, &place, what),
    }
}

/// Relative paths resolve in the credentials folder when there is one, else in the working directory.
fn from_file(path: &Path, credentials_dir: Option<&Path>, what: &str) -> Result<SecretString> {
    let path = credentials_dir.map_or_else(|| path.to_owned(), |dir| dir.join(path));
    let place = format!("the secret file {}", path.display());
    let file = File::open(&path)
        .with_context(|| format!("reading {what}: {place} cannot be opened; create it or change the job file"))?;
    let size = file.metadata().with_context(|| format!("reading {what}: {place} has no size"))?;
    if !size.is_file() {
        bail!("reading {what}: {place} is not a file");
    }
    warn_if_shared(&size, &path, what);
    let mut text = String::new();
    if file.take(SECRET_BYTES_MAX + 1).read_to_string(&mut text).is_err() {
        bail!("reading {what}: {place} cannot be read, or is not UTF-8");
    }
    if text.len() as u64 > SECRET_BYTES_MAX {
        bail!("reading {what}: {place} is larger than {SECRET_BYTES_MAX} bytes, so it is no secret");
    }
    checked(text, &place, what)
}

#[cfg(unix)]
fn warn_if_shared(metadata: &std::fs::Metadata, path: &Path, what: &str) {
    use std::os::unix::fs::PermissionsExt;

    let mode = metadata.permissions().mode();
    if mode & NOT_OWNER_BITS != 0 {
        tracing::warn!(secret = what, file = %path.display(), mode = format!("{:o}", mode & 0o777),
            "the secret file is open to other users; chmod 600 closes it");
    }
}

#[cfg(not(unix))]
fn warn_if_shared(_: &std::fs::Metadata, _: &Path, _: &str) {}

/// Takes off the one newline that editors and `echo` leave; what else is blank is part of the secret or a mistake.
fn checked(text: String, place: &str, what: &str) -> Result<SecretString> {
    let body = text.strip_suffix('\n').map_or(text.as_str(), |body| body.strip_suffix('\r').unwrap_or(body));
    if body.trim().is_empty() {
        bail!("reading {what}: {place} is empty");
    }
    if body.contains(['\n', '\r', '\0']) {
        bail!("reading {what}: {place} has more than one line");
    }
    Ok(body.into())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use secrecy::ExposeSecret;

    use super::*;

    #[track_caller]
    fn check_file(content: &[u8], expected: Result<&str, &str>) {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("key"), content).expect("a file");
        match (from_file(Path::new("key"), Some(dir.path()), "benbase.api_key"), expected) {
            (Ok(secret), Ok(expected)) => assert_eq!(secret.expose_secret(), expected),
            (Err(error), Err(reason)) => {
                let text = format!("{error:#}");
                assert!(text.contains(reason) && text.contains("benbase.api_key"), "{text}");
                assert!(!text.contains("hush"), "{text}");
            }
            (found, _) => panic!("expected {expected:?}, found {found:?}"),
        }
    }

    #[test]
    fn colours_are_for_terminals_that_know_them_and_people_who_want_them() {
        let forbids =
            |no_color: Option<&str>, term: Option<&str>| forbids_color(no_color.map(OsStr::new), term.map(OsStr::new));
        assert!(forbids(Some("1"), Some("xterm")) && forbids(None, Some("dumb")) && forbids(Some(""), Some("dumb")));
        assert!(!forbids(None, Some("xterm-256color")) && !forbids(Some(""), None));
    }

    #[test]
    fn a_secret_file_loses_one_newline_and_nothing_else() {
        check_file(b"hush\n", Ok("hush"));
        check_file(b"hush\r\n", Ok("hush"));
        check_file(b" hush ", Ok(" hush "));
    }

    #[test]
    fn a_file_that_is_no_secret_is_refused_without_its_content() {
        check_file(b"", Err("is empty"));
        check_file(b" \n", Err("is empty"));
        check_file(b"hush\nhush\n", Err("more than one line"));
        check_file(b"hush\xff", Err("not UTF-8"));
        check_file(&[b'a'; 70_000], Err("larger than 65536 bytes"));
    }

    #[test]
    fn a_missing_secret_names_the_file_or_the_variable() {
        let missing = SecretRef::File("/nowhere/key".into());
        let error = resolve(&missing, "benifex.client_secret").expect_err("no such file");
        assert!(format!("{error:#}").contains("/nowhere/key"), "{error:#}");
        let missing = SecretRef::Env("TIEOUT_TEST_NEVER_SET".into());
        let error = resolve(&missing, "benifex.client_secret").expect_err("no such variable");
        assert!(format!("{error:#}").contains("TIEOUT_TEST_NEVER_SET is not set"), "{error:#}");
    }

    #[test]
    fn the_sandbox_has_fixed_words() {
        let word = |what| resolve(&SecretRef::Sandbox, what).expect("fixed").expose_secret().to_owned();
        assert_eq!(word("benifex.client_id"), "sandbox-client");
        assert_eq!(word("benifex.client_secret"), "sandbox-secret");
        assert_eq!(word("benbase.api_key"), "sandbox_sk_demo");
    }

    #[test]
    fn a_secret_prints_as_redacted() {
        let secret = checked("hush".to_owned(), "here", "it").expect("a secret");
        assert!(!format!("{secret:?}").contains("hush"));
    }
}
