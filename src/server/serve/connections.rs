//! Connection limits: the number open at once, the time a client may leave its response unread, and under
//! TLS the time it may be idle.
//!
//! A client that reads slowly or not at all costs a connection, a task and the memory of the
//! response. The request's deadline does not cover this: the response is made, but does not leave.
//! Between requests HTTP/1 waits for the next one's headers, which has a timeout; HTTP/2 has none, nor has
//! the wait for the bytes that tell the two apart.

use crate::server::config::ServerConfig;
use crate::server::telemetry::{Connections, Place};
use axum_server::accept::Accept;
use futures_util::future::BoxFuture;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// The average number of bytes a client must take per second so as not to use up its patience.
const BYTES_A_SECOND: usize = 4_096;

/// The timeout for refusing a connection for which there is no place.
const REFUSAL: Duration = Duration::from_millis(500);

const NO_PLACE: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
     content-type: text/plain; charset=utf-8\r\ncontent-length: 51\r\n\r\n\
     The service is busy. Please try again in a moment.\n";

/// An acceptor of connections, up to a maximum number.
#[derive(Clone)]
pub struct Door {
    places: Arc<Semaphore>,
    /// Permits for the connections that are being told that there is no place.
    refusals: Arc<Semaphore>,
    patience: Duration,
    /// Under TLS. A connection on which nothing moved for as long as a request may take is idle.
    idle: Option<Duration>,
    full: Arc<AtomicBool>,
    metrics: Connections,
}

impl Door {
    pub fn new(config: &ServerConfig, metrics: Connections) -> Self {
        Self {
            places: Arc::new(Semaphore::new(config.max_connections)),
            refusals: Arc::new(Semaphore::new(config.max_connections.div_ceil(10).max(16))),
            patience: Duration::from_secs(config.send_timeout_seconds),
            idle: None,
            full: Arc::default(),
            metrics,
        }
    }

    /// Returns a door with the same places, to connections that begin with a handshake of TLS.
    pub fn under_tls(&self, config: &ServerConfig) -> Self {
        let header = Duration::from_secs(config.header_timeout_seconds);
        Self {
            idle: Some(header + config.request_timeout()),
            ..self.clone()
        }
    }

    async fn let_in(self, stream: TcpStream) -> io::Result<Patient<TcpStream>> {
        stream.set_nodelay(true)?;
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            self.full.store(false, Ordering::Relaxed);
            let place = (place, self.metrics.open());
            return Ok(Patient::new(stream, self.patience, self.idle, Some(place)));
        }
        self.metrics.refused.inc();
        if !self.full.swap(true, Ordering::Relaxed) {
            tracing::warn!("All connections are taken: see server.max_connections");
        }
        // Before its handshake a client of TLS understands nothing, and there is no place for one.
        let refusal = self.idle.is_none().then(|| self.refusals.try_acquire());
        if let Some(Ok(_one)) = refusal {
            // The client may be gone or not listening: then there is nobody to tell.
            let _ = tokio::time::timeout(REFUSAL, refuse(stream)).await;
        }
        Err(io::Error::other("all connections are taken"))
    }
}

/// Drains the input before closing: a connection closed with unread data loses what was sent last.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(NO_PLACE.as_bytes()).await?;
    stream.shutdown().await?;
    let mut unread = [0; 4_096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

impl<S: Send + 'static> Accept<TcpStream, S> for Door {
    type Stream = Patient<TcpStream>;
    type Service = S;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let door = self.clone();
        Box::pin(async move { Ok((door.let_in(stream).await?, service)) })
    }
}

/// A stream whose peer has a limited time, its patience, to take what is written to it.
pub struct Patient<S> {
    stream: S,
    most: Duration,
    /// The remaining patience. Taking bytes restores some of it.
    left: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
    idle: Option<Idle>,
    _place: Option<(OwnedSemaphorePermit, Place)>,
}

/// The time since something moved on a connection, in either direction.
struct Idle {
    most: Duration,
    moved: Instant,
    end: Pin<Box<Sleep>>,
}

impl Idle {
    fn new(most: Duration) -> Self {
        Self {
            most,
            moved: Instant::now(),
            end: Box::pin(sleep(most)),
        }
    }

