//! Structs of signals: sigaltstack(2).

use crate::kinds::*;
use crate::sets::signal as sets;

crate::structs! {
    /// `stack_t` of the ABI.
    STACK "sigaltstack" { ss_sp: ADDR, ss_flags: bits(&sets::SIGALTSTACK), ss_size: SIZE };
}
