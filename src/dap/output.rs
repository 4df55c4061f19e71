//! What the program prints, taken from it and told as `output` events: standard output must carry the protocol only.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use serde_json::{Value, json};

use super::transport;

/// Where messages go, with the number of the next one.
#[derive(Clone)]
pub struct Sender(Arc<Mutex<(Box<dyn Write + Send>, u64)>>);

impl Sender {
    /// Sends to a stream.
    pub fn new(output: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new((output, 1))))
    }

    /// Sends a message of a type; it gets its number here. An editor that is gone is noticed by its silence.
    pub fn send(&self, kind: &str, mut message: Value) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        message["seq"] = json!(inner.1);
        message["type"] = json!(kind);
        inner.1 += 1;
        transport::write(&mut inner.0, &message).ok();
    }

    /// Sends an event.
    pub fn event(&self, name: &str, body: Value) {
        let mut message = json!({ "event": name });
        if !body.is_null() {
            message["body"] = body;
        }
        self.send("event", message);
    }
}

/// A pipe whose writing end the program gets, and the thread that tells what comes out of it.
pub struct Tap {
    /// The end that the program writes to.
    pub end: OwnedFd,
    reader: JoinHandle<()>,
}

impl Tap {
    /// Starts telling what is written as output of a category.
    ///
    /// # Errors
    /// Where no pipe or no thread can be made.
    pub fn start(category: &'static str, sender: Sender) -> std::io::Result<Self> {
        let (read, end) = std::io::pipe()?;
        let (read, end) = (OwnedFd::from(read), OwnedFd::from(end));
        let reader = std::thread::Builder::new().name("output".into()).spawn(move || {
            let mut file = File::from(read);
            let mut bytes = vec![0; 64 << 10];
            // A character may come in two pieces.
            let mut kept: Vec<u8> = Vec::new();
            while let Ok(count) = file.read(&mut bytes) {
                if count == 0 {
                    break;
                }
                kept.extend_from_slice(&bytes[..count]);
                let whole = match std::str::from_utf8(&kept) {
                    Err(error) if error.error_len().is_none() => error.valid_up_to(),
                    _ => kept.len(),
                };
                let text = String::from_utf8_lossy(&kept[..whole]).into_owned();
                kept.drain(..whole);
                if !text.is_empty() {
                    sender.event("output", json!({ "category": category, "output": text }));
                }
            }
        })?;
        Ok(Self { end, reader })
    }

    /// The number of the end that the program gets.
    pub fn fd(&self) -> i32 {
        self.end.as_raw_fd()
    }

    /// The program has its copy: when it is gone, everything has been told.
    pub fn close(self) -> JoinHandle<()> {
        drop(self.end);
        self.reader
    }
}
