//! Rows → `COPY … FROM STDIN (FORMAT binary)`.
//!
//! Layout of the stream: PostgreSQL documentation, "COPY", section "Binary Format".

/// Signature, flags and length of the header extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Microseconds between 1970-01-01 and PostgreSQL's epoch, 2000-01-01.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Encodes rows into a buffer that the caller drains.
#[derive(Debug)]
pub struct RowEncoder {
    columns: i16,
    buffer: Vec<u8>,
}

impl RowEncoder {
    /// An encoder of rows with `columns` cells; the buffer starts with the stream's header.
    pub fn new(columns: u8) -> Self {
        let columns = i16::from(columns);
        Self {
            columns,
            buffer: HEADER.to_vec(),
        }
    }

    /// Begins a row; as many cells as there are columns must follow.
    pub fn row(&mut self) {
        self.buffer.extend(self.columns.to_be_bytes());
    }

    /// NULL of any type.
    pub fn null(&mut self) {
        self.buffer.extend((-1_i32).to_be_bytes());
    }

    /// `boolean`.
    pub fn boolean(&mut self, value: bool) {
        self.cell(&[u8::from(value)]);
    }

    /// `smallint`.
    pub fn smallint(&mut self, value: i16) {
        self.cell(&value.to_be_bytes());
    }

    /// `integer`.
    pub fn integer(&mut self, value: i32) {
        self.cell(&value.to_be_bytes());
    }

    /// `real`.
    pub fn real(&mut self, value: f32) {
        self.cell(&value.to_be_bytes());
    }

    /// `double precision`.
    pub fn double(&mut self, value: f64) {
        self.cell(&value.to_be_bytes());
    }

    /// `timestamp`, as microseconds since 1970-01-01.
    pub fn timestamp(&mut self, unix_micros: i64) {
        self.cell(&(unix_micros - EPOCH_MICROS).to_be_bytes());
    }

    /// `text`; the caller has removed NUL characters, which PostgreSQL refuses.
    pub fn text(&mut self, value: &str) {
        self.cell(value.as_bytes());
    }

    /// `bytea`.
    pub fn bytea(&mut self, value: &[u8]) {
        self.cell(value);
    }

    /// `jsonb`, as JSON text.
    pub fn jsonb(&mut self, json: &str) {
        self.length(json.len() + 1);
        self.buffer.push(1); // Version of the jsonb wire format.
        self.buffer.extend(json.as_bytes());
    }

    /// Where the buffer stands; [`RowEncoder::reset`] goes back there.
    pub fn mark(&self) -> usize {
        self.buffer.len()
    }

    /// Forgets what was encoded since `mark`.
    pub fn reset(&mut self, mark: usize) {
        self.buffer.truncate(mark);
    }

    /// What was encoded since `mark`.
    pub fn since(&self, mark: usize) -> &[u8] {
        &self.buffer[mark..]
    }

    /// Bytes encoded since the last [`RowEncoder::take`].
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Whether there is nothing to take.
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The encoded bytes; the buffer is empty afterwards.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

    /// Ends the stream.
    pub fn finish(&mut self) {
        self.buffer.extend((-1_i16).to_be_bytes());
    }

    fn cell(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.buffer.extend(bytes);
    }

    fn length(&mut self, bytes: usize) {
        let length = i32::try_from(bytes).expect("no MDB value reaches 2 GiB");
        self.buffer.extend(length.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_count_and_each_cell_its_length() {
        let mut encoder = RowEncoder::new(2);
        assert_eq!(encoder.take().len(), 19);
        encoder.row();
        encoder.null();
        encoder.text("ab");
        assert_eq!(
            encoder.take(),
            [0, 2, 255, 255, 255, 255, 0, 0, 0, 2, b'a', b'b'],
        );
        encoder.timestamp(EPOCH_MICROS);
        assert_eq!(encoder.take(), [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
