//! Numbers for people: bytes, durations, offsets. Decimal prefixes, three digits, ASCII.
//!
//! Knows nothing of what it counts. Small byte counts are exact: below 100,000 nothing is rounded.

/// A count of bytes: exact below 100,000, then `123k`, `1.23M`, `12.3G`, `4.5T`.
pub fn bytes(count: u64) -> String {
    scaled(count, 100_000)
}

/// A count of things, exact below a million.
pub fn count(count: u64) -> String {
    scaled(count, 1_000_000)
}

fn scaled(count: u64, exact_below: u64) -> String {
    if count < exact_below {
        return count.to_string();
    }
    let units = [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")];
    let (size, unit) = units.into_iter().find(|(size, _)| count >= *size).unwrap_or((1, ""));
    format!("{}{unit}", three_digits(count as f64 / size as f64))
}

/// A number with three digits where it has a fraction: `1.23`, `12.3`, `123`.
fn three_digits(value: f64) -> String {
    match value {
        v if v < 9.995 => format!("{v:.2}"),
        v if v < 99.95 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}

/// A duration: `812ns`, `41.0us`, `3.10ms`, `1.21s`, `12m04s`, `3h05m`.
pub fn duration(ns: u64) -> String {
    match ns {
        0..1_000 => format!("{ns}ns"),
        1_000..999_500 => format!("{}us", three_digits(ns as f64 / 1e3)),
        999_500..999_500_000 => format!("{}ms", three_digits(ns as f64 / 1e6)),
        999_500_000..60_000_000_000 => format!("{}s", three_digits(ns as f64 / 1e9)),
        60_000_000_000..3_600_000_000_000 => {
            let seconds = ns / 1_000_000_000;
            format!("{}m{:02}s", seconds / 60, seconds % 60)
        }
        _ => {
            let minutes = ns / 60_000_000_000;
            format!("{}h{:02}m", minutes / 60, minutes % 60)
        }
    }
}

/// An offset from the beginning, in seconds to the millisecond.
pub fn offset(ns: u64) -> String {
    format!("{:.3}", ns as f64 / 1e9)
}

/// An empty text for 0, else what `show` says.
pub fn unless_zero(value: u64, show: fn(u64) -> String) -> String {
    if value == 0 { String::new() } else { show(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_exact_while_they_are_few() {
        let rows = [
            (0, "0"),
            (7_000, "7000"),
            (99_999, "99999"),
            (100_000, "100k"),
            (1_234_567, "1.23M"),
            (45_600_000_000, "45.6G"),
            (u64::MAX, "18446744T"),
        ];
        for (value, text) in rows {
            assert_eq!(bytes(value), text);
        }
        assert_eq!(count(999_999), "999999");
        assert_eq!(count(1_500_000), "1.50M");
    }

    #[test]
    fn durations() {
        let rows = [
            (0, "0ns"),
            (999, "999ns"),
            (1_500, "1.50us"),
            (999_499, "999us"),
            (999_500, "1.00ms"),
            (31_400_000, "31.4ms"),
            (999_600_000, "1.00s"),
            (59_994_000_000, "60.0s"),
            (724_000_000_000, "12m04s"),
            (11_100_000_000_000, "3h05m"),
        ];
        for (value, text) in rows {
            assert_eq!(duration(value), text, "{value}");
        }
        assert_eq!(offset(1_234_567_890), "1.235");
        assert_eq!(unless_zero(0, bytes), "");
    }
}
