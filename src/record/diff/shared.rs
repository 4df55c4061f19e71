//! A value that a sink fills and its maker reads when the sink is gone.

use std::cell::RefCell;
use std::rc::Rc;

/// A value with two owners on one thread.
pub type Shared<T> = Rc<RefCell<T>>;

/// A shared value.
pub fn shared<T>(value: T) -> Shared<T> {
    Rc::new(RefCell::new(value))
}
