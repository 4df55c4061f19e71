//! Another process's memory: process_vm_readv(2), process_vm_writev(2).

/// Copies bytes at `addr` of task `tid` to `buf`; returns how many could be read from the start.
pub fn read(tid: i32, addr: u64, buf: &mut [u8]) -> usize {
    let mut done = 0;
    while done < buf.len() {
        let local = libc::iovec { iov_base: buf[done..].as_mut_ptr().cast(), iov_len: buf.len() - done };
        let remote = libc::iovec {
            iov_base: addr.wrapping_add(done as u64) as *mut libc::c_void,
            iov_len: buf.len() - done,
        };
        // SAFETY: the local vector describes the rest of `buf`; the remote address is only used by the
        // kernel in the other process.
        let got = unsafe { libc::process_vm_readv(tid, &raw const local, 1, &raw const remote, 1, 0) };
        if got <= 0 {
            break;
        }
        done += got as usize;
    }
    done
}

/// Copies `bytes` to `addr` of task `tid`; whether all of it could be written. process_vm_writev(2).
pub fn write(tid: i32, addr: u64, bytes: &[u8]) -> bool {
    let local = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    let remote = libc::iovec { iov_base: addr as *mut libc::c_void, iov_len: bytes.len() };
    // SAFETY: the local vector describes `bytes`, which is only read; the remote address is only used by the
    // kernel in the other process.
    let put = unsafe { libc::process_vm_writev(tid, &raw const local, 1, &raw const remote, 1, 0) };
    put == bytes.len() as isize
}
