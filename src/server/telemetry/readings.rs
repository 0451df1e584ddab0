//! Readings: metrics that are read at the moment somebody asks for them.

use prometheus_client::encoding::{
    DescriptorEncoder, EncodeCounterValue, EncodeGaugeValue, EncodeMetric,
};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use std::fmt::Result;

/// Names and values of labels.
pub type Labels<const N: usize> = [(&'static str, &'static str); N];

pub struct Readings<'a>(pub DescriptorEncoder<'a>);

impl Readings<'_> {
    pub fn gauge(&mut self, name: &str, help: &str, value: impl EncodeGaugeValue) -> Result {
        self.family(name, help, [([], ConstGauge::new(value))])
    }

    pub fn gauges<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        rows: impl IntoIterator<Item = (Labels<N>, impl EncodeGaugeValue)>,
    ) -> Result {
        let rows = rows.into_iter();
        self.family(
            name,
            help,
            rows.map(|(of, value)| (of, ConstGauge::new(value))),
        )
    }

    pub fn counter(&mut self, name: &str, help: &str, value: impl EncodeCounterValue) -> Result {
        self.family(name, help, [([], ConstCounter::new(value))])
    }

    pub fn histograms<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        rows: impl IntoIterator<Item = (Labels<N>, Histogram)>,
    ) -> Result {
        self.family(name, help, rows)
    }

    fn family<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        rows: impl IntoIterator<Item = (Labels<N>, impl EncodeMetric)>,
    ) -> Result {
        let mut rows = rows.into_iter().peekable();
        let Some((_, first)) = rows.peek() else {
            return Ok(());
        };
        // The registry ends the help of its own metrics in the same way.
        let help = format!("{help}.");
        let kind = first.metric_type();
        let mut encoder = self.0.encode_descriptor(name, &help, None, kind)?;
        for (labels, metric) in rows {
            metric.encode(encoder.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
