//! Configuration, in two kinds of structs.
//!
//! * [`File`] is `windsock.toml` as written: every key optional, unknown keys refused.
//! * [`Config`] is what the stages use: every value present, paths resolved against the folder of
//!   the file. It is made once, from the file and from what was typed on the command line or set
//!   in the environment; the latter win.
//!
//! [`SiteUrl`] is where all addresses of the site are made.
//!
//! No other module reads environment variables or the configuration file.

mod file;
mod resolved;
mod site_url;

pub use file::File;
pub use resolved::{Config, Gate, Overrides};
pub use site_url::SiteUrl;
