//! Memory: mmap(2), mprotect(2), madvise(2), mlock(2), mbind(2), memfd_create(2).

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind};
use crate::sets::{fs, mem as set};

const PROT: Kind = longbits(&set::PROT);
const MAP: Kind = custom(Custom::HugeFlags(Some(&set::MMAP_TYPE), &set::MMAP, "MAP_HUGE_SHIFT"));
const MEMFD: Kind = custom(Custom::HugeFlags(None, &set::MEMFD, "MFD_HUGE_SHIFT"));
const MODE: Kind = longbits(&set::MPOL);

crate::signatures! {
    /// The family's rows.
    TABLE:
    mmap(addr: ADDR, length: SIZE, prot: PROT, flags: MAP, fd: FD, offset: HEXLONG) -> HEXLONG;
    mprotect(addr: ADDR, len: SIZE, prot: PROT) -> INT;
    pkey_mprotect(addr: ADDR, len: SIZE, prot: PROT, pkey: INT) -> INT;
    pkey_alloc(flags: HEXLONG, access_rights: longbits(&set::PKEY_ACCESS)) -> INT;
    pkey_free(pkey: INT) -> INT;
    munmap(addr: ADDR, length: SIZE) -> INT;
    brk(addr: ADDR) -> HEXLONG;
    mremap(old_address: ADDR, old_size: SIZE, new_size: SIZE, flags: longbits(&set::MREMAP), new_address: ADDR.when_in(flags, 3, &[3])) -> HEXLONG;
    msync(addr: ADDR, length: SIZE, flags: bits(&set::MSYNC)) -> INT;
    mincore(addr: ADDR, length: SIZE, vec: custom(Custom::Residency(length))) -> INT;
    madvise(addr: ADDR, length: SIZE, advice: bits(&set::MADVISE)) -> INT;
    process_madvise(pidfd: FD, vector: in_array(&IOV_RANGE, of(vlen)), vlen: SIZE, advice: bits(&set::MADVISE), flags: HEX) -> SIZE;
    mlock(addr: ADDR, len: SIZE) -> INT;
    mlock2(addr: ADDR, len: SIZE, flags: bits(&set::MLOCK2)) -> INT;
    munlock(addr: ADDR, len: SIZE) -> INT;
    mlockall(flags: bits(&set::MLOCKALL)) -> INT;
    munlockall() -> INT;
    mseal(addr: ADDR, len: SIZE, flags: HEXLONG) -> INT;
    map_shadow_stack(addr: ADDR, size: SIZE, flags: bits(&set::SHADOW_STACK)) -> HEXLONG;
    remap_file_pages(addr: ADDR, size: SIZE, prot: PROT, pgoff: ULONG, flags: MAP) -> INT;
    memfd_create(name: STR, flags: MEMFD) -> FD;
    memfd_secret(flags: bits(&fs::MEMFD_SECRET)) -> FD;
    userfaultfd(flags: bits(&set::USERFAULTFD)) -> FD;
    mbind(addr: ADDR, len: ULONG, mode: MODE, nodemask: custom(Custom::NodeMask(Dir::In, maxnode)), maxnode: ULONG, flags: bits(&set::MBIND)) -> INT;
    set_mempolicy(mode: bits(&set::MPOL), nodemask: custom(Custom::NodeMask(Dir::In, maxnode)), maxnode: ULONG) -> INT;
    get_mempolicy(mode: output(&const { bits(&set::MPOL_MODE) }), nodemask: custom(Custom::NodeMask(Dir::Out, maxnode)), maxnode: ULONG, addr: ADDR, flags: longbits(&set::GET_MEMPOLICY)) -> INT;
    set_mempolicy_home_node(start: ADDR, len: ULONG, home_node: ULONG, flags: HEXLONG) -> INT;
    migrate_pages(pid: PID, maxnode: ULONG, old_nodes: custom(Custom::NodeMask(Dir::In, maxnode)), new_nodes: custom(Custom::NodeMask(Dir::In, maxnode))) -> INT;
    move_pages(pid: PID, count: ULONG, pages: in_array(&ADDR, of(count)), nodes: in_array(&INT, of(count)), status: out_array(&const { custom(Custom::PageStatus) }, of(count)), flags: bits(&set::MOVE_PAGES)) -> INT;
    process_mrelease(pidfd: FD, flags: HEX) -> INT;
}
crate::signatures! {
    /// Rows of i386 alone.
    I386:
    mmap(args: ADDR) -> HEXLONG;
    mmap2(addr: ADDR, length: SIZE, prot: PROT, flags: MAP, fd: FD, pgoffset: custom(Custom::PageOffset)) -> HEXLONG;
}

crate::structs! {
    /// `struct iovec` whose memory is not shown.
    IOVEC_RANGE "iovec" { iov_base: ADDR, iov_len: ULONG };
}
const IOV_RANGE: Kind = Kind::new(crate::model::Shape::Struct(&IOVEC_RANGE));
