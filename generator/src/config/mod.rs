//! Settings of a build.

mod site_url;

pub use site_url::SiteUrl;
