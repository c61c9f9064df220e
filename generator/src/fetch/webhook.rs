//! A notice to a webhook.

use std::time::Duration;

use serde::Serialize;
use ureq::http::header;

use super::Url;
use super::download::agent;

/// Longest wait for a webhook; nobody's data depends on it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends `notice` as JSON by POST. A webhook that does not take it is worth a warning, no more.
pub fn notify(url: &Url, notice: &impl Serialize) {
    let sent = serde_json::to_vec(notice)
        .map_err(|error| error.to_string())
        .and_then(|body| post(url, &body));
    if let Err(why) = sent {
        tracing::warn!("the webhook {url} was not told: {why}");
    }
}

fn post(url: &Url, body: &[u8]) -> Result<(), String> {
    let answer = agent(PATIENCE)
        .post(url.secret())
        .config()
        .timeout_global(Some(PATIENCE))
        .build()
        .header(header::CONTENT_TYPE, "application/json")
        .send(body);
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!(
            "it answered with status {}",
            answer.status().as_u16()
        )),
        // Their texts may quote the URL.
        Err(ureq::Error::BadUri(_) | ureq::Error::Http(_)) => {
            Err("this is no valid URL".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}
