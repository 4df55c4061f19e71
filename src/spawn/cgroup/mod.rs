//! Control groups for the launch engine: limits, freezing, and killing everything a program started.
//!
//! A [`Cgroup`] is one path that may span the cgroup2 directory and the v1 directories of the controllers its
//! settings need. Birth into the v2 part is clone3's CLONE_INTO_CGROUP by [`Cgroup::fd`], so that no
//! child escapes and no task has to be moved; v1 parts know only [`Cgroup::add`]. It removes what it made and
//! nothing else, and it never mounts. Source: cgroups(7), Documentation/admin-guide/cgroup-v2.rst.

mod error;
mod files;
mod layout;
mod names;
#[cfg(feature = "systemd")]
pub mod systemd;
mod v1;
mod v2;

use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

pub use error::{Error, Step};
pub use layout::{Hierarchy, Kind, Layout};

/// A group in one or several hierarchies.
#[derive(Debug)]
pub struct Cgroup {
    v2: Option<v2::Group>,
    v1: Vec<v1::Group>,
}

/// Which parts of a group [`Cgroup::add`] moves a process into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// The v1 parts only, for a process that was born into the v2 part.
    V1,
    /// All parts.
    All,
}

/// What the processes of a group have used; `None` where no hierarchy of the group counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Memory in use now.
    pub memory_bytes: Option<u64>,
    /// The most memory that was ever in use.
    pub memory_peak_bytes: Option<u64>,
    /// Processes that the out-of-memory killer took.
    pub oom_kills: Option<u64>,
    /// Processor time.
    pub cpu_ns: Option<u64>,
    /// Tasks that live now, threads counted.
    pub pids: Option<u64>,
}

impl Cgroup {
    /// Opens the group at `path`, makes what is missing of it, and writes `settings` (name, value).
    ///
    /// `path` is relative to the hierarchies' roots, or absolute below a mounted hierarchy. A setting goes
    /// to the hierarchy that has its controller. The group has a v2 part wherever cgroup2 is mounted; v1
    /// parts for the settings that need them, for an absolute path into a v1 hierarchy, and for the freezer
    /// where v2 cannot freeze.
    ///
    /// # Errors
    /// Every variant of [`Error`] but SelfInside and Timeout; what was made up to then is removed.
    pub fn open_or_create(
        layout: &Layout,
        path: &Path,
        settings: &[(String, String)],
    ) -> Result<Self, Error> {
        if layout.kind() == Kind::None {
            return Err(Error::NoHierarchy);
        }
        let (below, named) = layout.resolve(path)?;
        let mut group = Self { v2: None, v1: Vec::new() };
        if let Some(hierarchy) = &layout.v2 {
            group.v2.insert(v2::Group::new(&hierarchy.point, &below)).open(&below)?;
        }
        if let Some(hierarchy) = named {
            group.v1_part(hierarchy, &below)?;
        }
        for (name, value) in settings {
            group.set(layout, &below, name, value)?;
        }
        if !group.v2.as_ref().is_some_and(v2::Group::can_freeze)
            && let Some(freezer) = layout.v1_of("freezer")
        {
            group.v1_part(freezer, &below)?;
        }
        Ok(group)
    }

    /// The part in a v1 hierarchy, made when it is first asked for.
    fn v1_part(&mut self, hierarchy: &Hierarchy, below: &Path) -> Result<&v1::Group, Error> {
        let dir = hierarchy.point.join(below);
        let index = self.v1.iter().position(|part| part.dir == dir).unwrap_or_else(|| {
            self.v1.push(v1::Group::new(hierarchy, below));
            self.v1.len() - 1
        });
        self.v1[index].open(below)?;
        Ok(&self.v1[index])
    }

    fn set(&mut self, layout: &Layout, below: &Path, name: &str, value: &str) -> Result<(), Error> {
        let file = match names::place(layout, name)? {
            names::Place::V2 { point, controller } => {
                let Some(part) = &self.v2 else { return Err(Error::NoHierarchy) };
                if let Some(controller) = controller {
                    part.enable(controller)?;
                    if !part.dir.join(name).exists() {
                        return Err(names::elsewhere(name, controller, 2, point));
                    }
                }
                part.dir.join(name)
            }
            names::Place::V1 { hierarchy, controller } => {
                let part = self.v1_part(hierarchy, below)?;
                let file = part.dir.join(name);
                if !file.exists() {
                    return Err(names::elsewhere(name, controller, 1, &hierarchy.point));
                }
                file
            }
        };
        files::write(Step::Set, &file, value)
    }

