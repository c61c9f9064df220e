//! Decompression of pages.
//!
//! The parquet crate's own Zstandard is C code, which the browser module does without; so pages
//! are taken from it as they are and decompressed here.

use std::io::Read;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::file::metadata::ColumnChunkMetaData;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use super::ColumnFault;

const DAMAGED: ColumnFault = ColumnFault::Malformed("a compressed page is damaged");
const LARGER: ColumnFault = ColumnFault::Malformed("a page is larger than its column");

/// The tables and buffers of decompression, kept from page to page: making them costs more than
/// a small page.
pub(crate) struct Unpacker(Box<FrameDecoder>);

impl Default for Unpacker {
    fn default() -> Self {
        Self(Box::new(FrameDecoder::new()))
    }
}

/// How the pages of a column are compressed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codec {
    compression: Compression,
    /// Bytes all pages together take at most.
    limit: usize,
}

impl Codec {
    /// The codec of a column, and the column as one that is not compressed.
    pub(super) fn split(
        chunk: &ColumnChunkMetaData,
    ) -> Result<(Self, ColumnChunkMetaData), ColumnFault> {
        let codec = Self {
            compression: chunk.compression(),
            limit: usize::try_from(chunk.uncompressed_size()).unwrap_or_default(),
        };
        match codec.compression {
            Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_) => {}
            other => {
                return Err(ColumnFault::Unsupported(format!("compression {other}")));
            }
        }
        let plain = chunk.clone().into_builder();
        let plain = plain.set_compression(Compression::UNCOMPRESSED).build()?;
        Ok((codec, plain))
    }

    pub(super) fn decompress(
        self,
        page: Bytes,
        unpacker: &mut Unpacker,
    ) -> Result<Bytes, ColumnFault> {
        // Nothing is compressed to nothing: a page without values.
        if page.is_empty() {
            return Ok(page);
        }
        match self.compression {
            Compression::SNAPPY => {
                let size = snap::raw::decompress_len(&page).map_err(|_| DAMAGED)?;
                if size > self.limit {
                    return Err(LARGER);
                }
                let mut out = vec![0; size];
                let written = snap::raw::Decoder::new().decompress(&page, &mut out);
                out.truncate(written.map_err(|_| DAMAGED)?);
                Ok(out.into())
            }
            Compression::ZSTD(_) => {
                let decoder = StreamingDecoder::new_with_decoder(&page[..], unpacker.0.as_mut());
                let decoder = decoder.map_err(|_| DAMAGED)?;
                let mut out = Vec::new();
                let most = self.limit as u64 + 1;
                decoder
                    .take(most)
                    .read_to_end(&mut out)
                    .map_err(|_| DAMAGED)?;
                if out.len() > self.limit {
                    return Err(LARGER);
                }
                Ok(out.into())
            }
            _ => Ok(page),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::basic::{GzipLevel, Type};
    use parquet::schema::types::{ColumnDescriptor, ColumnPath, Type as SchemaType};

    use super::*;

    fn chunk(compression: Compression, size: i64) -> ColumnChunkMetaData {
        let column = SchemaType::primitive_type_builder("number", Type::INT64);
        let column = ColumnDescriptor::new(
            Arc::new(column.build().unwrap()),
            0,
            0,
            ColumnPath::from("number"),
        );
        ColumnChunkMetaData::builder(Arc::new(column))
            .set_compression(compression)
            .set_total_uncompressed_size(size)
            .build()
            .unwrap()
    }

    #[test]
    fn codecs_the_lake_does_not_use_are_named() {
        let gzip = chunk(Compression::GZIP(GzipLevel::default()), 8);
        let error = Codec::split(&gzip).unwrap_err().to_string();
        assert!(error.contains("compression GZIP"), "{error}");
    }

    #[test]
    fn pages_larger_than_their_column_are_refused_before_they_fill_the_memory() {
        let mut unpacker = Unpacker::default();
        let zeros = vec![0; 100_000];
        let snappy = snap::raw::Encoder::new().compress_vec(&zeros).unwrap();
        let mut zstandard = Vec::new();
        ruzstd::encoding::compress(
            &zeros[..],
            &mut zstandard,
            ruzstd::encoding::CompressionLevel::Fastest,
        );
        for (compression, page) in [
            (Compression::SNAPPY, snappy),
            (
                Compression::ZSTD(parquet::basic::ZstdLevel::default()),
                zstandard,
            ),
        ] {
            let page = Bytes::from(page);
            let (codec, plain) = Codec::split(&chunk(compression, 100_000)).unwrap();
            assert_eq!(plain.compression(), Compression::UNCOMPRESSED);
            assert_eq!(
                codec.decompress(page.clone(), &mut unpacker).unwrap(),
                zeros
            );
            let (codec, _) = Codec::split(&chunk(compression, 99_999)).unwrap();
            let error = codec
                .decompress(page, &mut unpacker)
                .unwrap_err()
                .to_string();
            assert!(error.contains("larger than its column"), "{error}");
        }
    }
}
