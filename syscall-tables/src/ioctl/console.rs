//! What ioctl takes and gives for consoles and keyboards. Source: ioctl_console(2), include/uapi/linux/kd.h, keyboard.h.

use super::argument::{Argument, Code, Row, place};
use crate::device::Device;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind};

crate::sets! {
    /// KDSETMODE.
    CONSOLE_MODE: Values, Hex, "KD_???" { KD_TEXT = 0, KD_GRAPHICS = 1, KD_TEXT0 = 2, KD_TEXT1 = 3 }

    /// KDGKBTYPE.
    KEYBOARD_TYPE: Values, Hex, "KB_???" { KB_84 = 1, KB_101 = 2, KB_OTHER = 3 }

    /// KDSKBMODE.
    KEYBOARD_MODE: Values, Dec, "K_???" { K_RAW = 0, K_XLATE = 1, K_MEDIUMRAW = 2, K_UNICODE = 3, K_OFF = 4 }

    /// KDSKBMETA.
    META_KEY: Values, Hex, "K_???" { K_METABIT = 3, K_ESCPREFIX = 4 }

    /// KDSETLED.
    LEDS: Bits, Hex, "LED_???" { LED_SCR = 1, LED_NUM = 2, LED_CAP = 4 }

    /// KDSKBLED: what is shown, and what is set.
    KEYBOARD_LEDS: Bits, Hex, "LED_???" {
        LED_SCR = 1, LED_NUM = 2, LED_CAP = 4, "LED_SCR<<4" = 0x10, "LED_NUM<<4" = 0x20, "LED_CAP<<4" = 0x40,
    }

    /// Kbentry.kb_table, the first ones.
    KEY_TABLE: Values, Hex, "K_???" { K_NORMTAB = 0, K_SHIFTTAB = 1, K_ALTTAB = 2, K_ALTSHIFTTAB = 3 }

    /// Kbentry.kb_table, those of several modifiers.
    KEY_MODIFIERS: Bits, Hex, "KG_???" {
        "1<<KG_SHIFT" = 1, "1<<KG_ALTGR" = 2, "1<<KG_CTRL" = 4, "1<<KG_ALT" = 8, "1<<KG_SHIFTL" = 0x10,
        "1<<KG_SHIFTR" = 0x20, "1<<KG_CTRLL" = 0x40, "1<<KG_CTRLR" = 0x80,
    }

    /// Kbentry.kb_value that has a name, but for function keys.
    KEY_VALUE: Values, Hex, "K_???" {
        K_FIND = 0x114, K_INSERT = 0x115, K_REMOVE = 0x116, K_SELECT = 0x117, K_PGUP = 0x118, K_PGDN = 0x119,
        K_MACRO = 0x11a, K_HELP = 0x11b, K_DO = 0x11c, K_PAUSE = 0x11d, K_UNDO = 0x1ff, K_HOLE = 0x200,
        K_ENTER = 0x201, K_SH_REGS = 0x202, K_SH_MEM = 0x203, K_SH_STAT = 0x204, K_BREAK = 0x205,
        K_CONS = 0x206, K_CAPS = 0x207, K_NUM = 0x208, K_HOLD = 0x209, K_SCROLLFORW = 0x20a,
        K_SCROLLBACK = 0x20b, K_BOOT = 0x20c, K_CAPSON = 0x20d, K_COMPOSE = 0x20e, K_SAK = 0x20f,
        K_DECRCONSOLE = 0x210, K_INCRCONSOLE = 0x211, K_SPAWNCONSOLE = 0x212, K_BARENUMLOCK = 0x213,
        K_ALLOCATED = 0x27e, K_NOSUCHMAP = 0x27f, K_P0 = 0x300, K_P1 = 0x301, K_P2 = 0x302, K_P3 = 0x303,
        K_P4 = 0x304, K_P5 = 0x305, K_P6 = 0x306, K_P7 = 0x307, K_P8 = 0x308, K_P9 = 0x309, K_PPLUS = 0x30a,
        K_PMINUS = 0x30b, K_PSTAR = 0x30c, K_PSLASH = 0x30d, K_PENTER = 0x30e, K_PCOMMA = 0x30f,
        K_PDOT = 0x310, K_PPLUSMINUS = 0x311, K_PPARENL = 0x312, K_PPARENR = 0x313, K_DGRAVE = 0x400,
        K_DACUTE = 0x401, K_DCIRCM = 0x402, K_DTILDE = 0x403, K_DDIERE = 0x404, K_DCEDIL = 0x405,
        K_DMACRON = 0x406, K_DBREVE = 0x407, K_DABDOT = 0x408, K_DABRING = 0x409, K_DDBACUTE = 0x40a,
        K_DCARON = 0x40b, K_DOGONEK = 0x40c, K_DIOTA = 0x40d, K_DVOICED = 0x40e, K_DSEMVOICED = 0x40f,
        K_DBEDOT = 0x410, K_DHOOK = 0x411, K_DHORN = 0x412, K_DSTROKE = 0x413, K_DABCOMMA = 0x414,
        K_DABREVCOMMA = 0x415, K_DDBGRAVE = 0x416, K_DINVBREVE = 0x417, K_DBECOMMA = 0x418,
        K_DCURRENCY = 0x419, K_DGREEK = 0x41a, K_DOWN = 0x600, K_LEFT = 0x601, K_RIGHT = 0x602, K_UP = 0x603,
        K_SHIFT = 0x700, K_ALTGR = 0x701, K_CTRL = 0x702, K_ALT = 0x703, K_SHIFTL = 0x704, K_SHIFTR = 0x705,
        K_CTRLL = 0x706, K_CTRLR = 0x707, K_CAPSSHIFT = 0x708, K_ASC0 = 0x900, K_ASC1 = 0x901, K_ASC2 = 0x902,
        K_ASC3 = 0x903, K_ASC4 = 0x904, K_ASC5 = 0x905, K_ASC6 = 0x906, K_ASC7 = 0x907, K_ASC8 = 0x908,
        K_ASC9 = 0x909, K_HEX0 = 0x90a, K_HEX1 = 0x90b, K_HEX2 = 0x90c, K_HEX3 = 0x90d, K_HEX4 = 0x90e,
        K_HEX5 = 0x90f, K_HEX6 = 0x910, K_HEX7 = 0x911, K_HEX8 = 0x912, K_HEX9 = 0x913, K_HEXa = 0x914,
        K_HEXb = 0x915, K_HEXc = 0x916, K_HEXd = 0x917, K_HEXe = 0x918, K_HEXf = 0x919, K_SHIFTLOCK = 0xa00,
        K_ALTGRLOCK = 0xa01, K_CTRLLOCK = 0xa02, K_ALTLOCK = 0xa03, K_SHIFTLLOCK = 0xa04, K_SHIFTRLOCK = 0xa05,
        K_CTRLLLOCK = 0xa06, K_CTRLRLOCK = 0xa07, K_CAPSSHIFTLOCK = 0xa08, K_SHIFT_SLOCK = 0xc00,
        K_ALTGR_SLOCK = 0xc01, K_CTRL_SLOCK = 0xc02, K_ALT_SLOCK = 0xc03, K_SHIFTL_SLOCK = 0xc04,
        K_SHIFTR_SLOCK = 0xc05, K_CTRLL_SLOCK = 0xc06, K_CTRLR_SLOCK = 0xc07, K_CAPSSHIFT_SLOCK = 0xc08,
        K_BRL_BLANK = 0xe00, K_BRL_DOT1 = 0xe01, K_BRL_DOT2 = 0xe02, K_BRL_DOT3 = 0xe03, K_BRL_DOT4 = 0xe04,
        K_BRL_DOT5 = 0xe05, K_BRL_DOT6 = 0xe06, K_BRL_DOT7 = 0xe07, K_BRL_DOT8 = 0xe08, K_BRL_DOT9 = 0xe09,
        K_BRL_DOT10 = 0xe0a,
    }

    /// The high byte of kbentry.kb_value.
    KEY_TYPE: Values, Hex, "KT_???" {
        KT_LATIN = 0, KT_FN = 1, KT_SPEC = 2, KT_PAD = 3, KT_DEAD = 4, KT_CONS = 5, KT_CUR = 6, KT_SHIFT = 7,
        KT_META = 8, KT_ASCII = 9, KT_LOCK = 10, KT_LETTER = 11, KT_SLOCK = 12, KT_DEAD2 = 13, KT_BRL = 14,
    }

    /// Console_font_op.op.
    FONT_OP: Values, Hex, "KD_FONT_OP_???" {
        KD_FONT_OP_SET = 0, KD_FONT_OP_GET = 1, KD_FONT_OP_SET_DEFAULT = 2, KD_FONT_OP_COPY = 3,
    }

    /// Console_font_op.flags.
    FONT_FLAGS: Bits, Hex, "KD_FONT_FLAG_???" { KD_FONT_FLAG_DONT_RECALC = 1, KD_FONT_FLAG_OLD = 0x80000000 }
}

