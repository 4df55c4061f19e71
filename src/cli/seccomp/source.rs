//! Where calls come from: a program that is started, processes that are attached to, or a recording.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::drive::{Drive, Driven};
use super::super::launch::Launch;
use super::super::options::error_text;
use super::super::plan;
use crate::decode;
use crate::engine::Finish;
use crate::engine::sink::Sink;
use crate::filter::Wanted;
use crate::profile::Loaded;
use crate::record::format::MAGIC;
use crate::record::parse::Want;
use crate::record::reader::Recording;
use crate::record::replay::{View, replay};
use crate::spawn::plan::FilterInsn;

/// What is listened to.
pub(super) enum Source {
    /// A command.
    Command(Vec<OsString>),
    /// Processes that run.
    Processes(Vec<i32>),
    /// A recording.
    Recording(PathBuf),
}

impl Source {
    /// The source that words and process ids name. A single word is a recording where a file of that name is one.
    ///
    /// # Errors
    /// One sentence: there is none, or there are two.
    pub fn new(words: Vec<OsString>, attach: Vec<i32>) -> Result<Self, String> {
        match (words.as_slice(), attach.is_empty()) {
            ([], true) => Err("no command: name a program or a recording".into()),
            ([], false) => Ok(Self::Processes(attach)),
            (_, false) => Err("-p and a command: give one of them".into()),
            ([word], true) if is_recording(Path::new(word)) => Ok(Self::Recording(word.into())),
            _ => Ok(Self::Command(words)),
        }
    }

    /// Tells `sinks` of the calls that are `heard`, as much as that says, under the filter of `loaded` where there is one; how it ended. Remarks go to
    /// standard error.
    ///
    /// # Errors
    /// One sentence.
    pub fn listen(
        self,
        program: &str,
        launch: &Launch,
        sinks: Vec<Box<dyn Sink>>,
        loaded: Option<&Loaded>,
        heard: (decode::Options, Wanted),
    ) -> Result<Heard, String> {
        let (capture, wanted) = heard;
        let mut drive = Drive { request: None, attach: Vec::new(), capture, wanted, sinks };
        match self {
            Self::Recording(path) => {
                recorded(program, &path, &mut drive.sinks)?;
                return Ok(Heard { finish: Finish::Detached, failure: None });
            }
            Self::Processes(pids) => drive.attach = pids,
            Self::Command(words) => {
                let mut request = plan::request(launch, &words)?;
                if let Some(loaded) = loaded {
                    let insn = |i: &crate::bpf::Insn| FilterInsn { code: i.code, jt: i.jt, jf: i.jf, k: i.k };
                    request.plan.seccomp = Some(loaded.program.insns().iter().map(insn).collect());
                    request.plan.seccomp_flags =
                        loaded.flags.iter().fold(0, |all, flag| all | plan::flag_bit(*flag));
                }
                drive.request = Some(request);
            }
        }
        let Driven { finish, failure, troubles } = drive.run()?;
        for trouble in troubles {
            eprintln!("{program}: {trouble}");
        }
        Ok(Heard { finish, failure })
    }
}

/// How a run ended.
pub(super) struct Heard {
    /// How the program ended.
    pub finish: Finish,
    /// Why it did not begin.
    pub failure: Option<String>,
}

fn is_recording(path: &Path) -> bool {
    let mut head = [0; MAGIC.len()];
    // Only a regular file is read: a fifo could keep us waiting.
    path.is_file()
        && File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
        && head == MAGIC
}

/// Tells `sinks` what a recording holds, and the user what it lacks.
fn recorded(program: &str, path: &Path, sinks: &mut [Box<dyn Sink>]) -> Result<(), String> {
    let mut recording = Recording::open(path)?;
    let shown = path.display();
    let says = |name: &str, value: &str| recording.meta.get(name) == Some(value.as_bytes());
    if says("calls", "some") {
        return Err(format!(
            "'{shown}' does not hold all calls of its run: record without -e trace= and --where"
        ));
    }
    if says("ring", "yes") {
        eprintln!(
            "{program}: '{shown}' is a ring, which holds the newest calls only: earlier ones are missing"
        );
    }
    let want = Want { fds: false, pids: false, stacks: false };
    let view = View { wanted: Wanted::all(), want, limit: None };
    let replayed = replay(&mut recording, &view, sinks)
        .map_err(|error| format!("cannot read '{shown}': {}", error_text(&error)))?;
    if let Some(damage) = replayed.damage.first() {
        return Err(format!(
            "'{shown}' is damaged at byte {}: {}; calls are missing, record the run again",
            damage.offset, damage.what
        ));
    }
    if !recording.finished {
        eprintln!("{program}: '{shown}' ends early: what came after is missing");
    }
    Ok(())
}
