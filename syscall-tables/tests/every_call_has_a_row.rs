//! Every syscall of x86_64 and i386 has a signature with its arguments.
#![allow(missing_docs)]

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::signatures;

#[test]
fn every_name_of_both_abis() {
    for abi in [Abi::X86_64, Abi::I386] {
        let names: Vec<_> = numbers::names(abi).collect();
        let bare: Vec<_> = names.iter().filter(|(nr, _)| signatures::lookup(abi, *nr).is_none()).collect();
        println!("{abi}: {} calls", names.len());
        assert!(names.len() > 350, "{abi}: the table of numbers is not whole");
        assert!(bare.is_empty(), "{abi}: without a signature: {bare:?}");
    }
}

#[test]
fn no_name_stands_twice() {
    for tables in [signatures::FAMILIES, signatures::I386] {
        let mut names: Vec<_> = tables.iter().flat_map(|table| table.iter()).map(|s| s.name).collect();
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
