//! Every call that files, memory and sockets own has a signature.
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::class;
use syscall_tables::signatures::{fs, mem, named, net};

#[test]
fn rows_name_real_calls_once() {
    let mut rows = 0;
    for (table, abi) in [
        (fs::TABLE, None),
        (mem::TABLE, None),
        (net::TABLE, None),
        (fs::I386, Some(Abi::I386)),
        (mem::I386, Some(Abi::I386)),
        (net::I386, Some(Abi::I386)),
    ] {
        for row in table {
            let known = Abi::ALL
                .iter()
                .any(|a| abi.is_none_or(|only| only == *a) && numbers::number(*a, row.name).is_some());
            assert!(known || matches!(row.name, "send" | "recv"), "{} is no call", row.name);
            assert_eq!(table.iter().filter(|other| other.name == row.name).count(), 1, "{} twice", row.name);
            rows += 1;
        }
    }
    println!("{rows} rows");
}
