//! From a story to the facts of one run, and back from a fact to the call that shows it.

use std::collections::HashMap;

use super::baseline::{Baseline, Process};
use super::collect::{Node, Story};
use super::deed::{Act, Evidence, Target};
use super::names::{self, Names};

/// Where a fact comes from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The node.
    pub node: usize,
    /// What it was done to.
    pub target: &'a Target,
    /// The call.
    pub evidence: &'a Evidence,
}

/// A run with names.
#[derive(Debug, Default)]
pub struct Observed<'a> {
    /// Its facts, as a baseline of one run.
    pub facts: Baseline,
    /// Their sources by line of programs, act and name.
    pub sources: HashMap<(Vec<String>, Act, String), Source<'a>>,
    /// The line of programs of each node, by names.
    pub lineages: Vec<Vec<String>>,
}

/// The programs that led to a node, the first of them first.
fn programs(nodes: &[Node], node: usize) -> Vec<&[u8]> {
    let mut line = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at.and_then(|at| nodes.get(at)) {
        if !node.program.is_empty() {
            line.push(&node.program[..]);
        }
        at = node.parent;
    }
    line.reverse();
    line
}

/// The programs that led to a node, as they are shown.
pub fn shown(story: &Story, node: usize) -> Vec<String> {
    programs(&story.nodes, node).into_iter().map(names::text).collect()
}

/// Gives names to a story.
pub fn observe<'a>(story: &'a Story, names: &Names, command: &[Vec<u8>]) -> Observed<'a> {
    let mut observed = Observed::default();
    observed.facts.runs = 1;
    observed.facts.command = command.iter().map(|word| names::text(word)).collect();
    for (path, executed) in &story.programs {
        let program = observed.facts.programs.entry(names.path(path, 0)).or_default();
        program.built |= executed.digests.iter().any(|digest| digest.built);
        program.sha256.extend(executed.digests.iter().filter_map(|digest| digest.sha256.clone()));
        program.interpreter = executed.interpreter.as_ref().map(|path| names.path(path, 0));
    }
    for program in observed.facts.programs.values_mut().filter(|program| program.built) {
        program.sha256.clear();
    }
    for (index, node) in story.nodes.iter().enumerate() {
        let line: Vec<String> =
            programs(&story.nodes, index).into_iter().map(|path| names.path(path, 0)).collect();
        if !line.is_empty() {
            observed.facts.processes.entry(line.clone()).or_default();
        }
        for ((act, target), evidence) in &node.deeds {
            let listed = Act::LISTED.iter().any(|(listed, _)| listed == act);
            // What failed is only for rules, but for peers, who were told something all the same.
            if !listed || evidence.failed.is_some() && *act != Act::Connect || line.is_empty() {
                continue;
            }
            let name = names.target(target, evidence.pid);
            let process: &mut Process = observed.facts.processes.entry(line.clone()).or_default();
            process.always.entry(*act).or_default().insert(name.clone());
            let source = Source { node: index, target, evidence };
            observed
                .sources
                .entry((line.clone(), *act, name))
                .and_modify(|known| {
                    if evidence.wall_ns < known.evidence.wall_ns {
                        *known = source;
                    }
                })
                .or_insert(source);
        }
        observed.lineages.push(line);
    }
    observed
}
