//! Text of one fault → the fault.

use std::time::Duration;

use crate::faults::{Fault, FaultKind, Selector};
use crate::form;

/// A delay longer than this is a typo: `hang` is there for ever.
const DELAY_MAX: Duration = Duration::from_secs(3_600);
const KINDS: &str =
    "status:CODE, slow:DURATION, hang, reset, cut, badjson, html, duprow, movingtotal, expire, deprecated or lost";
const SELECTORS: &str = "@N, @token, @token:N, @post, @post:N, @oyster, @oyster:N, @write, @write:N, @users, @user:ID, \
                         @benefits:ID, @employee:ID, @engagements or @engagement:ID";

/// One fault; the error names the part that is wrong.
pub fn fault(text: &str) -> Result<Fault, String> {
    let (mut share, mut times, mut main) = (None, None, None);
    for word in text.split_whitespace() {
        let earlier = if let Some(number) = word.strip_suffix('%') {
            share.replace(share_of(number, text)?).is_some()
        } else if let Some(number) = word.strip_prefix("times=") {
            times.replace(counted(number, text)?).is_some()
        } else {
            main.replace(word).is_some()
        };
        if earlier {
            return Err(format!("fault `{text}`: `{word}` is one too many; separate faults with `;`"));
        }
    }
    let main = main.ok_or_else(|| format!("fault `{text}`: names no kind; expected {KINDS}"))?;
    let (kind, selector) = match main.split_once('@') {
        Some((kind, selector)) => (kind, self::selector(selector, text)?),
        None if share.is_none() => {
            return Err(format!("fault `{text}`: says for no request; add a share such as `2%`, or {SELECTORS}"));
        }
        None => (main, Selector::Any),
    };
    Ok(Fault { kind: self::kind(kind, text)?, selector, share, times })
}

fn kind(word: &str, text: &str) -> Result<FaultKind, String> {
    let (name, argument) = match word.split_once(':') {
        Some((name, argument)) => (name, Some(argument)),
        None => (word, None),
    };
    match (name, argument) {
        ("status", Some(argument)) => status(argument, text),
        ("slow", Some(argument)) => delay(argument, text).map(FaultKind::Slow),
        ("hang", None) => Ok(FaultKind::Hang),
        ("reset", None) => Ok(FaultKind::Reset),
        ("cut", None) => Ok(FaultKind::Cut),
        ("badjson", None) => Ok(FaultKind::BadJson),
        ("html", None) => Ok(FaultKind::Html),
        ("duprow", None) => Ok(FaultKind::DupRow),
        ("movingtotal", None) => Ok(FaultKind::MovingTotal),
        ("expire", None) => Ok(FaultKind::Expire),
        ("deprecated", None) => Ok(FaultKind::Deprecated),
        ("lost", None) => Ok(FaultKind::Lost),
        _ => Err(format!("fault `{text}`: `{word}` is no kind; expected {KINDS}")),
    }
}

fn status(argument: &str, text: &str) -> Result<FaultKind, String> {
    let (code, retry_after) = match argument.split_once(':') {
        Some((code, seconds)) => (code, Some(number(seconds, text)?)),
        None => (argument, None),
    };
    match code.parse() {
        Ok(code @ 400..=599) => Ok(FaultKind::Status { code, retry_after }),
        _ => Err(format!("fault `{text}`: `{code}` is no error status; expected 400 to 599")),
    }
}

fn delay(argument: &str, text: &str) -> Result<Duration, String> {
    let found = match (argument.strip_suffix("ms"), argument.strip_suffix('s')) {
        (Some(amount), _) => amount.parse().ok().map(Duration::from_millis),
        (None, Some(amount)) => amount.parse().ok().map(Duration::from_secs),
        (None, None) => None,
    };
    found.filter(|delay| *delay <= DELAY_MAX).ok_or_else(|| {
        format!("fault `{text}`: `{argument}` is no delay; expected e.g. `200ms` or `2s`, an hour at most")
    })
}

fn selector(word: &str, text: &str) -> Result<Selector, String> {
    let wrong = || format!("fault `{text}`: `@{word}` selects nothing; expected {SELECTORS}");
    match word.split_once(':') {
        None => match word {
            "token" => Ok(Selector::Token(None)),
            "post" => Ok(Selector::Post(None)),
            "oyster" => Ok(Selector::Oyster(None)),
            "write" => Ok(Selector::Write(None)),
            "users" => Ok(Selector::Users),
            "engagements" => Ok(Selector::Engagements),
            number if number.starts_with(|c: char| c.is_ascii_digit()) => Ok(Selector::Index(counted(number, text)?)),
            _ => Err(wrong()),
        },
        Some(("token", number)) => Ok(Selector::Token(Some(counted(number, text)?))),
        Some(("post", number)) => Ok(Selector::Post(Some(counted(number, text)?))),
        Some(("oyster", number)) => Ok(Selector::Oyster(Some(counted(number, text)?))),
        Some(("write", number)) => Ok(Selector::Write(Some(counted(number, text)?))),
        Some((_, "")) => Err(wrong()),
        Some(("engagement", id)) => Ok(Selector::Engagement(form::decode(id))),
        Some(("user", id)) => Ok(Selector::User(form::decode(id))),
        Some(("benefits", id)) => Ok(Selector::Benefits(form::decode(id))),
        Some(("employee", id)) => Ok(Selector::Employee(form::decode(id))),
        Some(_) => Err(wrong()),
    }
}

