//! A transient scope of systemd, for machines where systemd owns the cgroup tree.
//!
//! Speaks to org.freedesktop.systemd1 over D-Bus: StartTransientUnit, then the JobRemoved signal of that job,
//! then the unit's ControlGroup. The subscription precedes the call, as the signal may precede the reply.
//! Every wait is bounded. It never touches the cgroup file system. Source: org.freedesktop.systemd1(5),
//! systemd.scope(5), <https://systemd.io/CONTROL_GROUP_INTERFACE>.

use std::fmt;
use std::future::{Future, poll_fn};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use zbus::connection::Builder;
use zbus::export::futures_core::Stream;
use zbus::{Connection, MatchRule, MessageStream, OwnedObjectPath, OwnedVariant, Variant};

const MANAGER: &str = "org.freedesktop.systemd1.Manager";
const NAME: &str = "org.freedesktop.systemd1";
const PATH: &str = "/org/freedesktop/systemd1";
/// How long a launch waits for systemd: a scope starts within milliseconds, and D-Bus itself gives a call
/// 25 s.
pub const PATIENCE: Duration = Duration::from_secs(25);

/// Which bus systemd is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bus {
    /// The system bus for root, the user's session bus otherwise.
    Default,
    /// The bus at a D-Bus address such as `unix:path=/run/user/1000/bus`.
    Address(String),
}

/// What happens when a unit of that name exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The start fails.
    Fail,
    /// Jobs that are in the way are replaced.
    Replace,
}

/// A scope that is to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The unit's name, ending in `.scope`.
    pub name: String,
    /// What to do with jobs in the way.
    pub mode: Mode,
    /// The processes it starts with, at least one: systemd refuses an empty scope.
    pub pids: Vec<u32>,
    /// The slice it belongs to; `None` is the manager's default.
    pub slice: Option<String>,
    /// Text for people.
    pub description: String,
    /// Whether the group's subtree is the program's own to manage.
    pub delegate: bool,
    /// MemoryMax.
    pub memory_max_bytes: Option<u64>,
    /// TasksMax.
    pub tasks_max: Option<u64>,
    /// CPUQuotaPerSecUSec: processor time per second of clock time; 1 000 000 is one whole CPU.
    pub cpu_quota_us: Option<u64>,
    /// How long systemd may take for each request, [`PATIENCE`] as a rule.
    pub patience: Duration,
}

/// Why systemd did not do as asked.
#[derive(Debug)]
pub enum Error {
    /// The bus could not be reached.
    Bus(zbus::Error),
    /// A call was refused.
    Call {
        /// The method.
        method: &'static str,
        /// The unit.
        unit: String,
        /// What systemd said.
        error: zbus::Error,
    },
    /// The start job did not end with "done".
    Job {
        /// The unit.
        unit: String,
        /// The job's result, for example "failed" or "dependency".
        result: String,
    },
    /// systemd did not answer in time.
    Timeout {
        /// What was being waited for.
        step: &'static str,
        /// The unit.
        unit: String,
        /// How long it was waited for.
        waited_ms: u128,
    },
    /// A limit that a scope cannot have.
    Setting {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// systemd does not manage this machine.
    Absent,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bus(error) => write!(
                f,
                "cannot reach systemd's bus: {error}; use a cgroup path instead of a scope, or set \
                 DBUS_SESSION_BUS_ADDRESS"
            ),
            Self::Call { method, unit, error } => {
                write!(f, "systemd refused {method} of {unit}: {error}; see `systemctl status {unit}`")
            }
            Self::Job { unit, result } => write!(
                f,
                "systemd could not start {unit}: the job ended with '{result}'; see `journalctl -u {unit}`"
            ),
            Self::Timeout { step, unit, waited_ms } => write!(
                f,
                "systemd did not answer within {waited_ms} ms ({step} of {unit}); see `systemctl list-jobs`"
            ),
            Self::Setting { name, value } => write!(
                f,
                "a scope cannot have {name}={value}; it takes memory.max, pids.max and cpu.max in cgroup v2 form"
            ),
            Self::Absent => f.write_str(
                "systemd does not manage this machine (no /run/systemd/system); give a cgroup path instead",
            ),
        }
    }
}

impl std::error::Error for Error {}

/// Whether systemd is the machine's manager, as sd_booted(3) asks.
pub fn available() -> bool {
    Path::new("/run/systemd/system").is_dir()
}

/// Starts a scope of its own for process `pid`, with limits in the form of cgroup v2 files.
///
/// # Errors
/// [`Error`]'s sentence.
pub fn launch_scope(pid: i32, settings: &[(String, String)]) -> Result<Scope, String> {
    if !available() {
        return Err(Error::Absent.to_string());
    }
    let plan = Plan::of(pid, settings).map_err(|error| error.to_string())?;
    Scope::start(&Bus::Default, &plan).map_err(|error| error.to_string())
}

/// A running scope; it is stopped when it is dropped.
#[derive(Debug)]
pub struct Scope {
    connection: Connection,
    name: String,
    control_group: PathBuf,
    patience: Duration,
    stopped: bool,
}

