//! Permitted calls as an OCI profile, one name a line, so that a review sees what a change permits.
//!
//! The first rule permits, the second forbids what is known; what no rule names gets the default, ENOSYS. In a runtime
//! the first rule that names a call wins, so that a name may be added to the first rule by hand. Rules hold for every
//! architecture of the profile: the format cannot tell them apart. Source: config-linux.md of runtime-spec.

use std::collections::BTreeSet;

use serde::Serialize;

use super::allowed::{ABIS, Allowed};
use super::generate::{ENOSYS, EPERM, refused};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    default_action: &'static str,
    default_errno_ret: u16,
    architectures: Vec<&'static str>,
    syscalls: [Rule; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    names: BTreeSet<&'static str>,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    errno_ret: Option<u16>,
}

/// The profile.
pub fn write(allowed: &Allowed) -> String {
    let permitted = allowed.names();
    let refused = allowed.abis().flat_map(|abi| refused(allowed, abi));
    let refused = refused.filter(|(_, name, errno)| *errno == EPERM && !permitted.contains(name));
    let forbidden: BTreeSet<&str> = refused.map(|(_, name, _)| name).collect();
    let architectures =
        ABIS.iter().filter(|(abi, ..)| allowed.abis().any(|own| own == *abi)).map(|(.., name)| *name);
    let profile = Profile {
        default_action: "SCMP_ACT_ERRNO",
        default_errno_ret: ENOSYS,
        architectures: architectures.collect(),
        syscalls: [
            Rule { names: permitted, action: "SCMP_ACT_ALLOW", errno_ret: None },
            Rule { names: forbidden, action: "SCMP_ACT_ERRNO", errno_ret: Some(EPERM) },
        ],
    };
    // Text and numbers alone: there is nothing that could fail to be written.
    let mut text = serde_json::to_string_pretty(&profile).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use syscall_tables::abi::Abi;

    #[test]
    fn the_text() {
        let mut allowed = Allowed::default();
        allowed.add_names(["write", "read"]);
        let text = write(&allowed);
        let head = "{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"defaultErrnoRet\": 38,\n  \"architectures\": [\n    \
                    \"SCMP_ARCH_X86_64\"\n  ],\n  \"syscalls\": [\n    {\n      \"names\": [\n        \"read\",\n        \
                    \"write\"\n      ],\n      \"action\": \"SCMP_ACT_ALLOW\"\n    },\n    {\n      \"names\": [\n        \
                    \"_sysctl\",\n";
        assert!(text.starts_with(head), "{}", &text[..head.len().min(text.len())]);
        assert!(text.ends_with("\"action\": \"SCMP_ACT_ERRNO\",\n      \"errnoRet\": 1\n    }\n  ]\n}\n"));
        assert!(!text.contains("\"clone3\""), "it fails with ENOSYS, the default");
        assert!(!text.contains("\"mmap2\""));
        allowed.add_abi(Abi::I386);
        let text = write(&allowed);
        assert!(text.contains("\"SCMP_ARCH_X86\"\n") && text.contains("\"mmap2\""));
    }
}
