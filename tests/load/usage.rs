//! CPU time and memory that a process used.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::{CONNECTIONS, PUSHES, Result};

/// The usage of a process. Its text is one line, `SECONDS BYTES`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// The CPU time per post in seconds, of all threads, in user and kernel mode.
    pub(crate) cpu_per_post: f64,
    /// The peak memory in bytes.
    pub(crate) peak_memory: u64,
}

impl Usage {
    /// Returns the usage of this process since a value of its CPU time.
    pub(crate) fn since(begin: Duration) -> Result<Self> {
        let posts = f64::from(u32::try_from(CONNECTIONS * PUSHES)?);
        Ok(Self {
            cpu_per_post: (cpu_time()?.saturating_sub(begin)).as_secs_f64() / posts,
            peak_memory: peak_memory()?,
        })
    }

    /// Parses a line that a contender printed.
    pub(crate) fn parse(line: &str) -> Result<Self> {
        let (cpu, memory) = line.trim().split_once(' ').ok_or_else(|| format!("no usage: {line:?}"))?;
        Ok(Self { cpu_per_post: cpu.parse()?, peak_memory: memory.parse()? })
    }

    /// Prints the line that [`parse`](Self::parse) reads.
    pub(crate) fn print(&self) {
        println!("{} {}", self.cpu_per_post, self.peak_memory);
    }

    /// Returns the median of the rounds' CPU times per post, in seconds.
    pub(crate) fn median_cpu_per_post(rounds: &[Self]) -> f64 {
        median(rounds.iter().map(|round| round.cpu_per_post))
    }

    /// Returns the CPU time as a multiple of `others`: the median of the ratios of all rounds. Other load on the machine
    /// slows both of a round alike.
    pub(crate) fn median_ratio(rounds: &[Self], others: &[Self]) -> f64 {
        median(rounds.iter().zip(others).map(|(own, other)| own.cpu_per_post / other.cpu_per_post))
    }

    /// Returns the peak memory of all rounds, in MiB.
    pub(crate) fn peak_mebibytes(rounds: &[Self]) -> f64 {
        let bytes = rounds.iter().map(|round| round.peak_memory).max().unwrap_or_default();
        #[allow(clippy::cast_precision_loss, reason = "for a table")]
        let bytes = bytes as f64;
        bytes / 1024.0 / 1024.0
    }
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Returns the CPU time that all threads of this process have used.
pub(crate) fn cpu_time() -> Result<Duration> {
    Ok(clock_gettime(ClockId::ProcessCPUTime).try_into()?)
}

/// Returns the peak memory of this process in bytes, as Linux counts it.
fn peak_memory() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    Ok(peak.ok_or("no VmHWM")?.trim().parse::<u64>()? * 1024)
}
