//! Servers that are not there, and those that are there and not to be trusted. The certificate and key beside this file
//! are for `localhost`, signed by nobody, and prove nothing.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;
use crate::ApiError;
use crate::install_tls;

const CERTIFICATE: &[u8] = include_bytes!("localhost/certificate.pem");
const KEY: &[u8] = include_bytes!("localhost/key.der");

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n\
                        {\"access_token\":\"t\",\"data\":{\"id\":\"u1\"}}";
/// The alert of TLS that says: protocol version.
const OTHER_VERSION: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46";

/// Serves each connection by `serve`; gives the port and how many came.
fn listen(serve: impl Fn(TcpStream) + Send + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let (port, came) = (listener.local_addr().expect("bound").port(), Arc::new(AtomicUsize::new(0)));
    std::thread::spawn({
        let came = came.clone();
        move || {
            for stream in listener.incoming() {
                came.fetch_add(1, Ordering::Relaxed);
                serve(stream.expect("accepts"));
            }
        }
    });
    (port, came)
}

/// A token or a user over TLS.
fn over_tls() -> impl Fn(TcpStream) + Send + 'static {
    install_tls();
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("PEM");
    let key = PrivateKeyDer::Pkcs8(KEY.to_vec().into());
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
    let config = Arc::new(config.expect("a pair"));
    move |mut stream| {
        let mut tls = rustls::ServerConnection::new(config.clone()).expect("sound");
        let mut tls = rustls::Stream::new(&mut tls, &mut stream);
        // A client that trusts nobody is gone by now.
        if tls.read(&mut [0; 4_096]).is_ok() {
            let _ = tls.write_all(ANSWER);
            tls.conn.send_close_notify();
            let _ = tls.flush();
        }
    }
}

fn client(host: &str, port: u16, ca_file: Option<PathBuf>) -> Wired {
    let url = format!("https://{host}:{port}");
    let mut settings = settings(&url, &format!("{url}/token"));
    settings.http.ca_file = ca_file;
    wired(&settings, "id", "secret")
}

#[track_caller]
fn check_untrusted(error: &ApiError, words: &str) {
    let ApiError::Token(inner) = error else { panic!("{error}") };
    assert!(matches!(**inner, ApiError::Untrusted { .. }), "{error}");
    assert!(error.is_away() && error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn a_certificate_of_nobody_is_named_and_not_tried_again() {
    let (port, came) = listen(over_tls());
    let error = client("localhost", port, None).client.user(&"u1".into()).await.expect_err("not trusted");
    check_untrusted(&error, "its certificate");
    assert_eq!(came.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_authority_of_the_job_is_trusted_and_a_name_still_has_to_fit() {
    let ca_file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(ca_file.path(), CERTIFICATE).expect("writes");
    let (port, came) = listen(over_tls());
    client("localhost", port, Some(ca_file.path().into())).client.user(&"u1".into()).await.expect("trusted");
    let before = came.load(Ordering::Relaxed);
    let error =
        client("127.0.0.1", port, Some(ca_file.path().into())).client.user(&"u1".into()).await.expect_err("other name");
    check_untrusted(&error, "its certificate is for another host name");
    assert_eq!(came.load(Ordering::Relaxed) - before, 1);
}

#[tokio::test]
async fn a_server_of_another_tls_is_named_and_not_tried_again() {
    let (port, came) = listen(|mut stream| {
        let _ = stream.read(&mut [0; 4_096]);
        let _ = stream.write_all(OTHER_VERSION);
    });
    let error = client("localhost", port, None).client.user(&"u1".into()).await.expect_err("no common version");
    check_untrusted(&error, "it speaks no TLS 1.2 or 1.3");
    assert_eq!(came.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_host_whose_name_nobody_knows_is_told_from_one_that_takes_no_connection() {
    // No host has a name that ends so (RFC 2606).
    let url = "https://benifex.invalid";
    let error = wired(&settings(url, &format!("{url}/token")), "id", "secret").client.user(&"u1".into()).await;
    let error = error.expect_err("nobody is there");
    assert!(error.to_string().contains("no connection: the name of its host is not known here"), "{error}");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    drop(listener);
    let error = client("127.0.0.1", port, None).client.user(&"u1".into()).await.expect_err("nobody listens");
    assert!(error.is_away() && error.to_string().contains("no connection"), "{error}");
    assert!(!error.to_string().contains("name"), "{error}");
}
