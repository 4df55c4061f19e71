//! Made-up lives of processes, and what is left of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use trace::event::{End, Tid};
use trace::output::tally::lineage::{Image, Lineage, Node};

fn run(name: &str, args: &[&str]) -> Image {
    let argv = std::iter::once(&name).chain(args).map(|word| word.as_bytes().to_vec()).collect();
    Image { path: name.into(), argv, cut: false, interpreter: Vec::new(), cwd: b"/".to_vec() }
}

/// Process `pid` of `parent` runs `name` from `at` to `at + 10` and exits with `status`.
fn life(forest: &mut Lineage, pid: i32, parent: i32, image: Image, at: u64, status: i32) {
    forest.started(Tid(pid), Tid(pid), Tid(parent), false, at);
    forest.executed(Tid(pid), image, at);
    forest.of_task(Tid(pid)).unwrap().counts.calls += 3;
    forest.ended(Tid(pid), End::Exited(status), at + 10);
}

fn root(limit: usize) -> Lineage {
    let mut forest = Lineage::new(limit);
    forest.started(Tid(1), Tid(1), Tid(0), false, 0);
    forest.executed(Tid(1), run("/bin/sh", &[]), 0);
    forest
}

fn top(forest: &Lineage) -> &Node {
    forest.node(forest.roots()[0]).unwrap()
}

#[test]
fn equal_siblings_are_one_entry_and_others_are_not() {
    let mut forest = root(100);
    for pid in 10..47 {
        life(&mut forest, pid, 1, run("/bin/true", &[]), u64::try_from(pid).unwrap(), 0);
    }
    life(&mut forest, 50, 1, run("/bin/true", &["x"]), 50, 0);
    life(&mut forest, 51, 1, run("/bin/true", &[]), 51, 1);
    let nodes: Vec<&Node> = top(&forest).children.iter().map(|id| forest.node(*id).unwrap()).collect();
    assert_eq!(nodes.iter().map(|node| node.times).collect::<Vec<_>>(), [37, 1, 1]);
    assert_eq!((nodes[0].pid, nodes[0].counts.calls, nodes[0].counts.wall_ns), (10, 111, 370));
    assert!(nodes[2].failed() && !nodes[1].failed());
}

#[test]
fn subtrees_are_merged_as_wholes() {
    let mut forest = root(100);
    for pid in [10, 20, 30] {
        forest.started(Tid(pid), Tid(pid), Tid(1), false, 1);
        forest.executed(Tid(pid), run("/bin/cc", &[]), 1);
        life(&mut forest, pid + 1, pid, run("/bin/cc1", &[]), 2, 0);
        // The last one has another end below.
        life(&mut forest, pid + 2, pid, run("/bin/as", &[]), 3, i32::from(pid == 30));
        forest.ended(Tid(pid), End::Exited(0), 20);
    }
    let nodes: Vec<&Node> = top(&forest).children.iter().map(|id| forest.node(*id).unwrap()).collect();
    assert_eq!(nodes.iter().map(|node| (node.pid, node.times)).collect::<Vec<_>>(), [(10, 2), (30, 1)]);
    let below: Vec<_> = nodes[0].children.iter().map(|id| forest.node(*id).unwrap().times).collect();
    assert_eq!(below, [2, 2]);
    assert_eq!(forest.nodes().len(), 1 + 2 * 3);
}

#[test]
fn a_parent_that_dies_first_waits_for_its_children() {
    let mut forest = root(100);
    for pid in [10, 20] {
        forest.started(Tid(pid), Tid(pid), Tid(1), false, 1);
        forest.executed(Tid(pid), run("/bin/daemon", &[]), 1);
        forest.started(Tid(pid + 1), Tid(pid + 1), Tid(pid), false, 2);
        forest.ended(Tid(pid), End::Exited(0), 3);
        assert_eq!(top(&forest).children.len(), 1 + usize::from(pid == 20));
    }
    forest.ended(Tid(11), End::Exited(0), 9);
    assert_eq!(top(&forest).children.len(), 2, "the second still has a child that runs");
    forest.ended(Tid(21), End::Exited(0), 9);
    assert_eq!(top(&forest).children.len(), 1);
}