    /// The v2 directory, open with O_PATH, for clone3's CLONE_INTO_CGROUP; `None` without cgroup2.
    pub fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.v2.as_ref().and_then(v2::Group::fd)
    }

    /// The group's directories, v2 first.
    pub fn dirs(&self) -> impl Iterator<Item = &Path> {
        self.v2.iter().map(|p| p.dir.as_path()).chain(self.v1.iter().map(|p| p.dir.as_path()))
    }

    /// Moves process `pid`, with all its threads, into `parts`.
    ///
    /// # Errors
    /// [`Error::Step`] with [`Step::Add`].
    pub fn add(&self, pid: i32, parts: Parts) -> Result<(), Error> {
        let skip = usize::from(parts == Parts::V1 && self.v2.is_some());
        for dir in self.dirs().skip(skip) {
            files::write(Step::Add, &dir.join("cgroup.procs"), &pid.to_string())?;
        }
        Ok(())
    }

    /// The processes in any part of the group and in the groups below it, each once, in ascending order.
    /// Those of a foreign pid namespace have no number here and are left out.
    ///
    /// # Errors
    /// [`Error::Step`] with [`Step::Read`].
    pub fn pids(&self) -> Result<Vec<i32>, Error> {
        let mut all = Vec::new();
        for dir in self.dirs() {
            all.extend(files::pids(dir)?);
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    fn refuse_own(&self, step: Step) -> Result<(), Error> {
        let own = i32::try_from(std::process::id()).unwrap_or(0);
        for dir in self.dirs() {
            if files::pids(dir)?.contains(&own) {
                return Err(Error::SelfInside { step, path: dir.to_owned() });
            }
        }
        Ok(())
    }

    /// The parts that can freeze, of which there is at least one.
    fn freezers(&self) -> Result<(Option<&v2::Group>, Option<&v1::Group>), Error> {
        let v2 = self.v2.as_ref().filter(|part| part.can_freeze());
        let v1 = self.v1.iter().find(|part| part.has("freezer"));
        if v2.is_none() && v1.is_none() {
            let (name, controller) = ("freezer.state".to_owned(), "freezer".to_owned());
            return Err(Error::NoController { name, controller });
        }
        Ok((v2, v1))
    }

    /// Stops every process of the group, and returns when all have stopped.
    ///
    /// # Errors
    /// [`Error::SelfInside`], [`Error::Timeout`] (the group is thawed again), [`Error::Step`];
    /// [`Error::NoController`] when no part can freeze.
    pub fn freeze(&self) -> Result<(), Error> {
        self.refuse_own(Step::Freeze)?;
        let (v2, v1) = self.freezers()?;
        // A v1-frozen task would never reach the place where v2 stops it: v2 goes first.
        v2.map_or(Ok(()), v2::Group::freeze)?;
        v1.map_or(Ok(()), v1::Group::freeze).inspect_err(|_| {
            v2.map(v2::Group::thaw);
        })
    }

    /// Lets the group run on.
    ///
    /// # Errors
    /// [`Error::Step`]; [`Error::NoController`] when no part can freeze.
    pub fn thaw(&self) -> Result<(), Error> {
        let (v2, v1) = self.freezers()?;
        v1.map_or(Ok(()), v1::Group::thaw)?;
        v2.map_or(Ok(()), v2::Group::thaw)
    }

    /// Kills every process of the group, frozen or not, and returns when all have ended; their
    /// parents, which need not be the caller, have yet to reap them.
    ///
    /// # Errors
    /// [`Error::SelfInside`], [`Error::Timeout`], [`Error::Step`].
    pub fn kill(&self) -> Result<(), Error> {
        self.refuse_own(Step::Kill)?;
        // A v1-frozen task does not die of the v2 kill: the v1 freezer goes first, and thaws.
        let (first, last): (Vec<_>, Vec<_>) = self.v1.iter().partition(|part| part.has("freezer"));
        first.into_iter().try_for_each(v1::Group::kill)?;
        self.v2.iter().try_for_each(v2::Group::kill)?;
        last.into_iter().try_for_each(v1::Group::kill)
    }

    /// What the group has used so far.
    pub fn usage(&self) -> Usage {
        let mut usage = Usage::default();
        // A v1 controller is not in v2: no value is there twice but processor time, where v2 counts all.
        self.v2.iter().for_each(|part| part.usage(&mut usage));
        self.v1.iter().for_each(|part| part.usage(&mut usage));
        usage
    }

    /// Removes the directories that this value made, deepest first.
    ///
    /// # Errors
    /// [`Error::Step`] with [`Step::Remove`]: EBUSY while processes or groups of others are inside, after
    /// a second of trying. What could be removed is.
    pub fn remove(mut self) -> Result<(), Error> {
        self.remove_made(true)
    }

    fn remove_made(&mut self, patient: bool) -> Result<(), Error> {
        let v1 = self.v1.iter_mut().map(|part| &mut part.made);
        let lists = self.v2.iter_mut().map(|part| &mut part.made).chain(v1);
        // All parts are tried; the first failure is told.
        let results: Vec<_> = lists.map(|made| files::remove(made, patient)).collect();
        results.into_iter().collect()
    }

    /// The directories that this value made and will remove.
    pub fn made(&self) -> Vec<PathBuf> {
        let v1 = self.v1.iter().flat_map(|part| part.made.iter());
        self.v2.iter().flat_map(|part| part.made.iter()).chain(v1).cloned().collect()
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        self.remove_made(false).ok();
    }
}