/// The types of keys whose value is a character.
pub static CHARACTERS: &[u64] = &[0, 8, 11, 13];

crate::structs! {
    /// `struct kbkeycode`.
    KEYCODE "kbkeycode" { scancode: HEX, keycode: HEX };
    /// `struct kbkeycode` as it is asked and answered.
    KEYCODE_GET "kbkeycode" { scancode: HEX, keycode: device(Device::Changed(&HEX)) };
    /// `struct kbd_repeat`.
    REPEAT "kbd_repeat" { delay: INT, period: INT };
    /// `struct kbdiacr`.
    ACCENT "kbdiacr" { diacr: CHARACTER, base: CHARACTER, result: CHARACTER };
    /// `struct kbdiacruc`.
    WIDE_ACCENT "kbdiacruc" { diacr: HEX, base: HEX, result: HEX };
    /// `struct unipair`.
    PAIR "unipair" { unicode: HEX16, fontpos: HEX16 };
    /// `struct unimapinit`.
    MAP_INIT "unimapinit" { advised_hashsize: U16, advised_hashstep: U16, advised_hashlevel: U16 };
}

const CHARACTER: Kind = device(Device::Character);

const fn noise(dir: Dir, size: u32) -> Kind {
    custom(Custom::HexBytes(dir, fixed(size)))
}

