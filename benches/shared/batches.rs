//! Nanoseconds of an operation, timed in batches: what benches of pure parts compare.

use std::time::{Duration, Instant};

/// How many batches there are, and about how long each takes.
pub struct Batches {
    pub count: usize,
    pub length: Duration,
}

/// What a batch says of one operation.
pub struct Spent {
    pub least_ns: f64,
    pub median_ns: f64,
}

impl Batches {
    /// Does something so often that a batch is long enough, which also warms up; returns how often that is.
    pub fn warm(&self, operation: &mut impl FnMut()) -> u32 {
        let mut count = 1;
        loop {
            let start = Instant::now();
            (0..count).for_each(|_| operation());
            if start.elapsed() >= self.length {
                return count;
            }
            count *= 2;
        }
    }

    /// Times batches of so many operations; with room for them in `spent`, nothing is allocated.
    pub fn time(&self, size: u32, operation: &mut impl FnMut(), spent: &mut Vec<f64>) -> Spent {
        spent.clear();
        for _ in 0..self.count {
            let start = Instant::now();
            (0..size).for_each(|_| operation());
            spent.push(start.elapsed().as_nanos() as f64 / f64::from(size));
        }
        spent.sort_by(f64::total_cmp);
        Spent { least_ns: spent[0], median_ns: spent[self.count / 2] }
    }
}
