//! Memory: mmap(2), madvise(2), mbind(2) and their family.

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Len, Shape};
use crate::sets::{fs, io, ipc, mem};
use crate::structs::{fs as f, mem as s};

const IOVEC: Kind = Kind::new(Shape::Struct(&f::IOVEC));
const RANGE: Kind = Kind::new(Shape::Struct(&s::CACHESTAT_RANGE));
const CACHESTAT: Kind = Kind::new(Shape::Struct(&s::CACHESTAT));
const MMAP_FLAGS: Kind = custom(Custom::HugeFlags(&mem::MMAP, "MAP_HUGE_SHIFT"));
const NODE_STATUS: Kind = custom(Custom::NodeStatus);
const POLICY: Kind = value(&mem::MPOL);

crate::signatures! {
    /// The family's rows.
    TABLE:
    mmap(addr: ADDR, length: SIZE, prot: longbits(&mem::PROT), flags: MMAP_FLAGS, fd: FD, offset: HEXLONG) -> HEXLONG;
    munmap(addr: ADDR, length: SIZE) -> INT;
    mprotect(addr: ADDR, len: SIZE, prot: longbits(&mem::PROT)) -> INT;
    pkey_mprotect(addr: ADDR, len: SIZE, prot: longbits(&mem::PROT), pkey: INT) -> INT;
    pkey_alloc(flags: HEX, access_rights: bits(&mem::PKEY_ACCESS)) -> INT;
    pkey_free(pkey: INT) -> INT;
    brk(addr: ADDR) -> HEXLONG;
    mremap(old_address: ADDR, old_size: SIZE, new_size: SIZE, flags: longbits(&mem::MREMAP), new_address: ADDR.when(flags, 2)) -> HEXLONG;
    madvise(addr: ADDR, length: SIZE, advice: value(&mem::MADVISE)) -> INT;
    process_madvise(pidfd: FD, iovec: in_array(&IOVEC, of(vlen)), vlen: SIZE, advice: value(&mem::MADVISE), flags: HEX) -> SIZE;
    process_mrelease(pidfd: FD, flags: HEX) -> INT;
    process_vm_readv(pid: PID, local_iov: out_iovec(liovcnt), liovcnt: ULONG, remote_iov: in_array(&IOVEC, of(riovcnt)), riovcnt: ULONG, flags: ULONG) -> SIZE;
    process_vm_writev(pid: PID, local_iov: in_iovec(liovcnt), liovcnt: ULONG, remote_iov: in_array(&IOVEC, of(riovcnt)), riovcnt: ULONG, flags: ULONG) -> SIZE;
    mincore(addr: ADDR, length: SIZE, vec: out_array(&U8, Len::Pages(length))) -> INT;
    mlock(addr: ADDR, len: SIZE) -> INT;
    mlock2(addr: ADDR, len: SIZE, flags: bits(&mem::MLOCK2)) -> INT;
    munlock(addr: ADDR, len: SIZE) -> INT;
    mlockall(flags: bits(&mem::MLOCKALL)) -> INT;
    munlockall() -> INT;
    msync(addr: ADDR, length: SIZE, flags: bits(&mem::MSYNC)) -> INT;
    membarrier(cmd: value(&ipc::MEMBARRIER), flags: bits(&ipc::MEMBARRIER_FLAGS), cpu_id: INT.when(flags, 1)) -> by(cmd, &[(0, Kind::new(Shape::SetNote(&ipc::MEMBARRIER_QUERY, "")))], &INT);
    memfd_create(name: STR, flags: custom(Custom::HugeFlags(&mem::MEMFD, "MFD_HUGE_SHIFT"))) -> FD;
    memfd_secret(flags: bits(&fs::MEMFD_SECRET)) -> FD;
    mbind(addr: ADDR, len: ULONG, mode: longbits(&mem::MPOL), nodemask: custom(Custom::NodeMask(Dir::In, maxnode)), maxnode: ULONG, flags: bits(&mem::MBIND)) -> INT;
    set_mempolicy(mode: bits(&mem::MPOL), nodemask: custom(Custom::NodeMask(Dir::In, maxnode)), maxnode: ULONG) -> INT;
    get_mempolicy(mode: output(&POLICY), nodemask: custom(Custom::NodeMask(Dir::Out, maxnode)), maxnode: ULONG, addr: ADDR, flags: longbits(&mem::GET_MEMPOLICY)) -> INT;
    set_mempolicy_home_node(start: ADDR, len: ULONG, home_node: ULONG, flags: HEXLONG) -> INT;
    migrate_pages(pid: PID, maxnode: ULONG, old_nodes: custom(Custom::NodeMask(Dir::In, maxnode)), new_nodes: custom(Custom::NodeMask(Dir::In, maxnode))) -> INT;
    move_pages(pid: PID, count: ULONG, pages: in_array(&ADDR, of(count)), nodes: in_array(&INT, of(count)), status: out_array(&NODE_STATUS, of(count)), flags: bits(&mem::MOVE_PAGES)) -> INT;
    userfaultfd(flags: bits(&mem::USERFAULTFD)) -> FD;
    cachestat(fd: FD, cstat_range: input(&RANGE), cstat: output(&CACHESTAT), flags: bits(&io::CACHESTAT)) -> INT;
    remap_file_pages(addr: ADDR, size: SIZE, prot: longbits(&mem::PROT), pgoff: ULONG, flags: MMAP_FLAGS) -> INT;
    mseal(addr: ADDR, len: SIZE, flags: HEXLONG) -> INT;
    map_shadow_stack(addr: ADDR, size: SIZE, flags: HEX) -> HEXLONG;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    mmap(args: custom(Custom::OldMmap)) -> HEXLONG;
    mmap2(addr: ADDR, length: SIZE, prot: longbits(&mem::PROT), flags: MMAP_FLAGS, fd: FD, pgoffset: custom(Custom::PageOffset)) -> HEXLONG;
}
