//! Connections that can be torn down from inside a handler, so that a client sees a reset and not a tidy close.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Pause after a failed accept: it fails for want of file descriptors, which takes a moment to pass.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The handler's end of a connection.
#[derive(Clone, Debug)]
pub struct Connection {
    broken: Arc<AtomicBool>,
}

impl Connection {
    /// From now on nothing more goes out: the next write resets the connection.
    pub fn reset(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, Connections>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Connection {
        Connection { broken: Arc::clone(&stream.io().broken) }
    }
}

/// Hands out connections of that kind.
pub struct Connections(TcpListener);

impl Connections {
    pub fn new(listener: TcpListener) -> Connections {
        Connections(listener)
    }
}

impl Listener for Connections {
    type Io = Socket;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Socket, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, address)) => return (Socket::new(stream), address),
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A TCP stream with a switch.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    broken: Arc<AtomicBool>,
}

impl Socket {
    fn new(stream: TcpStream) -> Socket {
        // Answers are small; waiting to fill a packet would add 40 ms to each. Without the option it only gets slower.
        drop(stream.set_nodelay(true));
        Socket { stream, broken: Arc::new(AtomicBool::new(false)) }
    }

    /// Zero linger makes the close that follows a reset.
    fn check(&self) -> io::Result<()> {
        if self.broken.load(Ordering::Relaxed) {
            self.stream.set_zero_linger()?;
            return Err(io::Error::from(io::ErrorKind::ConnectionReset));
        }
        Ok(())
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
