//! A call below functions that are inlined, and one below a function that is not.

use std::arch::asm;

#[inline(always)]
fn call(text: &[u8]) {
    // SAFETY: write(2) reads the text only.
    unsafe {
        asm!("syscall", inlateout("rax") 1usize => _, in("rdi") 1, in("rsi") text.as_ptr(),
             in("rdx") text.len(), out("rcx") _, out("r11") _);
    }
}

#[inline(always)]
fn middle(text: &[u8]) {
    call(text);
}

#[inline(never)]
fn outer(text: &[u8]) {
    middle(text);
    std::hint::black_box(text);
}

fn main() {
    outer(b"inlined\n");
    std::hint::black_box(0);
}
