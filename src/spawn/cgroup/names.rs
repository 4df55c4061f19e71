//! Which hierarchy a setting belongs to, and what it is called in the other version.
//!
//! The controller is the part of the name before the first dot; only where two versions call it
//! differently is there a row here. Source: cgroups(7), Documentation/admin-guide/cgroup-v{1,2}.

use std::fs;
use std::path::Path;

use super::Error;
use super::layout::{Hierarchy, Layout};

/// Where a setting is to be written.
#[derive(Debug)]
pub(super) enum Place<'a> {
    /// The v2 directory; `None` is a core file, which needs no controller.
    V2 { point: &'a Path, controller: Option<&'a str> },
    /// The directory of a v1 hierarchy.
    V1 { hierarchy: &'a Hierarchy, controller: &'a str },
}

/// Controllers that the versions call differently: (v1, v2).
const CONTROLLERS: &[(&str, &str)] = &[("blkio", "io"), ("cpuacct", "cpu")];

/// Settings that the versions call differently: (v1, v2). Values may need another form, too.
const SETTINGS: &[(&str, &str)] = &[
    ("memory.limit_in_bytes", "memory.max"),
    ("memory.soft_limit_in_bytes", "memory.high"),
    ("memory.memsw.limit_in_bytes", "memory.swap.max"),
    ("memory.usage_in_bytes", "memory.current"),
    ("cpu.shares", "cpu.weight"),
    ("cpu.cfs_quota_us", "cpu.max"),
    ("cpu.cfs_period_us", "cpu.max"),
    ("cpu.cfs_burst_us", "cpu.max.burst"),
    ("blkio.weight", "io.weight"),
    ("blkio.throttle.read_bps_device", "io.max"),
    ("blkio.throttle.write_bps_device", "io.max"),
    ("freezer.state", "cgroup.freeze"),
];

/// What `name` is called in the given version, when it is the other version's name.
pub(super) fn counterpart(name: &str, version: u8) -> Option<&'static str> {
    if name == "pids.limit" {
        // Nobody's name, though often tried.
        return Some("pids.max");
    }
    match version {
        1 => SETTINGS.iter().find(|(_, v2)| *v2 == name).map(|(v1, _)| *v1),
        _ => SETTINGS.iter().find(|(v1, _)| *v1 == name).map(|(_, v2)| *v2),
    }
}

/// The error for a setting whose controller lives in `version` under other names.
pub(super) fn elsewhere(name: &str, controller: &str, version: u8, point: &Path) -> Error {
    Error::Elsewhere {
        name: name.to_owned(),
        controller: controller.to_owned(),
        version: if version == 1 { "v1" } else { "v2" },
        point: point.to_owned(),
        instead: counterpart(name, version),
    }
}

/// Finds the hierarchy of a setting: v2 when it has the controller, else v1.
///
/// # Errors
/// [`Error::Setting`] for a name without a controller or with a slash; [`Error::NoController`];
/// [`Error::Elsewhere`] when only the other version's controller exists.
pub(super) fn place<'a>(layout: &'a Layout, name: &'a str) -> Result<Place<'a>, Error> {
    let v2_has = |point: &Path| fs::read_to_string(point.join("cgroup.controllers")).unwrap_or_default();
    let offered = layout.v2.as_ref().map(|v2| v2_has(&v2.point)).unwrap_or_default();
    place_in(layout, &offered, name)
}

/// [`place`], given the text of the v2 root's cgroup.controllers.
fn place_in<'a>(layout: &'a Layout, offered: &str, name: &'a str) -> Result<Place<'a>, Error> {
    let parts = name.split_once('.').filter(|(c, rest)| !c.is_empty() && !rest.is_empty());
    let Some((controller, _)) = parts.filter(|_| !name.contains(['/', '\0'])) else {
        return Err(Error::Setting { name: name.to_owned() });
    };
    let in_v2 = |controller: &str| offered.split_whitespace().any(|c| c == controller);
    match &layout.v2 {
        Some(v2) if controller == "cgroup" => return Ok(Place::V2 { point: &v2.point, controller: None }),
        Some(v2) if in_v2(controller) => {
            return Ok(Place::V2 { point: &v2.point, controller: Some(controller) });
        }
        _ => {}
    }
    if let Some(hierarchy) = layout.v1_of(controller) {
        return Ok(Place::V1 { hierarchy, controller });
    }
    let twin = CONTROLLERS.iter().find(|(v1, v2)| *v1 == controller || *v2 == controller);
    if let Some((v1, v2)) = twin {
        if let Some(hierarchy) = layout.v1_of(v1).filter(|_| controller == *v2) {
            return Err(elsewhere(name, v1, 1, &hierarchy.point));
        }
        if let Some(hierarchy) = layout.v2.as_ref().filter(|_| controller == *v1 && in_v2(v2)) {
            return Err(elsewhere(name, v2, 2, &hierarchy.point));
        }
    }
    match &layout.v2 {
        Some(v2) if controller == "freezer" => Err(elsewhere(name, "freezer", 2, &v2.point)),
        _ => Err(Error::NoController { name: name.to_owned(), controller: controller.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn hierarchy(point: &str, controllers: &[&str]) -> Hierarchy {
        Hierarchy {
            controllers: controllers.iter().map(|&c| c.to_owned()).collect(),
            point: PathBuf::from(point),
            root: PathBuf::from("/"),
            own: None,
        }
    }

    fn hybrid() -> Layout {
        Layout {
            v2: Some(hierarchy("/u", &[])),
            v1: vec![hierarchy("/pids", &["pids"]), hierarchy("/blkio", &["blkio"])],
        }
    }

    fn said(layout: &Layout, offered: &str, name: &str) -> String {
        match place_in(layout, offered, name) {
            Ok(Place::V2 { controller, .. }) => format!("v2 {}", controller.unwrap_or("core")),
            Ok(Place::V1 { hierarchy, .. }) => format!("v1 {}", hierarchy.point.display()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn row_36_settings_find_their_hierarchy() {
        let layout = hybrid();
        for (name, wanted) in [
            ("pids.max", "v1 /pids"),
            ("hugetlb.2MB.max", "v2 hugetlb"),
            ("cgroup.max.depth", "v2 core"),
            (
                "io.weight",
                "the controller 'blkio' lives in cgroup v1 at /blkio, where the setting is called blkio.weight",
            ),
            ("freezer.state", "where the setting is called cgroup.freeze"),
            ("memory.max", "no mounted cgroup hierarchy has the controller 'memory'"),
            ("max", "no cgroup setting"),
            ("../pids.max", "no cgroup setting"),
            (".max", "no cgroup setting"),
        ] {
            let said = said(&layout, "hugetlb", name);
            assert!(said.contains(wanted), "{name}: {said}");
        }
    }

    #[test]
    fn row_36_names_have_counterparts() {
        assert_eq!(counterpart("memory.max", 1), Some("memory.limit_in_bytes"));
        assert_eq!(counterpart("memory.limit_in_bytes", 2), Some("memory.max"));
        assert_eq!(counterpart("memory.max", 2), None);
        assert_eq!(counterpart("pids.limit", 1), Some("pids.max"));
        assert_eq!(counterpart("pids.limit", 2), Some("pids.max"));
        assert_eq!(counterpart("pids.max", 1), None);
    }
}
