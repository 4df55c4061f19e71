//! The graph of processes in the language of Graphviz. Source: the DOT language, graphviz.org/doc/info/lang.html.

use std::io::Write;

use super::Setup;
use super::graph::{self, Graph};
use super::out::Out;
use crate::engine::sink::Sink;
use crate::output::tally::Tally;

/// Most boxes: laying out more takes dot minutes.
const MOST: usize = 1_000;

/// The exporter.
pub(super) fn sink(setup: Setup, out: Out) -> Box<dyn Sink> {
    graph::sink(&setup, out, draw)
}

fn draw(tally: &Tally, title: &str, out: &mut Vec<u8>) {
    write(&Graph::of(tally, title, MOST), out);
}

/// Appends the graph. Writing to memory cannot fail.
fn write(graph: &Graph, out: &mut Vec<u8>) {
    let mut title = graph.title.clone();
    if graph.left_out > 0 {
        title.push_str(&format!(" ({})", graph.remark()));
    }
    out.extend_from_slice(b"digraph processes {\n");
    writeln!(
        out,
        "  graph [rankdir=LR, label={}, labelloc=t, fontname=\"sans-serif\"];",
        quoted(&title, "\\n")
    )
    .ok();
    out.extend_from_slice(
        b"  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#57606a\", \
          fontname=\"monospace\", fontsize=10];\n  edge [color=\"#57606a\", arrowsize=0.7];\n",
    );
    for (place, node) in graph.nodes.iter().enumerate() {
        // Every line of a label ends with the mark that puts it to the left.
        let label = quoted(&(node.lines.join("\n") + "\n"), "\\l");
        let mut more = String::new();
        if node.failed {
            more.push_str(", color=\"#cf222e\", fontcolor=\"#a40e26\", penwidth=1.5");
        }
        if node.folded {
            more.push_str(", style=\"rounded,filled,dashed\"");
        }
        writeln!(out, "  p{place} [label={label}{more}];").ok();
        if let Some(parent) = node.parent {
            writeln!(out, "  p{parent} -> p{place};").ok();
        }
    }
    out.extend_from_slice(b"}\n");
}

/// A quoted string in which `newline` stands for the ends of lines.
fn quoted(text: &str, newline: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '\n' => out.push_str(newline),
            // In labels a backslash begins an escape of its own.
            '"' | '\\' => out.extend(['\\', character]),
            // Labels are read for entities of HTML.
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::graph::Node;
    use super::*;

    #[test]
    fn boxes_and_arrows() {
        let node = |parent, line: &str, failed| Node {
            parent,
            lines: vec!["7".into(), line.into()],
            failed,
            folded: false,
        };
        let nodes = vec![node(None, "sh -c 'a \"b\" \\n &amp; c'", false), node(Some(0), "ls", true)];
        let graph = Graph { title: "sh\n".into(), nodes, left_out: 2 };
        let mut out = Vec::new();
        write(&graph, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(r#"label="sh\n (2 more processes are not drawn)""#), "{text}");
        assert!(text.contains(r#"p0 [label="7\lsh -c 'a \"b\" \\n &amp;amp; c'\l"];"#), "{text}");
        assert!(text.contains("p0 -> p1;\n}") && text.contains("#cf222e"), "{text}");
    }
}
