//! Configuration, in two kinds of structs.
//!
//! * [`File`] is `windsock.toml` as written: every key optional, unknown keys refused.
//! * [`Config`] is what the stages use: every value present, paths resolved against the folder of
//!   the file. It is made once: what was typed on the command line wins over the environment, the
//!   environment over the file, the file over what is usual.
//!
//! In the environment every key of the file has a name, `WINDSOCK_<TABLE>_<KEY>`
//! (`WINDSOCK_SITE_TITLE`), and some options have a short one (`WINDSOCK_BASE_URL`), which wins.
//!
//! [`SiteUrl`] is where all addresses of the site are made.
//!
//! No other module reads environment variables or the configuration file.

mod env;
mod file;
mod resolved;
mod schema;
mod site_url;
mod suggest;

pub use file::File;
pub use resolved::{Config, Gate, Overrides};
pub use schema::schema;
pub use site_url::SiteUrl;
