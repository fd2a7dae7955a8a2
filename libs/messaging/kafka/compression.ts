import { promisify } from 'node:util';
import { unzip, zstdDecompress } from 'node:zlib';
import { decompressFrame } from 'lz4-napi';
import { uncompress } from 'snappy';

/** What a batch may become when it is decompressed: a few megabytes can say that they are many gigabytes. */
export const DECOMPRESSED_BYTES_MAX = 128 * 1_048_576;

type Decompress = (bytes: Buffer) => Promise<Buffer>;

/** By the number that a batch says of its compression. Others than Java's client write the same formats a little otherwise. */
const DECOMPRESSIONS: readonly Decompress[] = [
  async (bytes) => bytes,
  (bytes) => promisify(unzip)(bytes, { maxOutputLength: DECOMPRESSED_BYTES_MAX }),
  snappy,
  lz4,
  (bytes) => promisify(zstdDecompress)(bytes, { maxOutputLength: DECOMPRESSED_BYTES_MAX }),
];

export async function decompressed(compression: number, bytes: Buffer): Promise<Buffer> {
  const decompress = DECOMPRESSIONS[compression];
  if (!decompress) throw new RangeError(`compression ${compression} is unknown`);
  return decompress(bytes);
}

/** Java writes blocks of snappy in a frame of its own (xerial): this, two versions, and the size of each block before it. */
const XERIAL = Buffer.from('\x82SNAPPY\0', 'latin1');
const XERIAL_HEADER_BYTES = 16;

async function snappy(bytes: Buffer): Promise<Buffer> {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return snappyBlocks([bytes]);
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    blocks.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return snappyBlocks(blocks);
}

async function snappyBlocks(blocks: readonly Buffer[]): Promise<Buffer> {
  bound(blocks.reduce((sum, block) => sum + saidSize(block), 0));
  return Buffer.concat((await Promise.all(blocks.map((block) => uncompress(block, { asBuffer: true })))) as Buffer[]);
}

/** A block of snappy begins with the size of what it holds: seven bits a byte, the lowest first. */
function saidSize(block: Buffer): number {
  const last = block.findIndex((byte) => byte < 128);
  return block.subarray(0, last + 1).reduce((size, byte, index) => size + (byte & 127) * 128 ** index, 0);
}

/** Of a frame of LZ4: 64 KiB, 256 KiB, 1 MiB, 4 MiB by the bits 4 to 6 of its third descriptor byte. */
const LZ4_BLOCK_BYTES_MAX = 4 * 1_048_576;
const LZ4_HEADER_BYTES = 7;

/** The library has no bound of its own: no block of a frame holds more than the frame says. */
async function lz4(bytes: Buffer): Promise<Buffer> {
  const [flags = 0, descriptor = 0] = bytes.subarray(4, 6);
  const blockBytesMax = Math.min(LZ4_BLOCK_BYTES_MAX, 2 ** (8 + 2 * ((descriptor >> 4) & 7)));
  const checksumBytes = flags & 0x10 ? 4 : 0;
  let blocks = 0;
  for (let at = LZ4_HEADER_BYTES + (flags & 0x08 ? 8 : 0); at + 4 <= bytes.length; blocks += 1) {
    const size = bytes.readUInt32LE(at) & 0x7fffffff;
    if (size === 0) break;
    at += 4 + size + checksumBytes;
  }
  bound(blocks * blockBytesMax);
  return decompressFrame(bytes);
}

function bound(size: number): void {
  if (!(size <= DECOMPRESSED_BYTES_MAX)) throw new RangeError(`${size} bytes when decompressed are too many`);
}
