//! Placeholder
crate::signatures! {
    /// The family's rows.
    TABLE:
}
crate::signatures! {
    /// Rows of i386 alone.
    I386:
}
