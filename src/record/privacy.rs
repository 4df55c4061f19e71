//! What of environments is recorded: they hold passwords and keys, and recordings are sent to others.
//!
//! It covers the two places where an environment appears: what a process runs with, and the memory that execve
//! reads. What a program reads and writes is recorded as it is.

use syscall_tables::abi::Abi;

use crate::event::{Call, Program, Snapshot};

/// What is kept of environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Environment {
    /// Nothing.
    None,
    /// Names; each byte of a value is a `*`.
    #[default]
    Names,
    /// All of it.
    All,
}

/// What is kept of environments, and which variables' values never are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// In general.
    pub environment: Environment,
    /// Patterns of names (`*`, `?`) whose values are covered even so.
    pub covered: Vec<Vec<u8>>,
}

/// What a covered byte becomes.
const COVER: u8 = b'*';
/// Most variables that are looked at one by one; what is behind them is covered as a whole.
const MOST_VARIABLES: usize = 1 << 14;
/// What is covered behind the last variable that was looked at.
const REST_BYTES: u64 = 8 << 20;

/// Whether `name` fits `pattern`, in which `*` stands for any bytes and `?` for one.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut star) = ((0, 0), None);
    while at.1 < name.len() {
        match pattern.get(at.0) {
            Some(b'*') => {
                star = Some(at);
                at.0 += 1;
            }
            Some(&byte) if byte == b'?' || byte == name[at.1] => at = (at.0 + 1, at.1 + 1),
            _ => match &mut star {
                Some(from) => {
                    from.1 += 1;
                    at = (from.0 + 1, from.1);
                }
                None => return false,
            },
        }
    }
    pattern[at.0..].iter().all(|byte| *byte == b'*')
}

impl Policy {
    /// Whether nothing has to be covered.
    pub fn is_open(&self) -> bool {
        self.environment == Environment::All && self.covered.is_empty()
    }

    /// The bytes to cover of a variable, `NAME=value`.
    fn cover(&self, variable: &[u8]) -> std::ops::Range<usize> {
        let name = variable.iter().position(|byte| *byte == b'=').unwrap_or(variable.len());
        match self.environment {
            Environment::None => 0..variable.len(),
            Environment::All if !self.covered.iter().any(|pattern| fits(pattern, &variable[..name])) => 0..0,
            // What has no name is all value.
            _ if name == variable.len() => 0..variable.len(),
            _ => name + 1..variable.len(),
        }
    }

    /// What of a program is recorded.
    pub fn program(&self, program: &Program) -> Program {
        let mut program = program.clone();
        if self.environment == Environment::None {
            program.env = None;
        }
        for variable in program.env.iter_mut().flatten() {
            let range = self.cover(variable);
            variable[range].fill(COVER);
        }
        program
    }

    /// The memory that `call` had at its entry as it is recorded; `None` when that is all of it.
    pub fn memory(&self, call: &Call) -> Option<Snapshot> {
        let place = match call.signature?.name {
            "execve" => 2,
            "execveat" => 3,
            _ => return None,
        };
        if self.is_open() {
            return None;
        }
        let mut covered = call.before.clone();
        let width = if call.regs.abi == Abi::I386 { 4 } else { 8 };
        let mask = if width == 4 { 0xffff_ffff } else { u64::MAX };
        let vector = call.regs.args[place] & mask;
        for index in 0.. {
            let mut word = [0; 8];
            let at = vector.wrapping_add(index * width);
            if call.before.recall(at, &mut word[..width as usize]) != Some(width as usize) {
                break;
            }
            let pointer = u64::from_le_bytes(word);
            if pointer == 0 {
                break;
            }
            if index as usize >= MOST_VARIABLES {
                covered.blot(pointer, REST_BYTES, COVER);
                break;
            }
            let variable = string(&call.before, pointer);
            let range = self.cover(&variable);
            // Where it was cut at the bound of capturing, what lies behind is not known to be another one's.
            covered.blot(pointer + range.start as u64, range.len() as u64, COVER);
        }
        Some(covered)
    }
}

/// The string at `addr`, as far as it is held.
fn string(memory: &Snapshot, addr: u64) -> Vec<u8> {
    let mut text = Vec::new();
    let mut buf = [0; 256];
    loop {
        let at = addr.wrapping_add(text.len() as u64);
        let mut got = 0;
        // Whatever is held from there on; stretches end anywhere.
        for size in [256, 64, 16, 4, 1] {
            got = memory.recall_text(at, &mut buf[..size]).unwrap_or(0);
            if got > 0 {
                break;
            }
        }
        let end = buf[..got].iter().position(|byte| *byte == 0);
        text.extend_from_slice(&buf[..end.unwrap_or(got)]);
        if end.is_some() || got == 0 || text.len() > 2 << 20 {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use syscall_tables::signatures;

    use super::*;
    use crate::event::Tid;

    #[test]
    fn patterns() {
        let rows = [
            ("*", "", true),
            ("AWS_*", "AWS_KEY", true),
            ("*TOKEN*", "MY_TOKEN_2", true),
            ("?A", "AA", true),
            ("A*B*C", "AxBxBxC", true),
            ("A*B*C", "AxBxBx", false),
            ("A", "AB", false),
        ];
        for (pattern, name, fit) in rows {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), fit, "{pattern} {name}");
        }
    }

    fn call() -> Call {
        let mut call = Call::new(Tid(1));
        call.signature = signatures::named(Abi::X86_64, "execve");
        call.regs.args = [0x1000, 0x2000, 0x3000, 0, 0, 0];
        let mut vector = Vec::new();
        for pointer in [0x4004u64, 0x4010, 0] {
            vector.extend_from_slice(&pointer.to_le_bytes());
        }
        call.before.remember(0x3000, 512, &vector);
        // An argument's stretch runs over into the variables, as the kernel lays them out.
        let memory = b"arg\0HOME=/root\0\0KEY=secret\0".map(|b| b);
        let mut memory = memory.to_vec();
        memory.remove(15);
        memory.insert(15, 0);
        call.before.remember(0x4000, 27, &memory);
        call.before.remember(0x4004, 23, &memory[4..]);
        call.before.remember(0x4010, 11, &memory[16..]);
        call
    }

    fn text(policy: &Policy) -> String {
        let call = call();
        let snapshot = policy.memory(&call).unwrap_or(call.before);
        String::from_utf8_lossy(snapshot.bytes()).into_owned()
    }

    #[test]
    fn every_copy_of_a_value_is_covered() {
        let policy = |environment, covered: &[&str]| Policy {
            environment,
            covered: covered.iter().map(|c| c.as_bytes().to_vec()).collect(),
        };
        let names = text(&policy(Environment::Names, &[]));
        assert!(!names.contains("secret") && !names.contains("root"), "{names:?}");
        assert!(names.contains("arg\0HOME=*****") && names.contains("KEY=******"), "{names:?}");
        let none = text(&policy(Environment::None, &[]));
        assert!(!none.contains("HOME") && !none.contains("KEY") && none.contains("arg"), "{none:?}");
        let some = text(&policy(Environment::All, &["K*"]));
        assert!(some.contains("HOME=/root") && !some.contains("secret"), "{some:?}");
        assert!(text(&policy(Environment::All, &[])).contains("secret"));
        let program = Program { env: Some(vec![b"A=b".to_vec(), b"x".to_vec()]), ..Program::default() };
        let kept = policy(Environment::Names, &[]).program(&program);
        assert_eq!(kept.env.unwrap(), [b"A=*".to_vec(), b"*".to_vec()]);
        assert_eq!(policy(Environment::None, &[]).program(&program).env, None);
    }
}
