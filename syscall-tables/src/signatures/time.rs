//! Time: clock_gettime(2), nanosleep(2), timer_create(2), timerfd_create(2), setitimer(2), utime(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::set::Base;
use crate::sets::time as set;
use crate::structs::time::{ITS, ITS64, ITV, TIMEX, TIMEX64, TS, TS64, TV, TZ, UTB};

const CLOCK: Kind = bits(&set::CLOCK);
const SECONDS: Kind = custom(Custom::Seconds);
const TX: Kind = Kind::new(Shape::Struct(&TIMEX));
const TX64: Kind = Kind::new(Shape::Struct(&TIMEX64));
const STATE: Kind = custom(Custom::Noted(Base::Dec, &const { bits(&set::ADJTIMEX_STATE) }));
const ITIMER: Kind = bits(&set::ITIMER);
/// Two times, which the kernel reads as one.
const TIMES: Kind = input(&const { Kind::new(Shape::Inline(&const { custom(Custom::Dated(&TV, 6)) }, 2)) });
const TIMER: Kind = bits(&set::TIMER_FLAGS);
const SET_TIME: Kind = bits(&set::TIMERFD);

crate::signatures! {
    /// The family's rows.
    TABLE:
    nanosleep(req: input(&TS), rem: custom(Custom::Remaining(&TS))) -> INT;
    clock_nanosleep(clockid: CLOCK, flags: TIMER, request: input(&TS), remain: custom(Custom::Remaining(&TS))) -> INT;
    clock_gettime(clockid: CLOCK, tp: output(&TS)) -> INT;
    clock_settime(clockid: CLOCK, tp: input(&TS)) -> INT;
    clock_getres(clockid: CLOCK, res: output(&TS)) -> INT;
    clock_adjtime(clockid: CLOCK, buf: output(&TX)) -> STATE;
    adjtimex(buf: output(&TX)) -> STATE;
    gettimeofday(tv: output(&TV), tz: output(&TZ)) -> INT;
    settimeofday(tv: input(&TV), tz: input(&TZ)) -> INT;
    time(tloc: output(&SECONDS)) -> custom(Custom::Noted(Base::Dec, &SECONDS));
    stime(t: output(&SECONDS)) -> custom(Custom::Noted(Base::Dec, &SECONDS));
    alarm(seconds: UINT) -> UINT;
    getitimer(which: ITIMER, curr_value: output(&ITV)) -> INT;
    setitimer(which: ITIMER, new_value: input(&ITV), old_value: output(&ITV)) -> INT;
    timer_create(clockid: CLOCK, sevp: custom(Custom::SigEvent), timerid: output(&INT)) -> INT;
    timer_settime(timerid: INT, flags: TIMER, new_value: input(&ITS), old_value: output(&ITS)) -> INT;
    timer_gettime(timerid: INT, curr_value: output(&ITS)) -> INT;
    timer_getoverrun(timerid: INT) -> INT;
    timer_delete(timerid: INT) -> INT;
    timerfd_create(clockid: CLOCK, flags: bits(&set::TIMERFD)) -> FD;
    timerfd_settime(fd: FD, flags: SET_TIME, new_value: input(&ITS), old_value: output(&ITS)) -> INT;
    timerfd_gettime(fd: FD, curr_value: output(&ITS)) -> INT;
    utime(filename: PATH, times: input(&UTB)) -> INT;
    utimes(filename: PATH, times: TIMES) -> INT;
    futimesat(dirfd: DIRFD, pathname: PATH, times: TIMES) -> INT;
    utimensat(dirfd: DIRFD, pathname: PATH, times: custom(Custom::UtimeSpecs(false)), flags: bits(&crate::sets::fs::AT)) -> INT;
}
crate::signatures! {
    /// Rows of i386 alone.
    I386:
    clock_gettime64(clockid: CLOCK, tp: output(&TS64)) -> INT;
    clock_settime64(clockid: CLOCK, tp: input(&TS64)) -> INT;
    clock_getres_time64(clockid: CLOCK, res: output(&TS64)) -> INT;
    clock_nanosleep_time64(clockid: CLOCK, flags: TIMER, request: input(&TS64), remain: custom(Custom::Remaining(&TS64))) -> INT;
    clock_adjtime64(clockid: CLOCK, buf: output(&TX64)) -> STATE;
    timer_settime64(timerid: INT, flags: TIMER, new_value: input(&ITS64), old_value: output(&ITS64)) -> INT;
    timer_gettime64(timerid: INT, curr_value: output(&ITS64)) -> INT;
    timerfd_settime64(fd: FD, flags: SET_TIME, new_value: input(&ITS64), old_value: output(&ITS64)) -> INT;
    timerfd_gettime64(fd: FD, curr_value: output(&ITS64)) -> INT;
    utimensat_time64(dirfd: DIRFD, pathname: PATH, times: custom(Custom::UtimeSpecs(true)), flags: bits(&crate::sets::fs::AT)) -> INT;
}
