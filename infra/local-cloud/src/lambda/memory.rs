//! The memory of a function: the limit of its process, and its peak usage.
//!
//! Linux only. `RLIMIT_DATA` counts the private writable memory of a process (heap, stacks of threads), touched or not.
//! Lambda counts only touched memory. Other systems have no such limit, and there memory is unlimited.

use std::io;

/// Limits a process to the memory that its function has.
#[cfg(target_os = "linux")]
pub(super) fn limit(process: u32, megabytes: u32) -> io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let bytes = Some(u64::from(megabytes) * 1024 * 1024);
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    match prlimit(process, Resource::Data, Rlimit { current: bytes, maximum: bytes }) {
        // A process that has already ended needs no limit.
        Ok(_) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn limit(_process: u32, _megabytes: u32) -> io::Result<()> {
    Ok(())
}

/// Returns the most memory that a running process has used, in MB, or `None` if the system does not report it.
pub(super) fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes.div_ceil(1024))
}

/// Returns whether a log line says that an allocation failed. Rust prints it before it aborts.
pub(super) fn is_exhaustion(line: &str) -> bool {
    line.starts_with("memory allocation of ")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_some_memory() {
        assert!(peak(std::process::id()).unwrap() > 0);
    }
}
