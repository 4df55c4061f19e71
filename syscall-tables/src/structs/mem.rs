//! Structs of memory: cachestat(2).

use crate::kinds::*;

crate::structs! {
    /// `struct cachestat_range`.
    CACHESTAT_RANGE "cachestat_range" { off: U64, len: U64 };
    /// `struct cachestat`.
    CACHESTAT "cachestat" { nr_cache: U64, nr_dirty: U64, nr_writeback: U64, nr_evicted: U64, nr_recently_evicted: U64 };
}