/// Commands, and what their arguments point to.
pub static ROWS: &[Row] = &[
    (&[0x4b40], Argument::Value(&const { noise(Dir::Out, 256) })),
    (&[0x4b41], Argument::Value(&const { noise(Dir::In, 256) })),
    (&[0x4b46], Argument::Coded(Code::KeyEntry(false))),
    (&[0x4b47], Argument::Coded(Code::KeyEntry(true))),
    (&[0x4b48], Argument::Coded(Code::KeyText(false))),
    (&[0x4b49], Argument::Coded(Code::KeyText(true))),
    (&[0x4b4a], Argument::Coded(Code::Accents(false, false))),
    (&[0x4b4b], Argument::Coded(Code::Accents(true, false))),
    (&[0x4b4c], Argument::Updated(&const { place(&KEYCODE_GET) })),
    (&[0x4b4e], Argument::Value(&const { custom(Custom::LongSignal) })),
    (&[0x4b4d], Argument::given(&const { place(&KEYCODE) })),
    (&[0x4b52], Argument::Becomes(&const { place(&REPEAT) }, &const { place(&REPEAT) })),
    (&[0x4b60], Argument::Value(&const { noise(Dir::Out, 8192) })),
    (&[0x4b61], Argument::Value(&const { noise(Dir::In, 8192) })),
    (&[0x4b66], Argument::Coded(Code::GlyphMap(false))),
    (&[0x4b67], Argument::Coded(Code::GlyphMap(true))),
    (&[0x4b68], Argument::given(&const { place(&MAP_INIT) })),
    (&[0x4b69], Argument::Coded(Code::ScreenMap(false))),
    (&[0x4b6a], Argument::Coded(Code::ScreenMap(true))),
    (&[0x4b6b], Argument::Coded(Code::Font(false))),
    (&[0x4b6c], Argument::Coded(Code::Font(true))),
    (&[0x4b70], Argument::Value(&const { noise(Dir::Out, 48) })),
    (&[0x4b71], Argument::Value(&const { noise(Dir::In, 48) })),
    (&[0x4b72], Argument::Coded(Code::FontOperation)),
    (&[0x4bfa], Argument::Coded(Code::Accents(false, true))),
    (&[0x4bfb], Argument::Coded(Code::Accents(true, true))),
    (&[0x4b36, 0x4b37, 0x4b3c, 0x4b3d, 0x4b6d], Argument::Nothing),
    (&[0x4b3a], Argument::Value(&const { bits(&CONSOLE_MODE) })),
    (&[0x4b45], Argument::Value(&const { bits(&KEYBOARD_MODE) })),
    (&[0x4b63], Argument::Value(&const { bits(&META_KEY) })),
    (&[0x4b32], Argument::Value(&const { bits8(&LEDS) })),
    (&[0x4b65], Argument::Value(&const { bits8(&KEYBOARD_LEDS) })),
    (&[0x4b2f], Argument::Coded(Code::Tone(false))),
    (&[0x4b30], Argument::Coded(Code::Tone(true))),
    (&[0x4b31], Argument::told(&const { bits8(&LEDS) })),
    (&[0x4b64], Argument::told(&const { bits8(&KEYBOARD_LEDS) })),
    (&[0x4b33], Argument::told(&const { bits8(&KEYBOARD_TYPE) })),
    (&[0x4b3b], Argument::told(&const { bits(&CONSOLE_MODE) })),
    (&[0x4b44], Argument::told(&const { bits(&KEYBOARD_MODE) })),
    (&[0x4b62], Argument::told(&const { bits(&META_KEY) })),
];
