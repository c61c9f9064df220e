// A visitor's file, read piece by piece: it may be larger than memory.

/** A file is read in pieces of this size, of which the last ones used are kept. */
const PIECE = 64 * 1024;
const PIECES = 128;

/** What the module reads a file from: pages lie within pieces, whose size is a multiple of theirs. */
export function source(file) {
  const reader = new FileReaderSync();
  /** @type {Map<number, Uint8Array>} */
  const pieces = new Map();
  const read = (at, length) => {
    const start = at - (at % PIECE);
    const piece =
      pieces.get(start) ?? new Uint8Array(reader.readAsArrayBuffer(file.slice(start, start + PIECE)));
    pieces.delete(start);
    pieces.set(start, piece);
    if (pieces.size > PIECES) pieces.delete(pieces.keys().next().value);
    return piece.subarray(at - start, at - start + length);
  };
  return { size: file.size, read };
}
