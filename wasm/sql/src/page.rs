//! What the module asks of JavaScript.
//!
//! Functions of JavaScript belong to a thread, DataFusion's plans may not: so they lie here.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::JsValue;

thread_local! {
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

struct Page {
    want: Function,
    breathe: Function,
}

/// Sets whom to ask: `want(path, bytes, sha256)` and `breathe()`.
pub(crate) fn set(want: Function, breathe: Function) {
    PAGE.set(Some(Page { want, breathe }));
}

/// Asks for a file, which is fed or fails later.
pub(crate) fn want(path: &str, bytes: u64, sha256: &str) {
    call(|page| {
        let bytes = JsValue::from(bytes as f64);
        page.want
            .call3(&JsValue::NULL, &path.into(), &bytes, &sha256.into())
    });
}

/// Asks to be woken once messages to the worker have been heard.
pub(crate) fn breathe() {
    call(|page| page.breathe.call0(&JsValue::NULL));
}

fn call(ask: impl FnOnce(&Page) -> Result<JsValue, JsValue>) {
    PAGE.with_borrow(|page| {
        if let Some(page) = page
            && let Err(error) = ask(page)
        {
            wasm_bindgen::throw_val(error);
        }
    });
}
