//! What this machine has.

use std::path::Path;

/// Bytes of memory that can be had without swapping, where the system says.
pub(crate) fn memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    let limit = group_limit().unwrap_or(u64::MAX);
    Some((kibibytes * 1024).min(limit))
}

/// What a container leaves us.
fn group_limit() -> Option<u64> {
    let read = |name: &str| std::fs::read_to_string(format!("/sys/fs/cgroup/memory.{name}")).ok();
    let number = |name: &str| read(name)?.trim().parse().ok();
    Some(left(number("max")?, number("current")?, &read("stat").unwrap_or_default()))
}

/// What is written to files counts as used, and gives way.
fn left(most: u64, used: u64, statistics: &str) -> u64 {
    let cached = statistics.lines().find_map(|line| line.strip_prefix("inactive_file ")?.parse::<u64>().ok());
    most.saturating_sub(used.saturating_sub(cached.unwrap_or(0)))
}

/// The file system of `path`, or of its nearest ancestor that exists, and the bytes free on it.
pub(crate) fn disk(path: &Path) -> Option<(u64, u64)> {
    if mts_io::is_remote(path) {
        return None;
    }
    let existing = path.ancestors().find(|ancestor| ancestor.exists());
    let existing = existing.filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let space = rustix::fs::statvfs(existing).ok()?;
    Some((space.f_fsid, space.f_bavail.saturating_mul(space.f_frsize)))
}

/// Bytes in words.
///
/// ```
/// assert_eq!(mts_engine::size(1_234_000), "1.2 MB");
/// ```
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

/// Bytes from words: a number and `B`, or a unit of a power of 1000 or 1024.
///
/// ```
/// assert_eq!(mts_engine::parse_size("1.5 GB"), Ok(1_500_000_000));
/// assert_eq!(mts_engine::parse_size("256MiB"), Ok(1 << 28));
/// assert_eq!(mts_engine::parse_size("4096"), Ok(4096));
/// ```
///
/// # Errors
///
/// Where the text is no such size, or none that a machine could have.
pub fn parse_size(text: &str) -> Result<u64, String> {
    const UNITS: [&str; 6] = ["", "k", "m", "g", "t", "p"];
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let unit = text[end..].trim().to_lowercase();
    let (prefix, base) = match unit.strip_suffix("ib") {
        Some(prefix) if !prefix.is_empty() => (prefix, 1024_u64),
        _ => (unit.strip_suffix('b').unwrap_or(&unit), 1000),
    };
    let power = UNITS.iter().position(|known| *known == prefix);
    let bytes = power
        .zip(text[..end].parse::<f64>().ok())
        .map(|(power, number)| number * base.pow(power as u32) as f64);
    match bytes {
        Some(bytes) if (1.0..1e18).contains(&bytes) => Ok(bytes as u64),
        _ => Err("expected a size such as 500MB or 2GiB".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in
            [("1", 1), ("1 kB", 1000), ("1KiB", 1024), ("2.5g", 2_500_000_000), ("1 TiB", 1 << 40)]
        {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MB", "-1", "0", "1 XB", "1e3", "1..2", "nan", "inf", "5 iB", "2000000 PB"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn files_in_memory_are_no_memory_lost() {
        assert_eq!(left(100, 90, "anon 20\ninactive_file 60\nactive_file 5\n"), 70);
        assert_eq!(left(100, 90, ""), 10);
        assert_eq!(left(100, 120, "inactive_file 10"), 0);
    }
}
