//! A machine whose clock is behind: the `Date` of the services' answers tells.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Days, Utc};

use crate::support::{Site, made, point_at, sandbox, shown};

const JOB: &str = "made/http.toml";
const HTTP: &str = "windows = [{ calls = 100000, per = \"1 s\" }]\nconcurrency = 4";
/// By how much the services are ahead.
const AHEAD: Duration = Duration::from_secs(2 * 3_600);
const DATE: &[u8] = b"date: ";
/// `Sun, 06 Nov 1994 08:49:37 GMT`.
const DATE_CHARS: usize = 29;
const PIECE_BYTES: usize = 64 * 1024;

#[expect(clippy::disallowed_methods, reason = "the binary asks the machine's clock too")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Passes on what is sent to `port`, and dates the answers as a server does whose clock is ahead; gives its own port.
fn dated_ahead(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let own = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { return };
            let (from, to) = (client.try_clone().expect("a stream"), server.try_clone().expect("a stream"));
            thread::spawn(move || pass_on(from, to, |_| ()));
            thread::spawn(move || pass_on(server, client, date_ahead));
        }
    });
    own
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, change: fn(&mut [u8])) {
    let mut piece = vec![0; PIECE_BYTES];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        change(&mut piece[..length]);
        if to.write_all(&piece[..length]).is_err() {
            return;
        }
    }
}

fn date_ahead(piece: &mut [u8]) {
    if let Some(at) = piece.windows(DATE.len()).position(|text| text == DATE) {
        let date = (now() + AHEAD).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        piece[at + DATE.len()..][..DATE_CHARS].copy_from_slice(date.as_bytes());
    }
}

/// Moves the pay periods of the generated file to the days before today, so that the file is no old one.
fn paid_lately(site: &Site) {
    let today = now().date_naive();
    let (start, end) = (today - Days::new(40), today - Days::new(10));
    for (days, day) in
        [(["2026-03-01", "2026-03-15", "2026-03-16"], start), (["2026-03-28", "2026-03-31", "2026-04-03"], end)]
    {
        for from in days {
            site.edit("made/payroll.csv", from, &day.to_string());
        }
    }
}

fn first_seen(site: &Site) -> Vec<String> {
    let connection = rusqlite::Connection::open(site.path("made/state/tieout.db")).expect("opens");
    let mut statement = connection.prepare("SELECT DISTINCT first_seen FROM finding").expect("a query");
    statement.query_map([], |row| row.get(0)).expect("reads").map(|day| day.expect("a day")).collect()
}

#[test]
fn a_clock_that_is_behind_that_of_the_services_is_told_and_rewrites_no_earlier_night() {
    let site = made("60", "11");
    let (_runtime, running) = sandbox(&site, |_| ());
    point_at(&site, &running, JOB, HTTP);
    // These two zones never have the same day, so the second night is one of the day before.
    site.edit(JOB, "\nzone = \"UTC\"", "\nzone = \"Pacific/Kiritimati\"");
    paid_lately(&site);
    let first = site.run(&["run", JOB]);
    assert!(matches!(first.status.code(), Some(0 | 1 | 3)), "{}", shown(&first));
    assert!(!shown(&first).contains("the clock of this machine"), "{}", shown(&first));
    let before = first_seen(&site);
    assert_eq!(before.len(), 1, "{before:?}");
    let port = running.base_url().rsplit(':').next().and_then(|rest| rest.split('/').next()?.parse().ok());
    let port: u16 = port.expect("a port");
    site.edit(JOB, &format!(":{port}"), &format!(":{}", dated_ahead(port)));
    site.edit(JOB, "Pacific/Kiritimati", "Pacific/Pago_Pago");
    let second = site.run(&["run", JOB]);
    let said = shown(&second);
    assert_eq!(said.matches("the clock of this machine is 120 min behind").count(), 1, "{said}");
    assert_eq!(first_seen(&site), before, "{said}");
}
