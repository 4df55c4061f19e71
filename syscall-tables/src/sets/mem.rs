//! Memory: the words of mmap(2), madvise(2), mbind(2), memfd_create(2) and their family.
//!
//! Names and order only. Source: include/uapi of the kernel, through `constants`.

use crate::constants::*;
use crate::sets;

sets! {
    /// Prot of mmap(2), mprotect(2).
    PROT: Bits, Hex, "PROT_???" {
        PROT_NONE & PROT_ALL, PROT_READ, PROT_WRITE, PROT_EXEC, PROT_SEM, PROT_GROWSDOWN, PROT_GROWSUP
    }

    /// The type in the low bits of the flags of mmap(2).
    MMAP_TYPE: Values, Hex, "MAP_???" {
        MAP_FILE, MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE, MAP_DROPPABLE
    }

    /// Flags of mmap(2) without the type and the size of huge pages.
    MMAP: Bits, Hex, "MAP_???" {
        MAP_FIXED, MAP_ANONYMOUS, MAP_32BIT, MAP_ABOVE4G, MAP_NORESERVE, MAP_POPULATE, MAP_NONBLOCK,
        MAP_GROWSDOWN, MAP_DENYWRITE, MAP_EXECUTABLE, MAP_LOCKED, MAP_STACK, MAP_HUGETLB, MAP_SYNC,
        MAP_FIXED_NOREPLACE
    }

    /// Advice of madvise(2), process_madvise(2).
    MADVISE: Values, Hex, "MADV_???" {
        MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE, MADV_REMOVE,
        MADV_DONTFORK, MADV_DOFORK, MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_HUGEPAGE, MADV_NOHUGEPAGE,
        MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK, MADV_KEEPONFORK, MADV_COLD, MADV_PAGEOUT,
        MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_DONTNEED_LOCKED, MADV_COLLAPSE, MADV_HWPOISON,
        MADV_SOFT_OFFLINE, MADV_GUARD_INSTALL, MADV_GUARD_REMOVE
    }

    /// Flags of mremap(2).
    MREMAP: Bits, Hex, "MREMAP_???" {
        MREMAP_MAYMOVE, MREMAP_FIXED, MREMAP_DONTUNMAP
    }

    /// Flags of map_shadow_stack(2).
    SHADOW_STACK: Bits, Hex, "SHADOW_STACK_???" {
        SHADOW_STACK_SET_TOKEN = 1, SHADOW_STACK_SET_MARKER = 2
    }

    /// Flags of msync(2).
    MSYNC: Bits, Hex, "MS_???" {
        MS_SYNC, MS_ASYNC, MS_INVALIDATE
    }

    /// Flags of mlockall(2).
    MLOCKALL: Bits, Hex, "MCL_???" {
        MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT
    }

    /// Flags of mlock2(2).
    MLOCK2: Bits, Hex, "MLOCK_???" {
        MLOCK_ONFAULT
    }

    /// Mode of mbind(2), set_mempolicy(2), without its flags.
    MPOL_MODE: Values, Hex, "MPOL_???" {
        MPOL_DEFAULT, MPOL_PREFERRED, MPOL_BIND, MPOL_INTERLEAVE, MPOL_LOCAL, MPOL_PREFERRED_MANY,
        MPOL_WEIGHTED_INTERLEAVE
    }

    /// Flags inside mode of mbind(2), set_mempolicy(2).
    MPOL_MODE_FLAGS: Bits, Hex, "MPOL_???" {
        MPOL_F_STATIC_NODES, MPOL_F_RELATIVE_NODES, MPOL_F_NUMA_BALANCING
    }

    /// Mode of mbind(2), set_mempolicy(2): a mode with flags.
    MPOL: Bits, Hex, "MPOL_???" {
        MPOL_DEFAULT & MPOL_MODE_MASK, MPOL_PREFERRED & MPOL_MODE_MASK, MPOL_BIND & MPOL_MODE_MASK,
        MPOL_INTERLEAVE & MPOL_MODE_MASK, MPOL_LOCAL & MPOL_MODE_MASK,
        MPOL_PREFERRED_MANY & MPOL_MODE_MASK, MPOL_WEIGHTED_INTERLEAVE & MPOL_MODE_MASK,
        MPOL_F_STATIC_NODES, MPOL_F_RELATIVE_NODES, MPOL_F_NUMA_BALANCING
    }

    /// Flags of get_mempolicy(2).
    GET_MEMPOLICY: Bits, Hex, "MPOL_???" {
        MPOL_F_NODE, MPOL_F_ADDR, MPOL_F_MEMS_ALLOWED
    }

    /// Flags of mbind(2).
    MBIND: Bits, Hex, "MPOL_???" {
        MPOL_MF_STRICT, MPOL_MF_MOVE, MPOL_MF_MOVE_ALL
    }

    /// Flags of move_pages(2).
    MOVE_PAGES: Bits, Hex, "MPOL_???" {
        MPOL_MF_MOVE, MPOL_MF_MOVE_ALL
    }

    /// Flags of memfd_create(2) without the huge page size.
    MEMFD: Bits, Hex, "MFD_???" {
        MFD_CLOEXEC, MFD_ALLOW_SEALING, MFD_HUGETLB, MFD_NOEXEC_SEAL, MFD_EXEC
    }

    /// Access rights of pkey_alloc(2).
    PKEY_ACCESS: Bits, Hex, "PKEY_???" {
        PKEY_DISABLE_ACCESS, PKEY_DISABLE_WRITE, PKEY_DISABLE_EXECUTE = 0x4, PKEY_DISABLE_READ = 0x8
    }

    /// Flags of userfaultfd(2).
    USERFAULTFD: Bits, Hex, "UFFD_???" {
        UFFD_USER_MODE_ONLY, O_NONBLOCK, O_CLOEXEC
    }

    /// Uffdio_api.features.
    UFFD_FEATURES: Bits, Hex, "UFFD_FEATURE_???" {
        UFFD_FEATURE_PAGEFAULT_FLAG_WP, UFFD_FEATURE_EVENT_FORK, UFFD_FEATURE_EVENT_REMAP,
        UFFD_FEATURE_EVENT_REMOVE, UFFD_FEATURE_MISSING_HUGETLBFS, UFFD_FEATURE_MISSING_SHMEM,
        UFFD_FEATURE_EVENT_UNMAP, UFFD_FEATURE_SIGBUS, UFFD_FEATURE_THREAD_ID,
        UFFD_FEATURE_MINOR_HUGETLBFS, UFFD_FEATURE_MINOR_SHMEM, UFFD_FEATURE_EXACT_ADDRESS,
        UFFD_FEATURE_WP_HUGETLBFS_SHMEM, UFFD_FEATURE_WP_UNPOPULATED, UFFD_FEATURE_POISON,
        UFFD_FEATURE_WP_ASYNC, UFFD_FEATURE_MOVE
    }

    /// Uffdio_register.mode.
    UFFD_REGISTER: Bits, Hex, "UFFDIO_REGISTER_MODE_???" {
        UFFDIO_REGISTER_MODE_MISSING, UFFDIO_REGISTER_MODE_WP, UFFDIO_REGISTER_MODE_MINOR
    }

    /// Uffdio_copy.mode.
    UFFD_COPY: Bits, Hex, "UFFDIO_COPY_???" {
        UFFDIO_COPY_MODE_DONTWAKE, UFFDIO_COPY_MODE_WP
    }

    /// Uffdio_zeropage.mode.
    UFFD_ZEROPAGE: Bits, Hex, "UFFDIO_ZEROPAGE_???" {
        UFFDIO_ZEROPAGE_MODE_DONTWAKE
    }

    /// Bit numbers of uffdio_api.ioctls and uffdio_register.ioctls, as bits.
    UFFD_IOCTLS: Bits, Hex, "_UFFDIO_???" {
        _UFFDIO_REGISTER_BIT = 0x1, _UFFDIO_UNREGISTER_BIT = 0x2, _UFFDIO_WAKE_BIT = 0x4,
        _UFFDIO_COPY_BIT = 0x8, _UFFDIO_ZEROPAGE_BIT = 0x10, _UFFDIO_MOVE_BIT = 0x20,
        _UFFDIO_WRITEPROTECT_BIT = 0x40, _UFFDIO_CONTINUE_BIT = 0x80, _UFFDIO_POISON_BIT = 0x100,
        _UFFDIO_API_BIT = 0x8000_0000_0000_0000
    }
}
