//! The graph of processes as a Mermaid flowchart, which forges and note takers draw from text.
//!
//! Renderers refuse charts of more than 50,000 characters or 500 arrows; this one stays below. Source:
//! mermaid.js.org, flowchart syntax (entity codes) and the defaults of `maxTextSize` and `maxEdges`.

use std::io::Write;

use super::Setup;
use super::graph::{self, Graph};
use super::out::Out;
use crate::engine::sink::Sink;
use crate::output::tally::Tally;

/// Most boxes.
const MOST: usize = 400;
/// Most bytes of a chart.
const MOST_BYTES: usize = 48_000;

/// The exporter.
pub(super) fn sink(setup: Setup, out: Out) -> Box<dyn Sink> {
    graph::sink(&setup, out, draw)
}

fn draw(tally: &Tally, title: &str, out: &mut Vec<u8>) {
    let mut most = MOST;
    loop {
        let mut text = Vec::new();
        write(&Graph::of(tally, title, most), &mut text);
        if text.len() <= MOST_BYTES || most < 2 {
            return out.extend_from_slice(&text);
        }
        most /= 2;
    }
}

/// Appends the chart. Writing to memory cannot fail.
fn write(graph: &Graph, out: &mut Vec<u8>) {
    out.extend_from_slice(b"flowchart LR\n");
    let mut failed = Vec::new();
    for (place, node) in graph.nodes.iter().enumerate() {
        let lines: Vec<String> = node.lines.iter().map(|line| escaped(line)).collect();
        writeln!(out, "  p{place}[\"{}\"]", lines.join("<br/>")).ok();
        if let Some(parent) = node.parent {
            let arrow = if node.folded { "-.->" } else { "-->" };
            writeln!(out, "  p{parent} {arrow} p{place}").ok();
        }
        if node.failed {
            failed.push(format!("p{place}"));
        }
    }
    if graph.nodes.is_empty() {
        out.extend_from_slice(b"  p0[\"no process\"]\n");
    }
    if graph.left_out > 0 {
        writeln!(out, "  rest[\"{}\"]", graph.remark()).ok();
    }
    if !failed.is_empty() {
        out.extend_from_slice(b"  classDef failed stroke:#cf222e,stroke-width:2px\n");
        writeln!(out, "  class {} failed", failed.join(",")).ok();
    }
}

/// Text of a label: whatever has a meaning to Mermaid, Markdown or HTML as the code of its character.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            c if c.is_ascii_alphanumeric() || " ./=,:+-".contains(c) => out.push(c),
            c if c.is_ascii() || c.is_control() => out.push_str(&format!("#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::graph::Node;
    use super::*;

    #[test]
    fn nothing_of_a_name_is_syntax() {
        let node = |parent, failed| Node {
            parent,
            lines: vec!["7".into(), "sh -c '\"]; <b>`x` #35; %%'".into()],
            failed,
            folded: parent.is_some(),
        };
        let graph =
            Graph { title: String::new(), nodes: vec![node(None, false), node(Some(0), true)], left_out: 1 };
        let mut out = Vec::new();
        write(&graph, &mut out);
        let label = "7<br/>sh -c #39;#34;#93;#59; #60;b#62;#96;x#96; #35;35#59; #37;#37;#39;";
        let expected = format!(
            "flowchart LR\n  p0[\"{label}\"]\n  p1[\"{label}\"]\n  p0 -.-> p1\n  rest[\"1 more process is not drawn\"]\n  \
             classDef failed stroke:#cf222e,stroke-width:2px\n  class p1 failed\n"
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