    /// Waits until nothing has moved for too long. The timer is set anew where it runs out, which is seldom, and
    /// not whenever something moves.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.end.as_mut().poll(context));
            let until = self.moved + self.most;
            if until <= Instant::now() {
                return Poll::Ready(());
            }
            self.end.as_mut().reset(until);
        }
    }
}

impl<S> Patient<S> {
    fn new(
        stream: S,
        most: Duration,
        idle: Option<Duration>,
        place: Option<(OwnedSemaphorePermit, Place)>,
    ) -> Self {
        Self {
            stream,
            most,
            left: most,
            waiting: None,
            idle: idle.map(Idle::new),
            _place: place,
        }
    }

    fn moved(&mut self) {
        if let Some(idle) = &mut self.idle {
            idle.moved = Instant::now();
        }
    }

    /// Waits for the peer to say something; fails where it is idle. One that is to take something first is not:
    /// its patience is measured already.
    fn silent(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.waiting.is_some() {
            self.moved();
        }
        let Some(idle) = &mut self.idle else {
            return Poll::Pending;
        };
        ready!(idle.poll(context));
        tracing::debug!("An idle client is cut off");
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Waits until the peer takes something again; fails when its patience runs out.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let left = self.left;
        let (_, end) = self
            .waiting
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
        ready!(end.as_mut().poll(context));
        tracing::debug!("A client that does not take its answer is cut off");
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn taken(&mut self, bytes: usize) {
        if let Some((since, _)) = self.waiting.take() {
            self.left = self.left.saturating_sub(since.elapsed());
        }
        self.moved();
        let earned = Duration::from_secs_f64(bytes as f64 / BYTES_A_SECOND as f64);
        self.left = self.most.min(self.left + earned);
    }

    fn written(
        &mut self,
        context: &mut Context<'_>,
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match wrote {
            Poll::Pending => self.wait(context),
            Poll::Ready(Ok(bytes)) => {
                self.taken(bytes);
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => self.silent(context),
            read @ Poll::Ready(_) => {
                self.moved();
                read
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(context, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    /// Simulates a peer that took `bytes` after `waited`.
    fn take(stream: &mut Patient<()>, waited: Duration, bytes: usize) {
        let since = Instant::now().checked_sub(waited).expect("long enough ago");
        stream.waiting = Some((since, Box::pin(sleep(Duration::ZERO))));
        stream.taken(bytes);
    }

    #[tokio::test]
    async fn patience_is_used_up_by_waiting_and_earned_by_taking() {
        let second = Duration::from_secs(1);
        let mut stream = Patient::new((), 10 * second, None, None);
        take(&mut stream, 6 * second, BYTES_A_SECOND);
        assert!(stream.left <= 5 * second, "{:?}", stream.left);
        take(&mut stream, second, 100 * BYTES_A_SECOND);
        assert_eq!(stream.left, 10 * second, "never more than at first");
        // A byte now and then does not keep a connection open.
        for _ in 0..2 {
            take(&mut stream, 6 * second, 1);
        }
        assert!(stream.left < second, "{:?}", stream.left);
        let ended = poll_fn(|context| stream.wait(context)).await;
        let kind = ended.map_err(|error| error.kind());
        assert_eq!(kind, Err(io::ErrorKind::TimedOut));
    }

    /// Polls a connection on which something moved `ago`, when its timer runs out.
    async fn is_cut_off(stream: &mut Patient<()>, ago: Duration) -> bool {
        let idle = stream.idle.as_mut().expect("under TLS");
        idle.moved = Instant::now().checked_sub(ago).expect("long enough ago");
        idle.end.as_mut().reset(Instant::now());
        idle.end.as_mut().await;
        poll_fn(|context| Poll::Ready(stream.silent(context).is_ready())).await
    }

    #[tokio::test]
    async fn a_connection_is_idle_once_nothing_moved_for_long() {
        let minute = Duration::from_mins(1);
        let mut stream = Patient::new((), minute, Some(10 * minute), None);
        assert!(!is_cut_off(&mut stream, 9 * minute).await);
        assert!(is_cut_off(&mut stream, 10 * minute).await);
        // While the peer is to take something, its silence is no fault.
        stream.waiting = Some((Instant::now(), Box::pin(sleep(minute))));
        assert!(!is_cut_off(&mut stream, 10 * minute).await);
    }
}
