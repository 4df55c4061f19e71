//! System V and POSIX message passing, semaphores and shared memory.
//!
//! Names and order only. Source: include/uapi of the kernel, through `constants`.

use crate::constants::*;
use crate::sets;

sets! {
    /// Flags of shmget(2) without mode and huge page size.
    SHMGET: Bits, Hex, "SHM_???" {
        IPC_CREAT, IPC_EXCL, SHM_HUGETLB, SHM_NORESERVE
    }

    /// Flags of semget(2), msgget(2) without mode.
    SEMGET: Bits, Hex, "IPC_???" {
        IPC_CREAT, IPC_EXCL, IPC_NOWAIT
    }

    /// Flags of shmat(2).
    SHMAT: Bits, Hex, "SHM_???" {
        SHM_RDONLY, SHM_RND, SHM_REMAP, SHM_EXEC
    }

    /// Command of shmctl(2).
    SHMCTL: Values, Hex, "SHM_???" {
        IPC_RMID, IPC_SET, IPC_STAT, IPC_INFO, SHM_LOCK, SHM_UNLOCK, SHM_STAT, SHM_INFO, SHM_STAT_ANY
    }

    /// Command of semctl(2).
    SEMCTL: Values, Hex, "SEM_???" {
        IPC_RMID, IPC_SET, IPC_STAT, IPC_INFO, SEM_STAT, SEM_INFO, SEM_STAT_ANY, GETPID, GETVAL, GETALL,
        GETNCNT, GETZCNT, SETVAL, SETALL
    }

    /// Command of msgctl(2).
    MSGCTL: Values, Hex, "MSG_???" {
        IPC_RMID, IPC_SET, IPC_STAT, IPC_INFO, MSG_STAT, MSG_INFO, MSG_STAT_ANY
    }

    /// Sembuf.sem_flg of semop(2).
    SEMOP: Bits, Hex, "SEM_???" {
        SEM_UNDO, IPC_NOWAIT
    }

    /// Flags of msgsnd(2), msgrcv(2).
    MSG_OP: Bits, Hex, "MSG_???" {
        MSG_NOERROR, MSG_EXCEPT, MSG_COPY = 0x4000, IPC_NOWAIT
    }

    /// Call of the i386 ipc(2) multiplexer.
    IPC_CALL: Values, Dec, "IPC_???" {
        SEMOP = 1, SEMGET = 2, SEMCTL = 3, SEMTIMEDOP = 4, MSGSND = 11, MSGRCV = 12, MSGGET = 13,
        MSGCTL = 14, SHMAT = 21, SHMDT = 22, SHMGET = 23, SHMCTL = 24
    }

    /// Futex_op of futex(2): the operation with its flags, as far as they go together.
    FUTEX: Values, Hex, "FUTEX_???" {
        FUTEX_WAIT, FUTEX_WAKE, FUTEX_FD, FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP,
        FUTEX_LOCK_PI, FUTEX_UNLOCK_PI, FUTEX_TRYLOCK_PI, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET,
        FUTEX_WAIT_REQUEUE_PI, FUTEX_CMP_REQUEUE_PI, FUTEX_LOCK_PI2, FUTEX_WAIT_PRIVATE,
        FUTEX_WAKE_PRIVATE, "FUTEX_FD|FUTEX_PRIVATE_FLAG" = 0x82, FUTEX_REQUEUE_PRIVATE,
        FUTEX_CMP_REQUEUE_PRIVATE, FUTEX_WAKE_OP_PRIVATE, FUTEX_LOCK_PI_PRIVATE,
        FUTEX_UNLOCK_PI_PRIVATE, FUTEX_TRYLOCK_PI_PRIVATE, FUTEX_WAIT_BITSET_PRIVATE,
        FUTEX_WAKE_BITSET_PRIVATE, FUTEX_WAIT_REQUEUE_PI_PRIVATE, FUTEX_CMP_REQUEUE_PI_PRIVATE,
        FUTEX_LOCK_PI2_PRIVATE, "FUTEX_WAIT|FUTEX_CLOCK_REALTIME" = 0x100,
        "FUTEX_WAIT_PRIVATE|FUTEX_CLOCK_REALTIME" = 0x180,
        "FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME" = 0x109,
        "FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME" = 0x189,
        "FUTEX_WAIT_REQUEUE_PI|FUTEX_CLOCK_REALTIME" = 0x10b,
        "FUTEX_WAIT_REQUEUE_PI_PRIVATE|FUTEX_CLOCK_REALTIME" = 0x18b
    }

    /// A key of shmget(2), semget(2), msgget(2) that has a name.
    IPC_KEY: Values, Hex, "" {
        IPC_PRIVATE = 0
    }

    /// Mq_attr.mq_flags.
    MQ_FLAGS: Bits, Hex, "O_???" {
        O_NONBLOCK
    }

    /// The operation inside val3 of FUTEX_WAKE_OP.
    FUTEX_WAKE_OPS: Values, Hex, "FUTEX_OP_???" {
        FUTEX_OP_SET, FUTEX_OP_ADD, FUTEX_OP_OR, FUTEX_OP_ANDN, FUTEX_OP_XOR
    }

    /// The comparison inside val3 of FUTEX_WAKE_OP.
    FUTEX_WAKE_CMP: Values, Hex, "FUTEX_OP_CMP_???" {
        FUTEX_OP_CMP_EQ, FUTEX_OP_CMP_NE, FUTEX_OP_CMP_LT, FUTEX_OP_CMP_LE, FUTEX_OP_CMP_GT,
        FUTEX_OP_CMP_GE
    }

    /// Flags of futex_wake(2), futex_wait(2), futex_requeue(2) and futex_waitv.flags.
    FUTEX2: Bits, Hex, "FUTEX2_???" {
        FUTEX2_SIZE_U8 & FUTEX2_SIZE_MASK, FUTEX2_SIZE_U16 & FUTEX2_SIZE_MASK,
        FUTEX2_SIZE_U32 & FUTEX2_SIZE_MASK, FUTEX2_SIZE_U64 & FUTEX2_SIZE_MASK, FUTEX2_NUMA,
        FUTEX2_MPOL, FUTEX2_PRIVATE
    }

    /// Futex_waitv.flags as futex_waitv(2) names them: the only size of its first release, and the
    /// private flag.
    FUTEX_WAITV: Bits, Hex, "FUTEX_???" {
        FUTEX_32, FUTEX_PRIVATE_FLAG
    }

    /// Cmd of membarrier(2).
    MEMBARRIER: Values, Hex, "MEMBARRIER_CMD_???" {
        MEMBARRIER_CMD_QUERY, MEMBARRIER_CMD_GLOBAL, MEMBARRIER_CMD_GLOBAL_EXPEDITED,
        MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, MEMBARRIER_CMD_PRIVATE_EXPEDITED,
        MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
        MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ,
        MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_GET_REGISTRATIONS
    }

    /// Result of membarrier MEMBARRIER_CMD_QUERY.
    MEMBARRIER_QUERY: Bits, Hex, "MEMBARRIER_CMD_???" {
        MEMBARRIER_CMD_GLOBAL, MEMBARRIER_CMD_GLOBAL_EXPEDITED,
        MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, MEMBARRIER_CMD_PRIVATE_EXPEDITED,
        MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
        MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ,
        MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_GET_REGISTRATIONS
    }

    /// Flags of membarrier(2).
    MEMBARRIER_FLAGS: Bits, Hex, "MEMBARRIER_CMD_FLAG_???" {
        MEMBARRIER_CMD_FLAG_CPU
    }

    /// Flags of rseq(2).
    RSEQ: Bits, Hex, "RSEQ_FLAG_???" {
        RSEQ_FLAG_UNREGISTER = 1
    }
}