impl Scope {
    /// Starts the scope and waits until systemd has moved the processes into it.
    ///
    /// # Errors
    /// Every variant of [`Error`]; no unit is left behind but after a timeout.
    pub fn start(bus: &Bus, plan: &Plan) -> Result<Self, Error> {
        let unit = plan.name.clone();
        zbus::block_on(bounded(plan.patience, "start", &unit, Self::started(bus, plan)))
    }

    async fn started(bus: &Bus, plan: &Plan) -> Result<Self, Error> {
        let builder = match bus {
            Bus::Address(address) => Builder::address(address.as_str()),
            Bus::Default if crate::sys::process::effective_uid() == 0 => Builder::system(),
            Bus::Default => Builder::session(),
        };
        let connection = builder.build().await.map_err(Error::Bus)?;
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender(NAME)
            .path(PATH)
            .interface(MANAGER)
            .member("JobRemoved")
            .build()
            .map_err(Error::Bus)?;
        let mut removed = MessageStream::for_match_rule(rule, &connection, None).await.map_err(Error::Bus)?;
        let refused = |method| {
            let unit = plan.name.clone();
            move |error| Error::Call { method, unit, error }
        };
        // systemd sends its signals only while somebody has subscribed.
        let path = Some(MANAGER);
        connection
            .call_method(Some(NAME), PATH, path, "Subscribe", &())
            .await
            .map_err(refused("Subscribe"))?;
        let mode = if plan.mode == Mode::Fail { "fail" } else { "replace" };
        let aux: Vec<(&str, Vec<(&str, Variant<'_>)>)> = Vec::new();
        let body = (plan.name.as_str(), mode, plan.properties(), aux);
        let reply = connection.call_method(Some(NAME), PATH, path, "StartTransientUnit", &body).await;
        let started = refused("StartTransientUnit");
        let job: OwnedObjectPath = reply.and_then(|r| r.body().deserialize()).map_err(started)?;
        let result = job_result(&mut removed, &job).await.map_err(Error::Bus)?;
        if result != "done" {
            return Err(Error::Job { unit: plan.name.clone(), result });
        }
        let mut scope = Self {
            connection,
            name: plan.name.clone(),
            control_group: PathBuf::new(),
            patience: plan.patience,
            stopped: false,
        };
        scope.control_group = scope.ask_control_group().await.map_err(refused("GetUnit"))?;
        Ok(scope)
    }

    async fn ask_control_group(&self) -> zbus::Result<PathBuf> {
        let body = (self.name.as_str(),);
        let unit = self.connection.call_method(Some(NAME), PATH, Some(MANAGER), "GetUnit", &body).await?;
        let unit: OwnedObjectPath = unit.body().deserialize()?;
        let properties = Some("org.freedesktop.DBus.Properties");
        let body = ("org.freedesktop.systemd1.Scope", "ControlGroup");
        let reply = self.connection.call_method(Some(NAME), &unit, properties, "Get", &body).await?;
        let value: OwnedVariant = reply.body().deserialize()?;
        Ok(PathBuf::from(String::try_from(value)?))
    }

    /// The unit's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The unit's path below the root of the hierarchies, with a leading slash as systemd tells it.
    pub fn control_group(&self) -> &Path {
        &self.control_group
    }

    /// Sends `signo` to every process of the scope.
    ///
    /// # Errors
    /// [`Error::Call`], [`Error::Timeout`].
    pub fn kill(&self, signo: i32) -> Result<(), Error> {
        self.call("KillUnit", &(self.name.as_str(), "all", signo))
    }

    /// Stops the scope: systemd ends what is left in it and removes its group.
    ///
    /// # Errors
    /// [`Error::Call`], [`Error::Timeout`].
    pub fn stop(mut self) -> Result<(), Error> {
        self.stopped = true;
        self.call("StopUnit", &(self.name.as_str(), "fail"))
    }

    fn call<B>(&self, method: &'static str, body: &B) -> Result<(), Error>
    where
        B: zbus::export::serde::Serialize + zbus::DynamicType,
    {
        let call = async {
            let sent = self.connection.call_method(Some(NAME), PATH, Some(MANAGER), method, body).await;
            sent.map(drop).map_err(|error| Error::Call { method, unit: self.name.clone(), error })
        };
        zbus::block_on(bounded(self.patience, method, &self.name, call))
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if !self.stopped {
            self.call("StopUnit", &(self.name.as_str(), "fail")).ok();
        }
    }
}

impl Plan {
    /// The plan of [`launch_scope`].
    ///
    /// # Errors
    /// [`Error::Setting`] for a limit that is not memory.max, pids.max or cpu.max, or a bad value.
    pub fn of(pid: i32, settings: &[(String, String)]) -> Result<Self, Error> {
        let mut plan = Self {
            name: format!("trace-{pid}.scope"),
            mode: Mode::Fail,
            pids: u32::try_from(pid).into_iter().collect(),
            slice: None,
            description: format!("process {pid} under trace"),
            delegate: true,
            memory_max_bytes: None,
            tasks_max: None,
            cpu_quota_us: None,
            patience: PATIENCE,
        };
        for (name, value) in settings {
            let (field, parsed) = match name.as_str() {
                "memory.max" => (&mut plan.memory_max_bytes, amount(value)),
                "pids.max" => (&mut plan.tasks_max, amount(value)),
                "cpu.max" => (&mut plan.cpu_quota_us, per_second(value)),
                _ => return Err(Error::Setting { name: name.clone(), value: value.clone() }),
            };
            let bad = || Error::Setting { name: name.clone(), value: value.clone() };
            *field = Some(parsed.ok_or_else(bad)?);
        }
        Ok(plan)
    }

    /// The properties of the unit, a(sv).
    fn properties(&self) -> Vec<(&'static str, Variant<'_>)> {
        let mut all = vec![
            ("Description", Variant::from(self.description.as_str())),
            ("PIDs", Variant::from(self.pids.clone())),
            ("Delegate", Variant::from(self.delegate)),
        ];
        all.extend(self.slice.as_deref().map(|slice| ("Slice", Variant::from(slice))));
        let limits = [
            ("MemoryMax", self.memory_max_bytes),
            ("TasksMax", self.tasks_max),
            ("CPUQuotaPerSecUSec", self.cpu_quota_us),
        ];
        all.extend(limits.into_iter().filter_map(|(name, value)| Some((name, Variant::from(value?)))));
        all
    }
}

/// A number with an optional K, M, G or T; `max` is systemd's infinity.
fn amount(value: &str) -> Option<u64> {
    if value == "max" {
        return Some(u64::MAX);
    }
    let digits = value.trim_end_matches(['K', 'M', 'G', 'T', 'k', 'm', 'g', 't']);
    let shift = match value.get(digits.len()..)?.to_ascii_uppercase().as_str() {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// cpu.max, `QUOTA [PERIOD]` in microseconds with a period of 0.1 s by default, for each second.
fn per_second(value: &str) -> Option<u64> {
    let (quota, period) = value.split_once(' ').unwrap_or((value, "100000"));
    if quota == "max" {
        return Some(u64::MAX);
    }
    let (quota, period) = (quota.parse::<u64>().ok()?, period.parse::<u64>().ok()?);
    quota.checked_mul(1_000_000)?.checked_div(period)
}

/// Waits for the JobRemoved signal of `job`, (id u, job o, unit s, result s), and tells its result.
async fn job_result(signals: &mut MessageStream, job: &OwnedObjectPath) -> zbus::Result<String> {
    let mut signals = pin!(signals);
    loop {
        let Some(message) = poll_fn(|context| signals.as_mut().poll_next(context)).await else {
            return Err(zbus::Error::Failure("the bus closed the connection".to_owned()));
        };
        let body = message?.body();
        let (_, removed, _, result): (u32, OwnedObjectPath, String, String) = body.deserialize()?;
        if removed == *job {
            return Ok(result);
        }
    }
}

/// `work`, or [`Error::Timeout`] after `patience`. A thread of its own wakes the waiter at the end.
async fn bounded<T>(
    patience: Duration,
    step: &'static str,
    unit: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut work = pin!(work);
    let deadline = Instant::now() + patience;
    // Dropping the sender ends the thread early.
    let mut alarm: Option<mpsc::Sender<()>> = None;
    poll_fn(|context| {
        if let Poll::Ready(result) = work.as_mut().poll(context) {
            return Poll::Ready(result);
        }
        if Instant::now() >= deadline {
            return Poll::Ready(Err(Error::Timeout {
                step,
                unit: unit.to_owned(),
                waited_ms: patience.as_millis(),
            }));
        }
        if alarm.is_none() {
            let (sender, receiver) = mpsc::channel();
            let waker = context.waker().clone();
            thread::spawn(move || {
                let left = deadline.saturating_duration_since(Instant::now());
                if receiver.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
                    waker.wake();
                }
            });
            alarm = Some(sender);
        }
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_36_limits_of_a_scope_are_those_of_v2_files() {
        let plan = |name: &str, value: &str| Plan::of(7, &[(name.to_owned(), value.to_owned())]);
        assert_eq!(plan("memory.max", "64M").unwrap().memory_max_bytes, Some(64 << 20));
        assert_eq!(plan("memory.max", "max").unwrap().memory_max_bytes, Some(u64::MAX));
        assert_eq!(plan("pids.max", "32").unwrap().tasks_max, Some(32));
        assert_eq!(plan("cpu.max", "50000").unwrap().cpu_quota_us, Some(500_000));
        assert_eq!(plan("cpu.max", "20000 10000").unwrap().cpu_quota_us, Some(2_000_000));
        for (name, value) in [("io.max", "1"), ("pids.max", "x"), ("cpu.max", "1 0"), ("memory.max", "1MM")] {
            assert!(plan(name, value).unwrap_err().to_string().contains(&format!("{name}={value}")));
        }
    }
}
