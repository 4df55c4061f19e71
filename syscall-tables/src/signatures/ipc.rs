//! System V IPC and POSIX message queues: shmget(2), semop(2), msgsnd(2), mq_open(3).

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Scope, Shape, Sibling};
use crate::sets::{fs, ipc as sets};
use crate::structs::Struct;
use crate::structs::ipc as s;
use crate::structs::time::{TS, TS64};

const fn arg(index: u8) -> Sibling {
    Sibling { scope: Scope::Arg, index }
}
const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}

/// A call of the i386 `ipc` multiplexer.
#[derive(Debug, Clone, Copy)]
pub struct IpcCall {
    /// Low 16 bits of its first argument.
    pub call: u16,
    /// The name it is printed under, with the signature of that name.
    pub name: &'static str,
    /// For each argument of that signature, the argument of `ipc` it is taken from: 0 is the call itself, 1 to 3 are
    /// `first` to `third`, 4 is `ptr`, 5 is `fifth`.
    ///
    /// The last argument of semctl is behind `ptr`: strace prints the word there as `[0x1]`. The result of shmat is
    /// behind `third`. Version 0 of msgrcv (high 16 bits of the call) has message and type behind `ptr`.
    pub from: &'static [u8],
}

/// What the `ipc` multiplexer of i386 dispatches to; an unknown call stays `ipc`.
pub static IPC_CALLS: &[IpcCall] = &[
    IpcCall { call: 1, name: "semop", from: &[1, 4, 2] },
    IpcCall { call: 2, name: "semget", from: &[1, 2, 3] },
    IpcCall { call: 3, name: "semctl", from: &[1, 2, 3, 4] },
    IpcCall { call: 4, name: "semtimedop", from: &[1, 4, 2, 5] },
    IpcCall { call: 11, name: "msgsnd", from: &[1, 4, 2, 3] },
    IpcCall { call: 12, name: "msgrcv", from: &[1, 4, 2, 5, 3] },
    IpcCall { call: 13, name: "msgget", from: &[1, 2] },
    IpcCall { call: 14, name: "msgctl", from: &[1, 2, 4] },
    IpcCall { call: 21, name: "shmat", from: &[1, 4, 2] },
    IpcCall { call: 22, name: "shmdt", from: &[4] },
    IpcCall { call: 23, name: "shmget", from: &[1, 2, 3] },
    IpcCall { call: 24, name: "shmctl", from: &[1, 2, 4] },
];

/// What `ipc(call, …)` is printed as. The upper half of `call` is an interface version and does not choose the call.
/// Source: include/uapi/linux/ipc.h.
pub fn called(call: u32) -> Option<&'static str> {
    IPC_CALLS.iter().find(|row| u32::from(row.call) == call & 0xffff).map(|row| row.name)
}

/// Mask that takes IPC_64 off a command.
const COMMAND: u64 = 0xffff_feff;

const KEY: Kind = by_masked(arg(0), 0xffff_ffff, cases![(0, value(&sets::IPC_KEY))], &HEX);
const SEM_BUF: Kind = place(&s::SEMBUF);
const MQ_OPEN: Kind = place(&s::MQ_ATTR_OPEN);
const MQ: Kind = place(&s::MQ_ATTR);
const EVENT: Kind = custom(Custom::SigEvent);

const SHM_DS: Kind = output(&const { place(&s::SHMID) });
const SHM_DS_I386: Kind = output(&const { place(&s::SHMID_I386) });
const SHM_SET_I386: Kind = input(&const { place(&s::SHMID_SET_I386) });
const SHM_SET: Kind = input(&const { place(&s::SHMID_SET) });
const SHM_LIMITS: Kind = output(&const { place(&s::SHMINFO) });
const SHM_USE: Kind = output(&const { place(&s::SHM_INFO) });
const SHM_BUF: Kind = by_masked(
    arg(1),
    COMMAND,
    cases![(1, SHM_SET), (2, SHM_DS), (3, SHM_LIMITS), (13, SHM_DS), (14, SHM_USE), (15, SHM_DS)],
    &ADDR,
);
const SHM_BUF_I386: Kind = by_masked(
    arg(1),
    COMMAND,
    cases![
        (1, SHM_SET_I386),
        (2, SHM_DS_I386),
        (3, SHM_LIMITS),
        (13, SHM_DS_I386),
        (14, SHM_USE),
        (15, SHM_DS_I386)
    ],
    &ADDR,
);
const SEM_DS: Kind = output(&const { place(&s::SEMID) });
const SEM_DS_I386: Kind = output(&const { place(&s::SEMID_I386) });
const SEM_SET_I386: Kind = input(&const { place(&s::SEMID_SET_I386) });
const SEM_SET: Kind = input(&const { place(&s::SEMID_SET) });
const SEM_LIMITS: Kind = output(&const { place(&s::SEMINFO) });
const SEM_ARG: Kind = by_masked(
    arg(2),
    COMMAND,
    cases![(1, SEM_SET), (2, SEM_DS), (3, SEM_LIMITS), (18, SEM_DS), (19, SEM_LIMITS), (20, SEM_DS)],
    &ADDR,
);
const SEM_ARG_I386: Kind = by_masked(
    arg(2),
    COMMAND,
    cases![
        (1, SEM_SET_I386),
        (2, SEM_DS_I386),
        (3, SEM_LIMITS),
        (18, SEM_DS_I386),
        (19, SEM_LIMITS),
        (20, SEM_DS_I386),
    ],
    &ADDR,
);
const MSG_DS: Kind = output(&const { place(&s::MSQID) });
const MSG_DS_I386: Kind = output(&const { place(&s::MSQID_I386) });
const MSG_SET: Kind = input(&const { place(&s::MSQID_SET) });
const MSG_SET_I386: Kind = input(&const { place(&s::MSQID_SET_I386) });
const MSG_LIMITS: Kind = output(&const { place(&s::MSGINFO) });
const MSG_BUF: Kind = by_masked(
    arg(1),
    COMMAND,
    cases![(1, MSG_SET), (2, MSG_DS), (3, MSG_LIMITS), (11, MSG_DS), (12, MSG_LIMITS), (13, MSG_DS)],
    &ADDR,
);
const MSG_BUF_I386: Kind = by_masked(
    arg(1),
    COMMAND,
    cases![
        (1, MSG_SET_I386),
        (2, MSG_DS_I386),
        (3, MSG_LIMITS),
        (11, MSG_DS_I386),
        (12, MSG_LIMITS),
        (13, MSG_DS_I386)
    ],
    &ADDR,
);

