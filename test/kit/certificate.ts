/** Certificates of a name, made where they are needed (X.509 in DER): each is an authority, for itself. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const DAY_MS = 86_400_000;

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

/** @param name a DNS name, or an IPv4 address */
export function certificateFor(name: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const ofName = sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(name)))));
  const [from, until] = [-DAY_MS, DAY_MS].map((offset) => time(Date.now() + offset));
  const content = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    ofName,
    sequence(from as Buffer, until as Buffer),
    ofName,
    publicKey.export({ format: 'der', type: 'spki' }),
    tagged(0xa3, sequence(extension('551d13', sequence(tagged(0x01, Buffer.from([0xff])))), alternative(name))),
  );
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', content, privateKey)]));
  const der = sequence(content, ecdsaWithSha256, signature);
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** That it is for a name: `subjectAltName`. */
function alternative(name: string): Buffer {
  const address = /^[\d.]+$/.test(name) && Buffer.from(name.split('.').map(Number));
  return extension('551d11', sequence(address ? tagged(0x87, address) : tagged(0x82, Buffer.from(name))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), tagged(0x04, value));
}

function time(at: number): Buffer {
  return tagged(0x17, Buffer.from(new Date(at).toISOString().replace(/^..|[-:T]|\.\d+/g, '')));
}

const sequence = (...parts: Buffer[]) => tagged(0x30, Buffer.concat(parts));
const integer = (bytes: Buffer) => tagged(0x02, bytes);
const oid = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));

function tagged(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const long = length > 255 ? [0x82, length >> 8, length & 255] : [0x81, length];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), value]);
}
