//! Failures with a meaning of their own, and the exit codes that tell them apart.

use thiserror::Error;

/// A failure that scripts may want to react to. Everything else exits with 1.
#[derive(Debug, Error)]
pub enum Fault {
    /// The input is unusable or its rows do not add up. Exit code 3.
    #[error("{0}")]
    Input(String),
    /// The data is not fit to publish. Exit code 4.
    #[error("{0}")]
    Validation(String),
    /// The site is larger than its hosts allow. Exit code 5.
    #[error("{0}")]
    Budget(String),
}

impl Fault {
    /// The process exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_) => 3,
            Self::Validation(_) => 4,
            Self::Budget(_) => 5,
        }
    }
}

/// The exit code for an error: that of the [`Fault`] in its chain, 3 for damage to a source file that
/// shows only in the middle of the work, else 1.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    error.chain().find_map(code_of).unwrap_or(1)
}

fn code_of(cause: &(dyn std::error::Error + 'static)) -> Option<u8> {
    if let Some(fault) = cause.downcast_ref::<Fault>() {
        return Some(fault.exit_code());
    }
    match cause.downcast_ref::<jet::Error>()? {
        jet::Error::Io(_) => None,
        _ => Some(Fault::Input(String::new()).exit_code()),
    }
}
