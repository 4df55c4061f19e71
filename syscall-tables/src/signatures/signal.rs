//! Signals: kill(2), sigaction(2), sigprocmask(2), signalfd(2).

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape};
use crate::set::Base;
use crate::sets::signal as sets;
use crate::structs::signal::STACK;
use crate::structs::time::{TS, TS64};

const ACTION: Kind = custom(Custom::SigAction(Dir::In));
const OLD_ACTION: Kind = custom(Custom::SigAction(Dir::Out));
const INFO: Kind = custom(Custom::SigInfo(Dir::In));
const INFO_OUT: Kind = custom(Custom::SigInfo(Dir::Out));
const HOW: Kind = value(&sets::SIGPROCMASK);
const SS: Kind = Kind::new(Shape::Struct(&STACK));
/// The old signal mask of 32 bits, in a register.
const MASK: Kind = Kind::new(Shape::Signals(4));
const HANDLER: Kind = custom(Custom::Handler);

crate::signatures! {
    /// The family's rows.
    TABLE:
    kill(pid: PID, sig: SIGNO) -> INT;
    tkill(tid: PID, sig: SIGNO) -> INT;
    tgkill(tgid: PID, tid: PID, sig: SIGNO) -> INT;
    rt_sigaction(signum: SIGNO, act: ACTION, oldact: OLD_ACTION, sigsetsize: SIZE) -> INT;
    rt_sigprocmask(how: HOW, set: in_sigset(of(sigsetsize)), oldset: out_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    rt_sigpending(set: out_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    rt_sigsuspend(mask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    rt_sigtimedwait(set: in_sigset(of(sigsetsize)), info: INFO_OUT, timeout: input(&TS), sigsetsize: SIZE) -> SIGNO_RET;
    rt_sigqueueinfo(tgid: PID, sig: SIGNO, info: INFO) -> INT;
    rt_tgsigqueueinfo(tgid: PID, tid: PID, sig: SIGNO, info: INFO) -> INT;
    rt_sigreturn(frame: custom(Custom::SigFrame)) -> INT;
    sigaltstack(ss: input(&SS), old_ss: output(&SS)) -> INT;
    pause() -> INT;
    signalfd(fd: FD, mask: in_sigset(of(sizemask)), sizemask: SIZE) -> FD;
    signalfd4(fd: FD, mask: in_sigset(of(sizemask)), sizemask: SIZE, flags: bits(&sets::SIGNALFD)) -> FD;
    restart_syscall() -> INT;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    signal(signum: SIGNO, handler: HANDLER) -> custom(Custom::Noted(Base::Hex, "", &HANDLER));
    sigaction(
        signum: SIGNO, act: custom(Custom::OldSigAction(Dir::In)), oldact: custom(Custom::OldSigAction(Dir::Out)),
    ) -> INT;
    sigprocmask(how: HOW, set: in_sigset(fixed(4)), oldset: out_sigset(fixed(4))) -> INT;
    sigpending(set: out_sigset(fixed(4))) -> INT;
    sigsuspend(unused1: ABSENT, unused2: ABSENT, mask: MASK) -> INT;
    sigreturn(frame: custom(Custom::SigFrame)) -> INT;
    sgetmask() -> custom(Custom::Noted(Base::Hex, "mask ", &MASK));
    ssetmask(newmask: MASK) -> custom(Custom::Noted(Base::Hex, "old mask ", &MASK));
    rt_sigtimedwait_time64(
        set: in_sigset(of(sigsetsize)), info: INFO_OUT, timeout: input(&TS64), sigsetsize: SIZE,
    ) -> SIGNO_RET;
}

/// The signal that arrived; strace 6.1 names it behind the number.
const SIGNO_RET: Kind = custom(Custom::Noted(Base::Dec, "", &SIGNO));
