//! Signals: kill(2), sigaction(2), sigprocmask(2), signalfd(2).

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape};
use crate::set::Base;
use crate::sets::signal as set;
use crate::structs::process::SIGSTACK;
use crate::structs::time::{TS, TS64};

const STACK: Kind = Kind::new(Shape::Struct(&SIGSTACK));
/// A signal mask in a register.
const MASK: Kind = Kind::new(Shape::Signals(4));
const HANDLER_RETURN: Kind = custom(Custom::Noted(Base::Hex, &const { custom(Custom::Handler) }));
const INFO: Kind = custom(Custom::SigInfo(Dir::In));

crate::signatures! {
    /// The family's rows.
    TABLE:
    kill(pid: PID, sig: SIGNO) -> INT;
    tkill(tid: PID, sig: SIGNO) -> INT;
    tgkill(tgid: PID, tid: PID, sig: SIGNO) -> INT;
    rt_sigaction(signum: SIGNO, act: custom(Custom::SigAction(Dir::In)), oldact: custom(Custom::SigAction(Dir::Out)), sigsetsize: SIZE) -> INT;
    rt_sigprocmask(how: bits(&set::SIGPROCMASK), set: in_sigset(of(sigsetsize)), oldset: out_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    rt_sigreturn(frame: custom(Custom::SigReturn(true))) -> LONG;
    rt_sigpending(set: out_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    rt_sigsuspend(mask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    rt_sigtimedwait(set: in_sigset(of(sigsetsize)), info: custom(Custom::SigInfo(Dir::Out)), timeout: input(&TS), sigsetsize: SIZE) -> custom(Custom::SignalReturn);
    rt_sigqueueinfo(tgid: PID, sig: SIGNO, info: INFO) -> INT;
    rt_tgsigqueueinfo(tgid: PID, tid: PID, sig: SIGNO, info: INFO) -> INT;
    sigaltstack(ss: input(&STACK), old_ss: output(&STACK)) -> INT;
    pause() -> INT;
    signalfd(fd: FD, mask: in_sigset(of(sizemask)), sizemask: SIZE) -> FD;
    signalfd4(fd: FD, mask: in_sigset(of(sizemask)), sizemask: SIZE, flags: bits(&set::SIGNALFD)) -> FD;
    restart_syscall(resumed: custom(Custom::Resumed)) -> INT;
}
crate::signatures! {
    /// Rows of i386 alone.
    I386:
    signal(signum: SIGNO, handler: custom(Custom::Handler)) -> HANDLER_RETURN;
    sigaction(signum: SIGNO, act: custom(Custom::OldSigAction(Dir::In)), oldact: custom(Custom::OldSigAction(Dir::Out))) -> INT;
    sigprocmask(how: bits(&set::SIGPROCMASK), set: in_sigset(fixed(4)), oldset: out_sigset(fixed(4))) -> INT;
    sigpending(set: out_sigset(fixed(4))) -> INT;
    sigsuspend(unused1: ABSENT, unused2: ABSENT, mask: MASK) -> INT;
    sigreturn(frame: custom(Custom::SigReturn(false))) -> LONG;
    sgetmask() -> custom(Custom::Noted(Base::Hex, &MASK));
    ssetmask(newmask: MASK) -> custom(Custom::Noted(Base::Hex, &MASK));
    rt_sigtimedwait_time64(set: in_sigset(of(sigsetsize)), info: custom(Custom::SigInfo(Dir::Out)), timeout: input(&TS64), sigsetsize: SIZE) -> custom(Custom::SignalReturn);
}
