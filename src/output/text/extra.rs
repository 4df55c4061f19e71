//! What the kernel told of a call beyond it, as text: behind the result, below the call, behind what has a context.

use std::io::Write;

use syscall_tables::kvm::{self, Member};

use crate::event::Call;
use crate::event::extra::{Extra, Subject, Vcpu, reason};

/// Appends why a virtual CPU came back and which namespaces were entered: ` (KVM_EXIT_MMIO)`, ` (net:[4026532000])`.
pub(super) fn behind_result(line: &mut Vec<u8>, call: &Call) {
    let Some(extra) = call.extra.as_deref() else { return };
    if let Some(number) = extra.vcpu.as_ref().and_then(Vcpu::reason) {
        line.extend_from_slice(b" (");
        write_reason(line, number);
        line.push(b')');
    }
    if !extra.namespaces.is_empty() {
        write!(line, " ({})", extra.namespaces.join(", ")).ok();
    }
}

fn write_reason(line: &mut Vec<u8>, number: u32) {
    match kvm::reason(number) {
        Some(name) => drop(write!(line, "KVM_EXIT_{name}")),
        None => drop(write!(line, "{number:#x} /* KVM_EXIT_??? */")),
    }
}

/// Appends a line with the `struct kvm_run` of a virtual CPU before it ran, and one after, where they were asked for.
pub(super) fn below(out: &mut Vec<u8>, call: &Call) {
    let Some(vcpu) = call.extra.as_ref().and_then(|extra| extra.vcpu.as_ref()) else { return };
    if vcpu.before.is_empty() {
        return;
    }
    for (mark, run) in [('<', &vcpu.before), ('>', &vcpu.after)] {
        write!(out, " VCPU:{}{mark} ", vcpu.number).ok();
        write_run(out, run);
        out.push(b'\n');
    }
}

fn write_run(out: &mut Vec<u8>, run: &[u8]) {
    let Some(number) = reason(run) else { return out.extend_from_slice(b"???") };
    out.push(b'{');
    for member in kvm::COMMON.iter().filter(|member| member.1 < kvm::REASON_AT) {
        write_member(out, run, member);
    }
    out.extend_from_slice(b"exit_reason=");
    write_reason(out, number);
    out.extend_from_slice(b", ");
    for member in kvm::COMMON.iter().filter(|member| member.1 > kvm::REASON_AT) {
        write_member(out, run, member);
    }
    match kvm::details(number) {
        Some((name, members)) => {
            write!(out, "{name}={{").ok();
            members.iter().for_each(|member| write_member(out, run, member));
            out.truncate(out.len() - 2);
            out.extend_from_slice(b"}}");
        }
        None => out.extend_from_slice(b"...}"),
    }
}

/// A member and what parts it from the next.
fn write_member(out: &mut Vec<u8>, run: &[u8], &(name, at, bytes, hex): &Member) {
    let mut value = [0; 8];
    if let Some(found) = run.get(at..at + bytes) {
        value[..bytes].copy_from_slice(found);
    }
    match (u64::from_le_bytes(value), hex) {
        (value, true) if value != 0 => drop(write!(out, "{name}={value:#x}, ")),
        (value, _) => drop(write!(out, "{name}={value}, ")),
    }
}

/// Appends the context of a subject: ` [unconfined_t]`.
pub(super) fn context(out: &mut Vec<u8>, extra: &Extra, of: &Subject, late: bool) {
    if let Some(text) = extra.context(of, late) {
        write!(out, " [{text}]").ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Tid;
    use crate::event::extra::Context;

    fn call(extra: Extra) -> Call {
        Call { extra: Some(Box::new(extra)), ..Call::new(Tid(1)) }
    }

    fn run(number: u32) -> Vec<u8> {
        let mut run = vec![0; kvm::RUN_BYTES];
        run[8..12].copy_from_slice(&number.to_le_bytes());
        (run[24..32]).copy_from_slice(&0xfee0_0900u64.to_le_bytes());
        (run[33], run[32]) = (1, 1);
        run[34..36].copy_from_slice(&0x3f8u16.to_le_bytes());
        run
    }

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn reasons_and_namespaces() {
        let vcpu = |number| Extra {
            vcpu: Some(Vcpu { number: 0, before: Vec::new(), after: run(number) }),
            ..Extra::default()
        };
        for (number, expected) in [(6, " (KVM_EXIT_MMIO)"), (99, " (0x63 /* KVM_EXIT_??? */)")] {
            assert_eq!(text(|out| behind_result(out, &call(vcpu(number)))), expected);
            assert_eq!(text(|out| below(out, &call(vcpu(number)))), "");
        }
        let namespaces = vec!["net:[4026532000]".to_owned(), "user:[4026532001]".to_owned()];
        let entered = call(Extra { namespaces, ..Extra::default() });
        assert_eq!(text(|out| behind_result(out, &entered)), " (net:[4026532000], user:[4026532001])");
    }

    #[test]
    fn contexts() {
        let known = |of, text: &str, late| Context { of, text: text.into(), late };
        let path = Subject::Path(b"/etc/x".to_vec());
        let contexts = vec![
            known(Subject::Fd(3), "etc_t", false),
            known(path.clone(), "user_home_t!!etc_t", false),
            known(Subject::Fd(3), "tmp_t", true),
        ];
        let extra = Extra { contexts, ..Extra::default() };
        assert_eq!(text(|out| context(out, &extra, &path, false)), " [user_home_t!!etc_t]");
        assert_eq!(text(|out| context(out, &extra, &Subject::Fd(3), false)), " [etc_t]");
        assert_eq!(text(|out| context(out, &extra, &Subject::Fd(3), true)), " [tmp_t]");
        assert_eq!(text(|out| context(out, &extra, &Subject::Pid(3), true)), "");
    }

    #[test]
    fn the_whole_of_a_run() {
        let vcpu = Vcpu { number: 3, before: run(0), after: run(2) };
        let told = text(|out| below(out, &call(Extra { vcpu: Some(vcpu), ..Extra::default() })));
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(
            lines[1],
            " VCPU:3> {request_interrupt_window=0, immediate_exit=0, exit_reason=KVM_EXIT_IO, \
             ready_for_interrupt_injection=0, if_flag=0, flags=0, cr8=0, apic_base=0xfee00900, io={direction=1, size=1, \
             port=0x3f8, count=0, data_offset=0}}"
        );
        assert!(
            lines[0].starts_with(" VCPU:3< {") && lines[0].contains("exit_reason=KVM_EXIT_UNKNOWN"),
            "{told}"
        );
        let short = Vcpu { number: 0, before: vec![1], after: Vec::new() };
        let told = text(|out| below(out, &call(Extra { vcpu: Some(short), ..Extra::default() })));
        assert_eq!(told, " VCPU:0< ???\n VCPU:0> ???\n");
    }
}
