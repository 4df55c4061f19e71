//! Structs of System V and POSIX IPC: shmctl(2), semctl(2), msgctl(2), mq_open(3), futex_waitv(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape, Width};
use crate::sets::ipc as sets;

crate::structs! {
    /// `struct ipc64_perm`.
    PERM "ipc64_perm" {
        key: UINT, uid: ID, gid: ID, cuid: ID, cgid: ID, mode: MODE32, _seq: U16, _pad: U16, _unused1: ULONG, _unused2: ULONG,
    } show [uid, gid, mode, key, cuid, cgid];
    /// `struct ipc64_perm` of i386.
    PERM_I386 "ipc64_perm" {
        key: UINT, uid: ID, gid: ID, cuid: ID, cgid: ID, mode: MODE16, _pad: U16, _seq: U16, _pad2: U16,
        _unused1: ULONG, _unused2: ULONG,
    } show [uid, gid, mode, key, cuid, cgid];
    /// `struct ipc64_perm` of i386 as IPC_SET reads it.
    PERM_SET_I386 "ipc64_perm" {
        key: UINT, uid: ID, gid: ID, cuid: ID, cgid: ID, mode: MODE16, _pad: U16, _seq: U16, _pad2: U16,
        _unused1: ULONG, _unused2: ULONG,
    } show [uid, gid, mode];
    /// `struct ipc64_perm` as IPC_SET reads it.
    PERM_SET "ipc64_perm" {
        key: UINT, uid: ID, gid: ID, cuid: ID, cgid: ID, mode: MODE32, _seq: U16, _pad: U16, _unused1: ULONG, _unused2: ULONG,
    } show [uid, gid, mode];
    /// `struct shmid64_ds` of 64-bit ABIs.
    SHMID "shmid64_ds" {
        shm_perm: IPC_PERM, shm_segsz: ULONG, shm_atime: ULONG, shm_dtime: ULONG, shm_ctime: ULONG, shm_cpid: PID,
        shm_lpid: PID, shm_nattch: ULONG, _unused4: ULONG, _unused5: ULONG,
    } show [shm_perm, shm_segsz, shm_cpid, shm_lpid, shm_nattch, shm_atime, shm_dtime, shm_ctime];
    /// `struct shmid64_ds` of i386.
    SHMID_I386 "shmid64_ds" {
        shm_perm: IPC_PERM_I386, shm_segsz: ULONG, shm_atime: ULONG, _atime_high: ULONG, shm_dtime: ULONG,
        _dtime_high: ULONG, shm_ctime: ULONG, _ctime_high: ULONG, shm_cpid: PID, shm_lpid: PID, shm_nattch: ULONG,
        _unused4: ULONG, _unused5: ULONG,
    } show [shm_perm, shm_segsz, shm_cpid, shm_lpid, shm_nattch, shm_atime, shm_dtime, shm_ctime];
    /// `struct shmid64_ds` as IPC_SET reads it.
    SHMID_SET "shmid64_ds" { shm_perm: IPC_PERM_SET, _rest: Kind::new(Shape::Inline(&ULONG, 8)) } show [shm_perm];
    /// `struct shmid64_ds` of i386 as IPC_SET reads it.
    SHMID_SET_I386 "shmid64_ds" { shm_perm: IPC_PERM_SET_I386, _rest: Kind::new(Shape::Inline(&ULONG, 12)) }
        show [shm_perm];
    /// `struct shminfo64`.
    SHMINFO "shminfo64" {
        shmmax: ULONG, shmmin: ULONG, shmmni: ULONG, shmseg: ULONG, shmall: ULONG,
        _unused: Kind::new(Shape::Inline(&ULONG, 4)),
    } show [shmmax, shmmin, shmmni, shmseg, shmall];
    /// `struct shm_info`.
    SHM_INFO "shm_info" {
        used_ids: INT, shm_tot: ULONG, shm_rss: ULONG, shm_swp: ULONG, swap_attempts: ULONG, swap_successes: ULONG,
    };
    /// `struct semid64_ds` of x86, 32 and 64 bits: a spare word after each time.
    SEMID "semid64_ds" {
        sem_perm: IPC_PERM, sem_otime: ULONG, _unused1: ULONG, sem_ctime: ULONG, _unused2: ULONG, sem_nsems: ULONG,
        _unused3: ULONG, _unused4: ULONG,
    } show [sem_perm, sem_otime, sem_ctime, sem_nsems];
    /// `struct semid64_ds` of i386.
    SEMID_I386 "semid64_ds" {
        sem_perm: IPC_PERM_I386, sem_otime: ULONG, _unused1: ULONG, sem_ctime: ULONG, _unused2: ULONG, sem_nsems: ULONG,
        _unused3: ULONG, _unused4: ULONG,
    } show [sem_perm, sem_otime, sem_ctime, sem_nsems];
    /// `struct semid64_ds` as IPC_SET reads it.
    SEMID_SET "semid64_ds" { sem_perm: IPC_PERM_SET, _rest: Kind::new(Shape::Inline(&ULONG, 7)) } show [sem_perm];
    /// `struct semid64_ds` of i386 as IPC_SET reads it.
    SEMID_SET_I386 "semid64_ds" { sem_perm: IPC_PERM_SET_I386, _rest: Kind::new(Shape::Inline(&ULONG, 7)) }
        show [sem_perm];
    /// `struct seminfo`.
    SEMINFO "seminfo" {
        semmap: INT, semmni: INT, semmns: INT, semmnu: INT, semmsl: INT, semopm: INT, semume: INT, semusz: INT,
        semvmx: INT, semaem: INT,
    };
    /// `struct msqid64_ds` of 64-bit ABIs.
    MSQID "msqid64_ds" {
        msg_perm: IPC_PERM, msg_stime: ULONG, msg_rtime: ULONG, msg_ctime: ULONG, _cbytes: ULONG, msg_qnum: ULONG,
        msg_qbytes: ULONG, msg_lspid: PID, msg_lrpid: PID, _unused4: ULONG, _unused5: ULONG,
    } show [msg_perm, msg_stime, msg_rtime, msg_ctime, msg_qnum, msg_qbytes, msg_lspid, msg_lrpid];
    /// `struct msqid64_ds` of i386.
    MSQID_I386 "msqid64_ds" {
        msg_perm: IPC_PERM_I386, msg_stime: ULONG, _stime_high: ULONG, msg_rtime: ULONG, _rtime_high: ULONG,
        msg_ctime: ULONG, _ctime_high: ULONG, _cbytes: ULONG, msg_qnum: ULONG, msg_qbytes: ULONG, msg_lspid: PID,
        msg_lrpid: PID, _unused4: ULONG, _unused5: ULONG,
    } show [msg_perm, msg_stime, msg_rtime, msg_ctime, msg_qnum, msg_qbytes, msg_lspid, msg_lrpid];
    /// `struct msqid64_ds` of 64-bit ABIs as IPC_SET reads it.
    MSQID_SET "msqid64_ds" {
        msg_perm: IPC_PERM_SET, _times: Kind::new(Shape::Inline(&ULONG, 3)), _cbytes: ULONG, _qnum: ULONG,
        msg_qbytes: ULONG, _pids: Kind::new(Shape::Inline(&UINT, 2)), _rest: Kind::new(Shape::Inline(&ULONG, 2)),
    } show [msg_perm, msg_qbytes];
    /// `struct msqid64_ds` of i386 as IPC_SET reads it.
    MSQID_SET_I386 "msqid64_ds" {
        msg_perm: IPC_PERM_SET_I386, _times: Kind::new(Shape::Inline(&ULONG, 6)), _cbytes: ULONG, _qnum: ULONG,
        msg_qbytes: ULONG, _pids: Kind::new(Shape::Inline(&UINT, 2)), _rest: Kind::new(Shape::Inline(&ULONG, 2)),
    } show [msg_perm, msg_qbytes];
    /// `struct msginfo`.
    MSGINFO "msginfo" {
        msgpool: INT, msgmap: INT, msgmax: INT, msgmnb: INT, msgmni: INT, msgssz: INT, msgtql: INT, msgseg: U16,
    };
    /// `struct sembuf`.
    SEMBUF "sembuf" { sem_num: U16, sem_op: I16, sem_flg: bits16(&sets::SEMOP) };
    /// `struct mq_attr` of mq_open(2), which ignores its flags: a bare number.
    MQ_ATTR_OPEN "mq_attr" { mq_flags: HEXLONG, mq_maxmsg: LONG, mq_msgsize: LONG, mq_curmsgs: LONG, _reserved: SPARE };
    /// `struct mq_attr` of mq_getsetattr(2).
    MQ_ATTR "mq_attr" { mq_flags: longbits(&sets::MQ_FLAGS), mq_maxmsg: LONG, mq_msgsize: LONG, mq_curmsgs: LONG, _reserved: SPARE };
    /// `struct futex_waitv`; the last member is printed when it is not zero.
    FUTEX_WAITV "futex_waitv" {
        val: HEX64, uaddr: custom(Custom::Address64), flags: bits(&sets::FUTEX_WAITV),
        __reserved: HEX.when(__reserved, 0xffff_ffff),
    } show [val, uaddr, flags, __reserved];
}

const IPC_PERM: Kind = Kind::new(Shape::Struct(&PERM));
const IPC_PERM_SET: Kind = Kind::new(Shape::Struct(&PERM_SET));
const IPC_PERM_I386: Kind = Kind::new(Shape::Struct(&PERM_I386));
const IPC_PERM_SET_I386: Kind = Kind::new(Shape::Struct(&PERM_SET_I386));
const SPARE: Kind = Kind::new(Shape::Inline(&LONG, 4));
const MODE16: Kind = Kind::new(Shape::Mode(Width::W16));
