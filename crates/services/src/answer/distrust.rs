//! Why a server was not trusted: a certificate, or TLS that both sides have in common. That is told apart from a server
//! that is not there, since a repetition mends only the latter, and another person has to act.

use std::error::Error;

use rustls::CertificateError;

const AUTHORITY: &str = "its certificate is signed by no authority that this machine trusts; if that authority is yours, \
                         name it in `ca_file` of the job";
const EXPIRED: &str = "its certificate has expired, or the clock of this machine is wrong";
const EARLY: &str = "its certificate is not valid yet, or the clock of this machine is wrong";
const OTHER_NAME: &str = "its certificate is for another host name";
const OF_AUTHORITY: &str = "its certificate is an authority's own, as `openssl req -x509` makes it, which may not stand for a server: have \
                            one made for the server, and name that authority in `ca_file` of the job";
const CERTIFICATE: &str = "its certificate cannot be accepted";
const NO_TLS: &str =
    "it does not speak TLS at this port, so its certificate was not seen: is the port one for http://?";
const TLS: &str = "it speaks no TLS 1.2 or 1.3 that this program accepts, so its certificate was not seen";

/// How a certificate is refused that may sign others and stands for a server itself.
const CA_AS_SERVER: &str = "CaUsedAsEndEntity";

/// In plain words; `None`: the failure is of another kind.
pub(crate) fn reason(error: &reqwest::Error) -> Option<&'static str> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(fault) = error.downcast_ref::<rustls::Error>() {
            return of_tls(fault);
        }
        // An I/O error hides what it was made of behind that one's own cause.
        let made_of = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match made_of {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn of_tls(error: &rustls::Error) -> Option<&'static str> {
    match error {
        rustls::Error::InvalidCertificate(fault) => Some(match fault {
            CertificateError::UnknownIssuer => AUTHORITY,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => EXPIRED,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => EARLY,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => OTHER_NAME,
            // The library that checks certificates is known by its words alone.
            CertificateError::Other(other) if other.to_string().contains(CA_AS_SERVER) => OF_AUTHORITY,
            _ => CERTIFICATE,
        }),
        rustls::Error::NoCertificatesPresented | rustls::Error::InvalidCertRevocationList(_) => Some(CERTIFICATE),
        rustls::Error::InvalidMessage(_) => Some(NO_TLS),
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(
            rustls::AlertDescription::ProtocolVersion
            | rustls::AlertDescription::HandshakeFailure
            | rustls::AlertDescription::InsufficientSecurity,
        ) => Some(TLS),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, Error, InvalidMessage};

    use super::*;

    #[test]
    fn a_server_without_common_tls_is_told_from_one_that_is_not_there() {
        assert_eq!(of_tls(&Error::AlertReceived(AlertDescription::HandshakeFailure)), Some(TLS));
        assert_eq!(of_tls(&Error::AlertReceived(AlertDescription::ProtocolVersion)), Some(TLS));
        assert_eq!(of_tls(&Error::InvalidMessage(InvalidMessage::InvalidContentType)), Some(NO_TLS));
        assert_eq!(of_tls(&Error::AlertReceived(AlertDescription::InternalError)), None);
    }
}
