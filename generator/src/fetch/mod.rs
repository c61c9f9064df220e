//! Files from the web: downloads that survive bad connections, and notices to a webhook.
//!
//! Nothing here knows what the files are for. The schedule of attempts is fixed, without jitter: one
//! machine fetches one file, and two runs behave alike.

mod cache;
mod download;
mod location;
#[cfg(test)]
mod tests;
mod webhook;

pub use download::Download;
pub(crate) use download::agent;
pub use location::{Location, Url};
pub use webhook::notify;
