//! Instructions as text, in AT&T's spelling or Intel's, as gdb shows them. Pure.

use iced_x86::{
    Decoder, DecoderOptions, Formatter, GasFormatter, Instruction, IntelFormatter, MemorySizeOptions,
};

/// Whose spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flavor {
    /// AT&T's.
    #[default]
    Att,
    /// Intel's.
    Intel,
}

/// An instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it is.
    pub address: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its spelling.
    pub text: String,
}

/// The instructions at the head of some code; at most `limit`.
pub fn instructions(
    code: &[u8],
    address: u64,
    flavor: Flavor,
    limit: usize,
    symbol: &dyn Fn(u64) -> String,
) -> Vec<Line> {
    let mut decoder = Decoder::with_ip(64, code, address, DecoderOptions::NONE);
    let mut lines = Vec::new();
    while decoder.can_decode() && lines.len() < limit {
        let instruction = decoder.decode();
        if instruction.is_invalid() && decoder.position() + 15 > code.len() {
            break;
        }
        let start = (instruction.ip() - address) as usize;
        let bytes = code.get(start..start + instruction.len()).unwrap_or_default().to_vec();
        lines.push(Line { address: instruction.ip(), bytes, text: spelled(&instruction, flavor, symbol) });
    }
    lines
}

fn spelled(instruction: &Instruction, flavor: Flavor, symbol: &dyn Fn(u64) -> String) -> String {
    if instruction.is_invalid() {
        return "(bad)".into();
    }
    let mut text = String::new();
    match flavor {
        Flavor::Att => {
            let mut formatter = GasFormatter::new();
            let options = formatter.options_mut();
            options.set_uppercase_hex(false);
            options.set_space_after_operand_separator(false);
            options.set_branch_leading_zeros(false);
            options.set_first_operand_char_index(7);
            options.set_rip_relative_addresses(false);
            options.set_small_hex_numbers_in_decimal(false);
            options.set_show_branch_size(false);
            formatter.format(instruction, &mut text);
        }
        Flavor::Intel => {
            let mut formatter = IntelFormatter::new();
            let options = formatter.options_mut();
            options.set_uppercase_hex(false);
            options.set_uppercase_keywords(true);
            options.set_memory_size_options(MemorySizeOptions::Always);
            options.set_hex_prefix("0x");
            options.set_hex_suffix("");
            options.set_branch_leading_zeros(false);
            options.set_first_operand_char_index(7);
            options.set_small_hex_numbers_in_decimal(false);
            options.set_show_branch_size(false);
            options.set_space_after_operand_separator(false);
            formatter.format(instruction, &mut text);
        }
    }
    if instruction.is_jcc_short_or_near() || instruction.is_jmp_short_or_near() || instruction.is_call_near()
    {
        text.push_str(&symbol(instruction.near_branch_target()));
    } else if instruction.is_ip_rel_memory_operand() {
        let address = instruction.ip_rel_memory_address();
        text.push_str(&format!("        # {address:#x}{}", symbol(address)));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings() {
        let code = [0x55, 0x48, 0x89, 0xe5, 0x8b, 0x45, 0xfc, 0xe8, 0x10, 0, 0, 0, 0xc3];
        let none = |_: u64| String::new();
        let texts = |flavor| {
            let lines = instructions(&code, 0x1000, flavor, 10, &none);
            lines
                .into_iter()
                .map(|line| line.text.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts(Flavor::Att),
            ["push %rbp", "mov %rsp,%rbp", "mov -0x4(%rbp),%eax", "call 0x101c", "ret"]
        );
        assert_eq!(
            texts(Flavor::Intel),
            ["push rbp", "mov rbp,rsp", "mov eax,DWORD PTR [rbp-0x4]", "call 0x101c", "ret"]
        );
    }
}
