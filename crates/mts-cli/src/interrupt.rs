//! Signals that ask to stop.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// What programs add to the number of a signal that ended them.
const SIGNALLED: i32 = 128;

/// Whether somebody asked to stop. The first time, work is left in order; the second time, at once.
#[derive(Clone)]
pub(crate) struct Interrupt {
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Listens from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        let signal = Arc::new(AtomicUsize::new(0));
        let again = Arc::new(AtomicBool::new(false));
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: what the first signal sets, the second finds.
            flag::register_conditional_shutdown(number, SIGNALLED + number, again.clone())?;
            flag::register(number, again.clone())?;
            flag::register_usize(number, signal.clone(), number as usize)?;
        }
        Ok(Interrupt { signal })
    }

    pub(crate) fn is_set(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }

    /// Whether a scheduler or a lost connection asks rather than somebody at the keyboard, who would be
    /// surprised by what stays: long datasets are to be continued.
    pub(crate) fn is_of_a_machine(&self) -> bool {
        let signal = self.signal.load(Ordering::Relaxed);
        signal == SIGTERM as usize || signal == SIGHUP as usize
    }

    /// How the program ends that stopped because of it: 130 for an interrupt from the keyboard.
    pub(crate) fn code(&self) -> u8 {
        SIGNALLED as u8 + self.signal.load(Ordering::Relaxed) as u8
    }
}
