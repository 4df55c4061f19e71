//! A map that cannot grow without end: what comes after it is full is counted in one common entry.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// A map of at most so many keys, and one value for all others.
#[derive(Debug)]
pub struct Bounded<K, V> {
    rows: HashMap<K, V>,
    others: Option<V>,
    limit: usize,
}

impl<K: Eq + Hash, V: Default> Bounded<K, V> {
    /// An empty map of `limit` keys.
    pub fn new(limit: usize) -> Self {
        Self { rows: HashMap::new(), others: None, limit }
    }

    /// The value of `key`, or the common one where there is no room for it.
    pub fn entry<Q>(&mut self, key: &Q) -> &mut V
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        // Two look-ups, as a borrowed key cannot be used for insertion.
        if !self.rows.contains_key(key) {
            if self.rows.len() >= self.limit {
                return self.others.get_or_insert_with(V::default);
            }
            return self.rows.entry(key.to_owned()).or_default();
        }
        match self.rows.get_mut(key) {
            Some(value) => value,
            None => self.others.get_or_insert_with(V::default),
        }
    }

    /// Keys with their values, in no order.
    pub fn rows(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    /// What did not fit.
    pub fn others(&self) -> Option<&V> {
        self.others.as_ref()
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.others.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_map_counts_the_rest_together() {
        let mut map: Bounded<Vec<u8>, u64> = Bounded::new(2);
        assert!(map.is_empty());
        for key in [b"a", b"b", b"c", b"a", b"d"] {
            *map.entry(&key[..]) += 1;
        }
        assert_eq!(map.len(), 2);
        assert_eq!(map.rows().map(|(_, n)| n).sum::<u64>(), 3);
        assert_eq!(map.others(), Some(&2));
    }
}
