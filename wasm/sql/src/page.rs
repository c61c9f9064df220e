//! What the module asks of JavaScript.
//!
//! Functions of JavaScript belong to a thread, DataFusion's plans may not: so they lie here, and
//! plans know their number.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::Function;
use wasm_bindgen::JsValue;

thread_local! {
    static PAGES: RefCell<BTreeMap<u32, Page>> = const { RefCell::new(BTreeMap::new()) };
}

#[derive(Clone)]
struct Page {
    want: Function,
    breathe: Function,
}

/// Whom to ask; forgotten with it.
#[derive(Debug)]
pub(crate) struct PageId(u32);

impl PageId {
    /// Functions `want(path, bytes, sha256)` and `breathe()`.
    pub(crate) fn new(want: Function, breathe: Function) -> Self {
        PAGES.with_borrow_mut(|pages| {
            let id = pages.last_key_value().map_or(0, |(last, _)| last + 1);
            pages.insert(id, Page { want, breathe });
            Self(id)
        })
    }

    /// Asks for a file, which is fed or fails later.
    pub(crate) fn want(&self, path: &str, bytes: u64, sha256: &str) {
        let bytes = JsValue::from(bytes as f64);
        self.call(|page| (page.want).call3(&JsValue::NULL, &path.into(), &bytes, &sha256.into()));
    }

    /// Asks to be woken once messages to the worker have been heard.
    pub(crate) fn breathe(&self) {
        self.call(|page| page.breathe.call0(&JsValue::NULL));
    }

    fn call(&self, ask: impl FnOnce(&Page) -> Result<JsValue, JsValue>) {
        let page = PAGES.with_borrow(|pages| pages.get(&self.0).cloned());
        if let Some(Err(error)) = page.as_ref().map(ask) {
            wasm_bindgen::throw_val(error);
        }
    }
}

impl Drop for PageId {
    fn drop(&mut self) {
        PAGES.with_borrow_mut(|pages| pages.remove(&self.0));
    }
}
