//! `-D`: the program stays what was started, and the tracer is a grandchild of it that nobody waits for.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::options::{Options, error_text};
use crate::spawn::launch::Request;
use crate::spawn::plan::{Groups, Program};
use crate::sys::daemon::{Distance, Gate, Side, split};

/// What a process is after it split.
pub(super) enum Role {
    /// There is no other: the tracer is the parent of what it traces.
    Parent,
    /// The tracer, and the program that waits for it, if there is one.
    Tracer(i32, Gate),
}

/// Splits the process where that was asked for; the side of the program does not return unless it fails.
///
/// # Errors
/// One sentence.
pub(super) fn take_role(options: &Options, request: Option<&Request>) -> Result<Role, String> {
    let distance = match options.daemonize {
        0 => return Ok(Role::Parent),
        1 => Distance::Grandchild,
        2 => Distance::Group,
        _ => Distance::Session,
    };
    if request.is_some() && options.launch.prepares() {
        return Err(
            "-D: the program is started by this process itself, which can set its environment, user and \
                    argv[0], but not the rest of the launch options: leave them or -D out"
                .into(),
        );
    }
    match split(distance).map_err(|error| format!("-D: {}", error_text(&error)))? {
        Side::Tracer { program, gate } => Ok(Role::Tracer(program, gate)),
        Side::Program(mut gate) => {
            if !gate.pass() {
                return Err("-D: the tracer ended before it traced anything".into());
            }
            match request {
                Some(request) => Err(become_program(request)),
                // The tracer has attached to what it was to attach to.
                None => std::process::exit(0),
            }
        }
    }
}

/// Runs the program in place of this process; says why not.
fn become_program(request: &Request) -> String {
    let plan = &request.plan;
    let Program::Path(path) = &plan.program else {
        return "-D: a program by descriptor cannot be run".into();
    };
    let mut command = Command::new(path);
    if let Some(name) = plan.argv.first() {
        command.arg0(name);
    }
    command.args(plan.argv.iter().skip(1));
    if let Some(env) = &plan.env {
        command.env_clear();
        for var in env {
            let bytes = var.as_bytes();
            if let Some(at) = bytes.iter().position(|byte| *byte == b'=') {
                command.env(OsStr::from_bytes(&bytes[..at]), OsStr::from_bytes(&bytes[at + 1..]));
            }
        }
    }
    if let Some(identity) = &plan.identity {
        if let Groups::Set(groups) = &identity.groups {
            let groups: Vec<_> = groups.iter().map(|gid| nix::unistd::Gid::from_raw(*gid)).collect();
            if let Err(error) = nix::unistd::setgroups(&groups) {
                return format!("-u: setgroups: {}", error.desc());
            }
        }
        identity.gid.map(|gid| command.gid(gid));
        identity.uid.map(|uid| command.uid(uid));
    }
    let error = command.exec();
    format!("exec: {}", error_text(&error))
}
