//! The task that sends spans to a collector, by OTLP over HTTP, in protobuf.

use super::tail::count;
use crate::server::config::OutboundConfig;
use crate::server::outbound::{Failure, Outbound};
use anyhow::Result;
use opentelemetry_otlp::{RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SpanData, SpanExporter as _};
use rustls::ClientConfig;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// The most traces that wait to be sent.
const QUEUE: usize = 1_024;

/// The most spans in a request to the collector.
const AT_ONCE: usize = 512;

/// The time for which spans are gathered before they are sent.
const GATHERING: Duration = Duration::from_secs(1);

/// The timeout of a request to the collector.
const PATIENCE: Duration = Duration::from_secs(10);

/// The time for what is left when the server stops.
const LAST: Duration = Duration::from_secs(3);

/// The handle of the task.
pub struct Export(Sender<oneshot::Sender<()>>);

impl Export {
    pub(super) fn start(
        url: &str,
        tls: ClientConfig,
        resource: &Resource,
        outbound: &OutboundConfig,
    ) -> Result<(Self, Sender<Vec<SpanData>>)> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(PATIENCE)
            .build()?;
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(url)
            .with_timeout(PATIENCE)
            .with_http_client(client)
            // Our own way to it repeats what failed, within a budget.
            .with_retry_policy(RetryPolicy::default().with_max_retries(0))
            .build()?;
        exporter.set_resource(resource);
        let (queue, spans) = channel(QUEUE);
        let (end, ending) = channel(1);
        let collector = Collector {
            exporter: Arc::new(exporter),
            way: Outbound::new("traces", PATIENCE, outbound),
            told: false,
        };
        tokio::spawn(send_all(collector, spans, ending));
        Ok((Self(end), queue))
    }

    /// Sends what is left, for a moment at most.
    pub async fn finish(self) {
        let (done, sent) = oneshot::channel();
        // Whether or not all of it could be sent: the server stops.
        let _ = timeout(LAST, async {
            if self.0.send(done).await.is_ok() {
                let _ = sent.await;
            }
        })
        .await;
    }
}

/// The collector, and whether it was said that it cannot be reached.
struct Collector {
    exporter: Arc<SpanExporter>,
    way: Outbound,
    told: bool,
}

async fn send_all(
    mut collector: Collector,
    mut queue: Receiver<Vec<SpanData>>,
    mut ending: Receiver<oneshot::Sender<()>>,
) {
    let mut gathered = Vec::new();
    loop {
        let ended = tokio::select! {
            () = gather(&mut queue, &mut gathered) => None,
            ended = ending.recv() => ended,
        };
        if ended.is_some() {
            while let Ok(spans) = queue.try_recv() {
                gathered.extend(spans);
            }
        }
        if !gathered.is_empty() {
            collector.send(std::mem::take(&mut gathered)).await;
        }
        if let Some(done) = ended {
            let _ = done.send(());
            return;
        }
    }
}

/// Waits for spans, and for a moment for more.
async fn gather(queue: &mut Receiver<Vec<SpanData>>, gathered: &mut Vec<SpanData>) {
    match queue.recv().await {
        Some(spans) => gathered.extend(spans),
        None => std::future::pending().await,
    }
    let more = async {
        while gathered.len() < AT_ONCE
            && let Some(further) = queue.recv().await
        {
            gathered.extend(further);
        }
    };
    // Late or not, what has come by then is sent.
    let _ = timeout(GATHERING, more).await;
}

impl Collector {
    /// Says once that the collector cannot be reached, and not for every trace.
    async fn send(&mut self, spans: Vec<SpanData>) {
        let number = spans.len();
        let exporter = self.exporter.clone();
        let sent = self.way.call_again(move || {
            let (exporter, spans) = (exporter.clone(), spans.clone());
            async move { exporter.export(spans).await }
        });
        match sent.await {
            Ok(()) => {
                count("sent", number);
                self.told = false;
            }
            Err(failure) => {
                count("failed", number);
                if !matches!(failure, Failure::Open) && !std::mem::replace(&mut self.told, true) {
                    tracing::warn!(error.cause = %failure, "Traces could not be sent; see telemetry.otlp_endpoint");
                }
            }
        }
    }
}
