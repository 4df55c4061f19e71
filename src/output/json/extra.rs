//! What the kernel told of a call beyond it, as JSON: why a virtual CPU came back, which namespaces were entered, whose
//! SELinux contexts are which.

use syscall_tables::kvm;

use super::write::{self, raw, unsigned};
use crate::event::Call;
use crate::event::extra::{Subject, Vcpu};

/// Appends the members of a call's object.
pub(super) fn write(out: &mut Vec<u8>, call: &Call) {
    let Some(extra) = call.extra.as_deref() else { return };
    if let Some((vcpu, number)) = extra.vcpu.as_ref().and_then(|vcpu| Some((vcpu, Vcpu::reason(vcpu)?))) {
        raw(out, ",\"vcpu\":{\"number\":");
        unsigned(out, u64::from(vcpu.number));
        raw(out, ",\"exit\":");
        match kvm::reason(number) {
            Some(name) => write::string(out, &format!("KVM_EXIT_{name}")),
            None => unsigned(out, u64::from(number)),
        }
        out.push(b'}');
    }
    if !extra.namespaces.is_empty() {
        raw(out, ",\"namespaces\":[");
        for (index, name) in extra.namespaces.iter().enumerate() {
            raw(out, if index > 0 { "," } else { "" });
            write::string(out, name);
        }
        out.push(b']');
    }
    if let Some(own) = &extra.own {
        raw(out, ",\"context\":");
        write::string(out, own);
    }
    for (index, context) in extra.contexts.iter().enumerate() {
        raw(out, if index > 0 { ",{" } else { ",\"contexts\":[{" });
        match &context.of {
            Subject::Path(path) => {
                raw(out, "\"path\":");
                write::string(out, &String::from_utf8_lossy(path));
            }
            Subject::Fd(fd) => {
                raw(out, "\"fd\":");
                write::signed(out, i64::from(*fd));
            }
            Subject::Pid(pid) => {
                raw(out, "\"pid\":");
                write::signed(out, i64::from(*pid));
            }
        }
        raw(out, ",\"context\":");
        write::string(out, &context.text);
        raw(out, if context.late { ",\"late\":true}" } else { "}" });
    }
    if !extra.contexts.is_empty() {
        out.push(b']');
    }
}
