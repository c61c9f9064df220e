//! Progress of long work: a bar on a terminal, nothing elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Makes bars that are drawn on standard error if it is a terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    /// Draw nothing even on a terminal.
    pub quiet: bool,
}

impl Progress {
    /// A bar over `len` steps of `what`.
    pub fn bar(self, what: &str, len: u64) -> ProgressBar {
        self.styled(
            what,
            len,
            "{prefix:>12} {bar:30} {human_pos}/{human_len} {elapsed} {wide_msg}",
        )
    }

    /// A bar over bytes that arrive; their number may become known later.
    pub fn bytes(self, what: &str) -> ProgressBar {
        self.styled(
            what,
            0,
            "{prefix:>12} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left {wide_msg}",
        )
    }

    fn styled(self, what: &str, len: u64, template: &str) -> ProgressBar {
        let target = if self.quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(len), target);
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}