fn number(digits: &str, text: &str) -> Result<u64, String> {
    digits.parse().map_err(|_| format!("fault `{text}`: `{digits}` is no whole number"))
}

/// Counts start at 1.
fn counted(digits: &str, text: &str) -> Result<u64, String> {
    match number(digits, text)? {
        0 => Err(format!("fault `{text}`: counts start at 1")),
        n => Ok(n),
    }
}

/// Percent with up to two decimals, above 0, as counts of 1/10,000.
fn share_of(percent: &str, text: &str) -> Result<u32, String> {
    let (whole, part) = percent.split_once('.').unwrap_or((percent, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let found = (!whole.is_empty() && part.len() <= 2 && digits(whole) && digits(part))
        .then(|| format!("{whole}{part:0<2}").parse().ok())
        .flatten();
    found
        .filter(|share| (1..=10_000).contains(share))
        .ok_or_else(|| format!("fault `{text}`: `{percent}%` is no share; expected 0.01% to 100%"))
}

#[cfg(test)]
mod tests {
    use super::super::Faults;
    use super::*;

    fn plain(kind: FaultKind, selector: Selector) -> Fault {
        Fault { kind, selector, share: None, times: None }
    }

    #[track_caller]
    fn check_one(text: &str, wanted: Fault) {
        assert_eq!(Faults::parse(text), Ok(Faults(vec![wanted])));
    }

    #[test]
    fn kinds_are_read_with_their_arguments() {
        let status = |code, retry_after| FaultKind::Status { code, retry_after };
        for (text, kind) in [
            ("status:503", status(503, None)),
            ("status:429:0", status(429, Some(0))),
            ("slow:200ms", FaultKind::Slow(Duration::from_millis(200))),
            ("slow:2s", FaultKind::Slow(Duration::from_secs(2))),
            ("hang", FaultKind::Hang),
            ("reset", FaultKind::Reset),
            ("cut", FaultKind::Cut),
            ("badjson", FaultKind::BadJson),
            ("html", FaultKind::Html),
            ("duprow", FaultKind::DupRow),
            ("movingtotal", FaultKind::MovingTotal),
            ("expire", FaultKind::Expire),
            ("deprecated", FaultKind::Deprecated),
            ("lost", FaultKind::Lost),
        ] {
            check_one(&format!("{text}@5"), plain(kind, Selector::Index(5)));
        }
    }

    #[test]
    fn selectors_are_read_and_ids_decoded() {
        for (text, selector) in [
            ("@1", Selector::Index(1)),
            ("@token", Selector::Token(None)),
            ("@token:2", Selector::Token(Some(2))),
            ("@post", Selector::Post(None)),
            ("@post:3", Selector::Post(Some(3))),
            ("@oyster", Selector::Oyster(None)),
            ("@oyster:4", Selector::Oyster(Some(4))),
            ("@write", Selector::Write(None)),
            ("@write:2", Selector::Write(Some(2))),
            ("@users", Selector::Users),
            ("@engagements", Selector::Engagements),
            ("@engagement:e%3B1", Selector::Engagement("e;1".into())),
            ("@user:u@1:x", Selector::User("u@1:x".into())),
            ("@benefits:u%3B1", Selector::Benefits("u;1".into())),
            ("@employee:00%20123", Selector::Employee("00 123".into())),
        ] {
            check_one(&format!(" hang{text} "), plain(FaultKind::Hang, selector));
        }
    }

    #[test]
    fn shares_and_times_stand_before_or_after() {
        let wanted = Fault { kind: FaultKind::Hang, selector: Selector::Any, share: Some(25), times: Some(3) };
        check_one("0.25% hang times=3", wanted.clone());
        check_one("times=3 hang 0.25%", wanted);
        check_one("100% lost@post", Fault { share: Some(10_000), ..plain(FaultKind::Lost, Selector::Post(None)) });
    }

    #[test]
    fn several_faults_and_none_at_all_are_read() {
        assert_eq!(Faults::parse("hang@1; reset@2;; cut@3;").map(|f| f.0.len()), Ok(3));
        assert_eq!(Faults::parse("  "), Ok(Faults::default()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, part) in [
            ("hang", "for no request"),
            ("@5", "`` is no kind"),
            ("2%", "names no kind"),
            ("hangs@5", "`hangs` is no kind"),
            ("status@5", "`status` is no kind"),
            ("hang:1@5", "`hang:1` is no kind"),
            ("status:200@5", "`200` is no error status"),
            ("status:429:x@5", "`x` is no whole number"),
            ("slow:2@5", "`2` is no delay"),
            ("slow:2h@5", "`2h` is no delay"),
            ("slow:3601s@5", "`3601s` is no delay"),
            ("hang@0", "start at 1"),
            ("hang@5x", "`5x` is no whole number"),
            ("hang@user", "`@user` selects nothing"),
            ("hang@user:", "`@user:` selects nothing"),
            ("hang@who:1", "`@who:1` selects nothing"),
            ("hang@5 reset@6", "`reset@6` is one too many"),
            ("0% hang", "`0%` is no share"),
            ("101% hang", "`101%` is no share"),
            ("1.234% hang", "`1.234%` is no share"),
            ("-1% hang", "`-1%` is no share"),
            ("hang@5 times=0", "start at 1"),
        ] {
            let error = Faults::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[ -~]{0,30}") {
            drop(Faults::parse(&text));
        }
    }
}
