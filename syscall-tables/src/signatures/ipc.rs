//! System V and POSIX IPC: shmget(2), semget(2), msgget(2), mq_open(3).

use crate::kinds::*;
use crate::sets::{fs, ipc as set};
use crate::structs::time::{TS, TS64};

crate::signatures! {
    /// The family's rows.
    TABLE:
    shmget(key: HEX, size: SIZE, shmflg: HEX) -> INT;
    shmat(shmid: INT, shmaddr: ADDR, shmflg: bits(&set::SHMAT)) -> HEXLONG;
    shmdt(shmaddr: ADDR) -> INT;
    shmctl(shmid: INT, cmd: bits(&set::SHMCTL), buf: ADDR) -> INT;
    semget(key: HEX, nsems: INT, semflg: HEX) -> INT;
    semop(semid: INT, sops: ADDR, nsops: UINT) -> INT;
    semtimedop(semid: INT, sops: ADDR, nsops: UINT, timeout: input(&TS)) -> INT;
    semctl(semid: INT, semnum: INT, cmd: bits(&set::SEMCTL), arg: HEXLONG) -> INT;
    msgget(key: HEX, msgflg: HEX) -> INT;
    msgsnd(msqid: INT, msgp: ADDR, msgsz: SIZE, msgflg: bits(&set::MSG_OP)) -> INT;
    msgrcv(msqid: INT, msgp: ADDR, msgsz: SIZE, msgtyp: LONG, msgflg: bits(&set::MSG_OP)) -> INT;
    msgctl(msqid: INT, cmd: bits(&set::MSGCTL), buf: ADDR) -> INT;
    mq_open(name: STR, oflag: bits(&fs::OPEN), mode: MODE.when(oflag, 0o100), attr: ADDR.when(oflag, 0o100)) -> FD;
    mq_unlink(name: STR) -> INT;
    mq_timedsend(mqdes: FD, msg_ptr: in_bytes(of(msg_len)), msg_len: SIZE, msg_prio: UINT, abs_timeout: input(&TS)) -> INT;
    mq_timedreceive(mqdes: FD, msg_ptr: out_bytes(RET), msg_len: SIZE, msg_prio: output(&UINT), abs_timeout: input(&TS)) -> INT;
    mq_notify(mqdes: FD, sevp: ADDR) -> INT;
    mq_getsetattr(mqdes: FD, newattr: ADDR, oldattr: ADDR) -> INT;
    ipc(call: UINT, first: HEXLONG, second: HEXLONG, third: HEXLONG, ptr: ADDR, fifth: HEXLONG) -> INT;
    semtimedop_time64(semid: INT, sops: ADDR, nsops: UINT, timeout: input(&TS64)) -> INT;
    mq_timedsend_time64(mqdes: FD, msg_ptr: in_bytes(of(msg_len)), msg_len: SIZE, msg_prio: UINT, abs_timeout: input(&TS64)) -> INT;
    mq_timedreceive_time64(mqdes: FD, msg_ptr: out_bytes(RET), msg_len: SIZE, msg_prio: output(&UINT), abs_timeout: input(&TS64)) -> INT;
}
