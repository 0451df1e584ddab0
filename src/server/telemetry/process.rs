//! The process and its Tokio runtime.
//!
//! Of the runtime only what is stable is read; the depth of a worker's own queue would need
//! `tokio_unstable` in every build.

use super::readings::Readings;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use std::fmt::Result;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::runtime::Handle;

/// The unit of CPU time that Linux shows to programs, whatever it counts in itself.
const TICKS_A_SECOND: f64 = 100.0;

#[derive(Debug)]
pub struct Process {
    began: f64,
}

impl Process {
    pub fn starting_now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            began: since.unwrap_or_default().as_secs_f64(),
        }
    }
}

impl Collector for Process {
    fn encode(&self, encoder: DescriptorEncoder) -> Result {
        let mut readings = Readings(encoder);
        readings.gauge(
            "process_start_time_seconds",
            "Start of the process, in seconds since 1970",
            self.began,
        )?;
        // Only Linux has these files.
        if let Some(seconds) = cpu_seconds() {
            readings.counter(
                "process_cpu_seconds",
                "CPU time used, in seconds of one core",
                seconds,
            )?;
        }
        if let Some(bytes) = resident_bytes() {
            readings.gauge(
                "process_resident_memory_bytes",
                "Memory in use, in bytes",
                bytes,
            )?;
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            // One of them is the folder itself, open for reading.
            let open = files.count().saturating_sub(1);
            readings.gauge("process_open_fds", "Open files and connections", open)?;
        }
        if let Some(most) = most_files() {
            readings.gauge(
                "process_max_fds",
                "Files and connections that may be open",
                most,
            )?;
        }
        Ok(())
    }
}

fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name, in brackets, and may hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(11).map(str::parse::<f64>);
    let (user, system) = (ticks.next()?.ok()?, ticks.next()?.ok()?);
    Some((user + system) / TICKS_A_SECOND)
}

fn resident_bytes() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1_024)
}

fn most_files() -> Option<i64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The runtime that the metrics are asked for on.
#[derive(Debug)]
pub struct Runtime;

impl Collector for Runtime {
    fn encode(&self, encoder: DescriptorEncoder) -> Result {
        let Ok(handle) = Handle::try_current() else {
            return Ok(());
        };
        let (metrics, mut readings) = (handle.metrics(), Readings(encoder));
        let workers = metrics.num_workers();
        let busy = (0..workers).map(|worker| metrics.worker_total_busy_duration(worker));
        let busy: Duration = busy.sum();
        readings.gauge("tokio_workers", "Threads that run tasks", workers)?;
        readings.gauge(
            "tokio_tasks",
            "Tasks that have not ended",
            metrics.num_alive_tasks(),
        )?;
        readings.gauge(
            "tokio_queue_depth",
            "Tasks that are ready to run and wait in the shared queue",
            metrics.global_queue_depth(),
        )?;
        readings.counter(
            "tokio_busy_seconds",
            "Time that workers were busy, in seconds of one worker",
            busy.as_secs_f64(),
        )
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_process_knows_what_it_takes() {
        let resident = resident_bytes().expect("memory");
        assert!(resident > 1 << 20, "{resident}");
        let before = cpu_seconds().expect("CPU time");
        let mut work = 0_u64;
        while cpu_seconds().expect("CPU time") < before + 0.02 {
            work = std::hint::black_box(work + 1);
        }
        assert!(most_files().expect("a limit") > 3);
    }
}
