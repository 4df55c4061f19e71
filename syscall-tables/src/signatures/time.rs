//! Clocks, timers and file times: clock_gettime(2), timer_create(2), setitimer(2), utimensat(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::set::Base;
use crate::sets::{fs, time as sets};
use crate::structs::time::{ITS, ITS64, ITV, TIMEX, TIMEX64, TIMEZONE, TMS, TS, TS64, TV, UTIMBUF};

const CLOCK: Kind = value(&sets::CLOCK);
const SECONDS: Kind = custom(Custom::Seconds);
const UTIMES: Kind = custom(Custom::UtimeVals);
const LEFT: Kind = custom(Custom::Remaining(&TS));
const LEFT64: Kind = custom(Custom::Remaining(&TS64));
const TZ: Kind = Kind::new(Shape::Struct(&TIMEZONE));
const TX: Kind = Kind::new(Shape::Struct(&TIMEX));
const TX64: Kind = Kind::new(Shape::Struct(&TIMEX64));
const UTIM: Kind = Kind::new(Shape::Struct(&UTIMBUF));
const TICKS: Kind = Kind::new(Shape::Struct(&TMS));
const ADJUSTED: Kind = custom(Custom::Noted(Base::Dec, "", &const { value(&sets::ADJTIMEX_STATE) }));
/// `1700000000 (2023-11-14T22:13:20+0000)`: the date alone stands in the note.
const NOW: Kind = custom(Custom::Noted(Base::Dec, "", &SECONDS));

crate::signatures! {
    /// The family's rows.
    TABLE:
    nanosleep(req: input(&TS), rem: LEFT) -> INT;
    clock_gettime(clockid: CLOCK, tp: output(&TS)) -> INT;
    clock_getres(clockid: CLOCK, res: output(&TS)) -> INT;
    clock_settime(clockid: CLOCK, tp: input(&TS)) -> INT;
    clock_nanosleep(clockid: CLOCK, flags: bits(&sets::TIMER_FLAGS), t: input(&TS), remain: LEFT) -> INT;
    clock_adjtime(clockid: CLOCK, buf: output(&TX)) -> ADJUSTED;
    adjtimex(buf: output(&TX)) -> ADJUSTED;
    timer_create(clockid: CLOCK, sevp: custom(Custom::SigEvent), timerid: output(&INT)) -> INT;
    timer_settime(timerid: INT, flags: bits(&sets::TIMER_FLAGS), new_value: input(&ITS), old_value: output(&ITS)) -> INT;
    timer_gettime(timerid: INT, curr_value: output(&ITS)) -> INT;
    timer_getoverrun(timerid: INT) -> INT;
    timer_delete(timerid: INT) -> INT;
    timerfd_create(clockid: CLOCK, flags: bits(&sets::TIMERFD)) -> FD;
    timerfd_settime(fd: FD, flags: bits(&sets::TIMERFD), new_value: input(&ITS), old_value: output(&ITS)) -> INT;
    timerfd_gettime(fd: FD, curr_value: output(&ITS)) -> INT;
    getitimer(which: value(&sets::ITIMER), curr_value: output(&ITV)) -> INT;
    setitimer(which: value(&sets::ITIMER), new_value: input(&ITV), old_value: output(&ITV)) -> INT;
    gettimeofday(tv: output(&TV), tz: output(&TZ)) -> INT;
    settimeofday(tv: input(&TV), tz: input(&TZ)) -> INT;
    time(tloc: output(&SECONDS)) -> NOW;
    times(buf: output(&TICKS)) -> LONG;
    alarm(seconds: UINT) -> INT;
    utime(filename: PATH, times: input(&UTIM)) -> INT;
    utimes(filename: PATH, times: UTIMES) -> INT;
    futimesat(dirfd: DIRFD, pathname: PATH, times: UTIMES) -> INT;
    utimensat(dirfd: DIRFD, pathname: PATH, times: custom(Custom::UtimeSpecs), flags: bits(&fs::AT)) -> INT;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    stime(t: input(&SECONDS)) -> INT;
    ftime() -> INT;
    clock_gettime64(clockid: CLOCK, tp: output(&TS64)) -> INT;
    clock_settime64(clockid: CLOCK, tp: input(&TS64)) -> INT;
    clock_adjtime64(clockid: CLOCK, buf: output(&TX64)) -> ADJUSTED;
    clock_getres_time64(clockid: CLOCK, res: output(&TS64)) -> INT;
    clock_nanosleep_time64(clockid: CLOCK, flags: bits(&sets::TIMER_FLAGS), t: input(&TS64), remain: LEFT64) -> INT;
    timer_gettime64(timerid: INT, curr_value: output(&ITS64)) -> INT;
    timer_settime64(
        timerid: INT, flags: bits(&sets::TIMER_FLAGS), new_value: input(&ITS64), old_value: output(&ITS64),
    ) -> INT;
    timerfd_gettime64(fd: FD, curr_value: output(&ITS64)) -> INT;
    timerfd_settime64(fd: FD, flags: bits(&sets::TIMERFD), new_value: input(&ITS64), old_value: output(&ITS64)) -> INT;
    utimensat_time64(dirfd: DIRFD, pathname: PATH, times: custom(Custom::UtimeSpecs64), flags: bits(&fs::AT)) -> INT;
}