crate::signatures! {
    /// The family's rows.
    TABLE:
    shmget(key: KEY, size: SIZE, shmflg: custom(Custom::IpcFlags(&sets::SHMGET, Some("SHM_HUGE_SHIFT")))) -> INT;
    shmat(shmid: INT, shmaddr: ADDR, shmflg: bits(&sets::SHMAT)) -> HEXLONG;
    shmdt(shmaddr: ADDR) -> INT;
    shmctl(shmid: INT, cmd: custom(Custom::IpcCommand(&sets::SHMCTL)), buf: SHM_BUF) -> INT;
    semget(key: KEY, nsems: INT, semflg: custom(Custom::IpcFlags(&sets::SEMGET, None))) -> INT;
    semop(semid: INT, sops: in_array(&SEM_BUF, of(nsops)), nsops: UINT) -> INT;
    semtimedop(semid: INT, sops: in_array(&SEM_BUF, of(nsops)), nsops: UINT, timeout: input(&TS)) -> INT;
    semctl(semid: INT, semnum: INT, cmd: custom(Custom::IpcCommand(&sets::SEMCTL)), arg: SEM_ARG) -> INT;
    msgget(key: KEY, msgflg: custom(Custom::IpcFlags(&sets::SEMGET, None))) -> INT;
    msgsnd(msqid: INT, msgp: custom(Custom::MsgBuf(Dir::In, of(msgsz))), msgsz: SIZE, msgflg: bits(&sets::MSG_OP)) -> INT;
    msgrcv(
        msqid: INT, msgp: custom(Custom::MsgBuf(Dir::Out, of(msgsz))), msgsz: SIZE, msgtyp: LONG,
        msgflg: bits(&sets::MSG_OP),
    ) -> SSIZE;
    msgctl(msqid: INT, cmd: custom(Custom::IpcCommand(&sets::MSGCTL)), buf: MSG_BUF) -> INT;
    mq_open(name: PATH, oflag: bits(&fs::OPEN), mode: MODE.when(oflag, 0x40), attr: input(&MQ_OPEN).when(oflag, 0x40)) -> FD;
    mq_unlink(name: PATH) -> INT;
    mq_timedsend(
        mqdes: FD, msg_ptr: in_bytes(of(msg_len)), msg_len: SIZE, msg_prio: UINT, abs_timeout: input(&TS),
    ) -> INT;
    mq_timedreceive(
        mqdes: FD, msg_ptr: out_bytes(RET), msg_len: SIZE, msg_prio: output(&UINT), abs_timeout: input(&TS),
    ) -> SSIZE;
    mq_notify(mqdes: FD, sevp: EVENT) -> INT;
    mq_getsetattr(mqdes: FD, newattr: input(&MQ), oldattr: output(&MQ)) -> INT;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    ipc(call: custom(Custom::IpcCall), first: HEXLONG, second: HEXLONG, third: HEXLONG, ptr: HEXLONG, fifth: HEXLONG) -> INT;
    shmctl(shmid: INT, cmd: custom(Custom::IpcCommand(&sets::SHMCTL)), buf: SHM_BUF_I386) -> INT;
    semctl(semid: INT, semnum: INT, cmd: custom(Custom::IpcCommand(&sets::SEMCTL)), arg: SEM_ARG_I386) -> INT;
    msgctl(msqid: INT, cmd: custom(Custom::IpcCommand(&sets::MSGCTL)), buf: MSG_BUF_I386) -> INT;
    semtimedop_time64(semid: INT, sops: in_array(&SEM_BUF, of(nsops)), nsops: UINT, timeout: input(&TS64)) -> INT;
    mq_timedsend_time64(
        mqdes: FD, msg_ptr: in_bytes(of(msg_len)), msg_len: SIZE, msg_prio: UINT, abs_timeout: input(&TS64),
    ) -> INT;
    mq_timedreceive_time64(
        mqdes: FD, msg_ptr: out_bytes(RET), msg_len: SIZE, msg_prio: output(&UINT), abs_timeout: input(&TS64),
    ) -> SSIZE;
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn the_version_does_not_choose_the_call() {
        assert_eq!(called(0x1_0001), Some("semop"));
        assert_eq!(called(24), Some("shmctl"));
        assert_eq!(called(5), None);
    }
}