#[test]
fn memory_is_bounded_and_nothing_is_lost() {
    let mut forest = root(50);
    for pid in 10..2010 {
        let name = if pid % 2 == 0 { "/bin/cc" } else { "/bin/ld" };
        life(&mut forest, pid, 1, run(name, &[&pid.to_string()]), 1, i32::from(pid % 10 == 0));
    }
    assert!(forest.nodes().len() <= 52, "{}", forest.nodes().len());
    let top = top(&forest);
    let folded: u64 = top.folds.iter().map(|fold| fold.processes).sum();
    assert_eq!(folded + top.children.len() as u64, 2000);
    let failed = top.folds.iter().map(|fold| fold.failed).sum::<u64>();
    let listed = top.children.iter().filter(|id| forest.node(**id).unwrap().failed()).count();
    assert_eq!(failed + listed as u64, 200);
    let calls: u64 = forest.nodes().iter().map(|(_, node)| node.counts.calls).sum();
    assert_eq!(calls + top.folds.iter().map(|fold| fold.counts.calls).sum::<u64>(), 6000);
    assert_eq!(top.folds.len(), 2);
    assert!(forest.argument_bytes() < 52 * 200, "what is gone is not counted: {}", forest.argument_bytes());
}

#[test]
fn depth_costs_no_stack() {
    let mut forest = root(1000);
    for pid in 2..200_000 {
        forest.started(Tid(pid), Tid(pid), Tid(pid - 1), false, 0);
    }
    for pid in (1..200_000).rev() {
        forest.ended(Tid(pid), End::Exited(0), 1);
    }
    let counted: u64 =
        forest.nodes().iter().map(|(_, n)| n.times + n.folds.iter().map(|f| f.processes).sum::<u64>()).sum();
    assert_eq!(counted, 199_999);
}

#[test]
fn threads_and_their_execve() {
    let mut forest = root(10);
    for tid in [2, 3] {
        forest.started(Tid(tid), Tid(1), Tid(0), false, 1);
    }
    forest.of_task(Tid(3)).unwrap().counts.calls += 1;
    // Thread 3 runs another program: the others end, and it goes by 1.
    forest.ended(Tid(2), End::Exited(0), 2);
    forest.ended(Tid(1), End::Superseded { by: Tid(3) }, 2);
    forest.renamed(Tid(3), Tid(1));
    forest.executed(Tid(1), run("/bin/next", &[]), 2);
    assert!(top(&forest).ended.is_none());
    forest.ended(Tid(1), End::Killed { signo: 9, core: false }, 5);
    let top = top(&forest);
    assert_eq!((top.threads, top.images.len(), top.counts.calls, top.counts.wall_ns), (3, 2, 1, 5));
    assert!(top.failed());
}

#[test]
fn processor_time_reaches_what_a_process_was_merged_into() {
    let mut forest = root(10);
    for pid in [10, 11] {
        life(&mut forest, pid, 1, run("/bin/true", &[]), 1, 0);
        forest.processor_time(pid, 5);
        forest.processor_time(pid, 7);
    }
    let node = forest.node(top(&forest).children[0]).unwrap();
    assert_eq!((node.times, node.counts.cpu_ns, node.counts.cpu_known), (2, 10, 2));
}

#[test]
fn long_command_lines_are_cut_when_there_were_many() {
    let mut forest = root(1_000_000);
    let long = "x".repeat(1 << 20);
    for pid in 10..110 {
        life(&mut forest, pid, 1, run("/bin/cc", &[&long, &pid.to_string()]), 1, 0);
    }
    assert!(forest.argument_bytes() <= (64 << 20) + 100 * 512);
    let last = forest.node(*top(&forest).children.last().unwrap()).unwrap();
    assert!(last.images[0].0.cut && last.images[0].0.argv.len() == 1);
}
