//! The model file: a short prefix, a JSON header, packed trees. All integers little-endian.
//!
//! ```text
//! 8 bytes   "WNDSKSEV"
//! u32       format version
//! u32       length of the header, then the header as JSON
//! u32       number of trees, then per tree:
//!   u16       number of nodes, then per node 14 bytes:
//!     u16       bits 0–14 column (0x7FFF: a leaf), bit 15 missing values go left
//!     u16 u16   left and right child (0 in a leaf)
//!     f32       threshold, or value of the leaf
//!     f32       cover
//! ```

use crate::header::Header;
use crate::model::Model;
use crate::tree::{Node, Tree, TreeError};

/// Format version written by this build; readers accept it and nothing newer.
pub const VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"WNDSKSEV";
const LEAF: u16 = 0x7FFF;
const DEFAULT_LEFT: u16 = 0x8000;
const NODE_BYTES: usize = 14;

/// Why bytes are not a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The file does not begin as a model file does.
    #[error("this is not a severity model file")]
    Magic,
    /// The file was written by a newer build.
    #[error("the model file has format {0}, this build reads up to {VERSION}: reload or update")]
    Newer(u32),
    /// The file ends too early.
    #[error("the model file is cut off: fetch or train it again")]
    Truncated,
    /// The file goes on after its end.
    #[error("the model file has {0} bytes too many")]
    Trailing(usize),
    /// The header is no JSON of the right shape, or its parts do not fit.
    #[error("the header of the model file is broken: {0}")]
    Header(String),
    /// A tree is none.
    #[error("tree {0} of the model file is broken: it has {1}")]
    Tree(usize, TreeError),
}

impl Model {
    /// Reads a model file; every index in it is checked.
    ///
    /// # Errors
    /// [`ModelError`] says what is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut rest = bytes;
        if !bytes.starts_with(MAGIC) {
            return Err(ModelError::Magic);
        }
        take(&mut rest, MAGIC.len())?;
        let version = take_u32(&mut rest)?;
        if version > VERSION {
            return Err(ModelError::Newer(version));
        }
        let length = take_u32(&mut rest)? as usize;
        let header: Header = serde_json::from_slice(take(&mut rest, length)?)
            .map_err(|error| ModelError::Header(error.to_string()))?;
        let columns = header.columns();
        let count = take_u32(&mut rest)? as usize;
        let mut trees = Vec::new();
        for at in 0..count {
            let length = usize::from(take_u16(&mut rest)?);
            let nodes = take(&mut rest, length * NODE_BYTES)?
                .chunks_exact(NODE_BYTES)
                .map(read_node)
                .collect();
            let tree = Tree::new(nodes, columns).map_err(|error| ModelError::Tree(at, error))?;
            trees.push(tree);
        }
        if !rest.is_empty() {
            return Err(ModelError::Trailing(rest.len()));
        }
        Self::new(header, trees)
    }

    /// The model file; equal models give equal bytes.
    ///
    /// # Panics
    /// If the header is larger than 4 GiB.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = serde_json::to_vec(self.header()).expect("the header has string keys only");
        let mut bytes = Vec::from(MAGIC);
        let length = |n: usize| u32::try_from(n).expect("less than 4 GiB").to_le_bytes();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(length(header.len()));
        bytes.extend(&header);
        bytes.extend(length(self.trees().len()));
        for tree in self.trees() {
            bytes.extend((tree.nodes().len() as u16).to_le_bytes());
            for node in tree.nodes() {
                bytes.extend(write_node(node));
            }
        }
        bytes
    }
}

fn write_node(node: &Node) -> [u8; NODE_BYTES] {
    let (head, left, right, value, cover) = match *node {
        Node::Leaf { value, cover } => (LEAF, 0, 0, value, cover),
        Node::Split {
            feature,
            threshold,
            default_left,
            left,
            right,
            cover,
        } => {
            let flag = if default_left { DEFAULT_LEFT } else { 0 };
            (feature | flag, left, right, threshold, cover)
        }
    };
    let mut bytes = [0; NODE_BYTES];
    bytes[..2].copy_from_slice(&head.to_le_bytes());
    bytes[2..4].copy_from_slice(&left.to_le_bytes());
    bytes[4..6].copy_from_slice(&right.to_le_bytes());
    bytes[6..10].copy_from_slice(&value.to_le_bytes());
    bytes[10..].copy_from_slice(&cover.to_le_bytes());
    bytes
}

fn read_node(bytes: &[u8]) -> Node {
    let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let float =
        |at: usize| f32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let head = short(0);
    if head & LEAF == LEAF {
        return Node::Leaf {
            value: float(6),
            cover: float(10),
        };
    }
    Node::Split {
        feature: head & LEAF,
        threshold: float(6),
        default_left: head & DEFAULT_LEFT != 0,
        left: short(2),
        right: short(4),
        cover: float(10),
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], ModelError> {
    let (head, tail) = rest.split_at_checked(length).ok_or(ModelError::Truncated)?;
    *rest = tail;
    Ok(head)
}

fn take_u32(rest: &mut &[u8]) -> Result<u32, ModelError> {
    let bytes = take(rest, 4)?;
    Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn take_u16(rest: &mut &[u8]) -> Result<u16, ModelError> {
    let bytes = take(rest, 2)?;
    Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
}

#[cfg(test)]
pub(crate) mod tests;
