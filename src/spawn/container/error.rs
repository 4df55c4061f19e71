//! Why a container could not do something: one sentence each, with what to do next.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::super::error::{self, shown};

/// Why a container could not be started or did not run a program. But for [`Error::Gone`] it goes on.
#[derive(Debug)]
pub enum Error {
    /// The init could not be started, or what is asked for contradicts itself.
    Launch(error::Error),
    /// The plan of a container lacks something.
    Needs(&'static str),
    /// The plan of a container holds what belongs to each run.
    Belongs(&'static str),
    /// The init's program cannot be opened.
    Init(PathBuf, io::Error),
    /// More than the init is told at once: what, how much, how much at most.
    TooMuch(&'static str, usize, usize),
    /// A step failed inside: of the mounts when the container starts, or of a program that is to run.
    Child {
        /// The step as it reads.
        step: String,
        /// The call of the step, where it makes several.
        call: Option<String>,
        /// The kernel's answer.
        errno: i32,
        /// The whole sentence.
        text: String,
    },
    /// It could not be started inside, for a reason that is no step's.
    Inside(String),
    /// The launcher's own function refused before the execve: the program never ran.
    Sync(String),
    /// The launcher's own function failed after the execve: the program ran, and was killed.
    SyncAfterExec(String),
    /// The init has ended, or was never one of ours.
    Gone(&'static str),
    /// The init does not answer.
    Silent,
    /// The init answers what is no answer.
    Answer(String),
    /// A call on the channel to the init failed.
    Channel(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Launch(error) => write!(f, "{error}"),
            Self::Needs(what) => write!(f, "a container needs {what}"),
            Self::Belongs(what) => {
                write!(f, "a container's plan cannot hold {what}: give it with each program that runs inside")
            }
            Self::Init(path, error) => write!(
                f,
                "cannot open the program of the container's init '{}': {}",
                shown(path.as_os_str().as_encoded_bytes()),
                error::text(error)
            ),
            Self::TooMuch(what, given, most) => write!(f, "{given} {what}: a container takes at most {most}"),
            Self::Child { text, .. } | Self::Inside(text) => f.write_str(text),
            Self::Sync(text) => write!(f, "the program was not started: {text}"),
            Self::SyncAfterExec(text) => write!(f, "the program was killed after its start: {text}"),
            Self::Gone(when) => {
                write!(f, "the container's init is gone {when}: destroy it and start another")
            }
            Self::Silent => {
                f.write_str("the container's init does not answer: destroy the container and start another")
            }
            Self::Answer(what) => write!(
                f,
                "the container's init answered {what}: something inside has taken it over, destroy the container"
            ),
            Self::Channel(error) => write!(f, "cannot speak to the container's init: {}", error::text(error)),
        }
    }
}

impl std::error::Error for Error {}

impl From<error::Error> for Error {
    fn from(error: error::Error) -> Self {
        Self::Launch(error)
    }
}
