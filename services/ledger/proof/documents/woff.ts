import { inflateSync } from 'node:zlib';

const HEADER = { woff: 44, sfnt: 12 };
const RECORD = { woff: 20, sfnt: 16 };

/**
 * A web font (WOFF 1.0) as the TrueType or OpenType font that it holds: fontkit reads WOFF as well, but inflates a whole
 * table for each glyph.
 */
export function sfntOfWoff(woff: Buffer): Buffer {
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
    const at = HEADER.woff + index * RECORD.woff;
    const [offset, packedLength, length] = [4, 8, 12].map((field) => woff.readUInt32BE(at + field)) as [
      number,
      number,
      number,
    ];
    const packed = woff.subarray(offset, offset + packedLength);
    return {
      tag: woff.subarray(at, at + 4),
      checksum: woff.subarray(at + 16, at + 20),
      data: packedLength < length ? inflateSync(packed) : packed,
    };
  });
  const header = Buffer.alloc(HEADER.sfnt);
  woff.copy(header, 0, 4, 8); // the flavour
  header.writeUInt16BE(tables.length, 4);
  const powerOfTwo = 2 ** Math.floor(Math.log2(tables.length));
  header.writeUInt16BE(powerOfTwo * RECORD.sfnt, 6);
  header.writeUInt16BE(Math.log2(powerOfTwo), 8);
  header.writeUInt16BE((tables.length - powerOfTwo) * RECORD.sfnt, 10);
  let offset = HEADER.sfnt + tables.length * RECORD.sfnt;
  const records = tables.map(({ tag, checksum, data }) => {
    const place = Buffer.alloc(8);
    place.writeUInt32BE(offset, 0);
    place.writeUInt32BE(data.length, 4);
    offset += Math.ceil(data.length / 4) * 4;
    return Buffer.concat([tag, checksum, place]);
  });
  const padded = tables.map(({ data }) => Buffer.concat([data], Math.ceil(data.length / 4) * 4));
  return Buffer.concat([header, ...records, ...padded]);
}
