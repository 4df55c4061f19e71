//! From a story to findings: the rules asked of every deed, then the comparison with the baseline.

use std::collections::{HashMap, HashSet};

use super::baseline::Baseline;
use super::collect::Story;
use super::deed::{Act, Evidence, Target};
use super::drift;
use super::finding::{Finding, Level};
use super::names::{self, Names};
use super::observe::{self, Observed};
use super::policy::{Action, Policy, Rule};

/// What was decided, for the comparison: facts that are no drift, as a rule has spoken about them.
pub type Settled = HashSet<(Vec<String>, Act, String)>;

/// Everything that is said about a run.
pub fn findings(
    story: &Story,
    observed: &Observed<'_>,
    names: &Names,
    policy: &Policy,
    baseline: Option<&Baseline>,
) -> Vec<Finding> {
    let mut settled = Settled::new();
    let mut all = by_rules(story, observed, names, policy, &mut settled);
    all.extend(incomplete(story));
    if let Some(baseline) = baseline {
        for finding in &mut all {
            finding.new = finding.act.map(|act| !drift::has(baseline, finding, act));
        }
        all.extend(drift::compare(baseline, story, observed, policy, &settled));
    }
    let at = |finding: &Finding| finding.evidence.as_ref().map_or(u64::MAX, |call| call.wall_ns);
    all.sort_by(|a, b| {
        let key = |f: &Finding| (f.level, f.origin, at(f));
        key(a).cmp(&key(b)).then_with(|| (&a.id, &a.name, &a.lineage).cmp(&(&b.id, &b.name, &b.lineage)))
    });
    all
}

/// What rules say.
fn by_rules(
    story: &Story,
    observed: &Observed<'_>,
    names: &Names,
    policy: &Policy,
    settled: &mut Settled,
) -> Vec<Finding> {
    let mut found: HashMap<(String, usize, String, Act), Finding> = HashMap::new();
    for (index, node) in story.nodes.iter().enumerate() {
        for ((act, target), evidence) in &node.deeds {
            let Some(rule) = policy.decide(*act, target, &node.program, evidence.pid) else { continue };
            let name = names.target(target, evidence.pid);
            settled.insert((observed.lineages[index].clone(), *act, name.clone()));
            let level = match rule.action {
                Action::Allow => continue,
                Action::Fail => Level::Fail,
                Action::Warn => Level::Warn,
            };
            let deed = Deed { node: index, act: *act, target, evidence };
            let process = observed.lineages[index].clone();
            let finding = finding(story, &deed, rule, level, Finding::named(process, name));
            // Names that are one in baselines are one here.
            let key = (rule.id.clone(), index, finding.name.clone(), *act);
            match found.get_mut(&key) {
                None => drop(found.insert(key, finding)),
                Some(known) => {
                    let first = |f: &Finding| f.evidence.as_ref().map_or(u64::MAX, |call| call.wall_ns);
                    let times = |f: &Finding| f.evidence.as_ref().map_or(0, |call| call.times);
                    let sum = times(known) + times(&finding);
                    if first(&finding) < first(known) {
                        *known = finding;
                    }
                    if let Some(call) = &mut known.evidence {
                        call.times = sum;
                    }
                }
            }
        }
    }
    found.into_values().collect()
}

/// A deed and where it is kept.
struct Deed<'a> {
    node: usize,
    act: Act,
    target: &'a Target,
    evidence: &'a Evidence,
}

fn finding(story: &Story, deed: &Deed<'_>, rule: &Rule, level: Level, named: Finding) -> Finding {
    let target = match deed.target {
        Target::Rule(_) => deed.evidence.line.clone(),
        target => names::shown(target),
    };
    Finding {
        id: rule.id.clone(),
        level,
        about: rule.about.clone(),
        act: Some(deed.act),
        target,
        lineage: observe::shown(story, deed.node),
        sha256: digest(story, deed.node),
        evidence: Some(deed.evidence.clone()),
        policy_line: rule.line,
        ..named
    }
}

/// The digest of a node's program, where it had one content.
pub(super) fn digest(story: &Story, node: usize) -> Option<String> {
    match &story.programs.get(&story.nodes.get(node)?.program)?.digests[..] {
        [only] => only.sha256.clone(),
        _ => None,
    }
}

/// What could not be seen is said, so that silence is not taken for innocence.
fn incomplete(story: &Story) -> Vec<Finding> {
    let rows = [
        (story.unseen, "rings or operations of io_uring could not be seen"),
        (story.dropped, "things were done that found no room in the audit"),
    ];
    let finding = |(count, what): (u64, &str)| Finding {
        id: INCOMPLETE.0.into(),
        about: INCOMPLETE.1.into(),
        target: format!("{count} {what}"),
        ..Finding::named(Vec::new(), what.into())
    };
    rows.into_iter().filter(|(count, _)| *count > 0).map(finding).collect()
}

/// The check that everything was seen.
pub const INCOMPLETE: (&str, &str) = ("audit-incomplete", "not everything that was done could be seen");
