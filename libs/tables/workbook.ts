import { crc32, deflateRawSync } from 'node:zlib';

/** Parts of a workbook, by path, as a zip file; `claims` is a size that an entry only says to have. */
export function zipOf(parts: Readonly<Record<string, string>>, claims: Readonly<Record<string, number>> = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(parts)) {
    const name = Buffer.from(path);
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4); // deflated
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claims[path] ?? data.length, 18);
    common.writeUInt16LE(name.length, 22);
    locals.push(Buffer.from('PK\u0003\u0004'), common, name, packed);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, place, name);
    offset += 30 + name.length + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(parts).length, 4);
  end.writeUInt16LE(Object.keys(parts).length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, entries, Buffer.from('PK\u0005\u0006'), end]);
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook of one or more sheets, written as a program may: each sheet by its `sheetData`. */
export function workbookOf(
  sheets: readonly { name: string; data: string; state?: string }[],
  {
    texts = '',
    styles = '',
    prefix = '',
    root = '',
  }: { texts?: string; styles?: string; prefix?: string; root?: string } = {},
): Record<string, string> {
  const p = prefix && `${prefix}:`;
  const spaces = `xmlns${prefix && `:${prefix}`}="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${RELATIONS}"`;
  const relation = (id: string, type: string, path: string) =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${root}${path}"/>`;
  const names = sheets.map(({ name, state }, index) => {
    return `<${p}sheet name="${name}" sheetId="${index + 1}"${state ? ` state="${state}"` : ''} r:id="rId${index + 1}"/>`;
  });
  return {
    'xl/workbook.xml': `<${p}workbook ${spaces}><${p}sheets>${names.join('')}</${p}sheets></${p}workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets
      .map((_, index) => relation(`rId${index + 1}`, 'worksheet', `worksheets/blatt${index + 1}.xml`))
      .join(
        '',
      )}${relation('rIdT', 'sharedStrings', 'sharedStrings.xml')}${relation('rIdS', 'styles', 'styles.xml')}</Relationships>`,
    'xl/sharedStrings.xml': `<${p}sst ${spaces}>${texts}</${p}sst>`,
    'xl/styles.xml': `<${p}styleSheet ${spaces}>${styles}</${p}styleSheet>`,
    ...Object.fromEntries(
      sheets.map(({ data }, index) => [
        `xl/worksheets/blatt${index + 1}.xml`,
        `<${p}worksheet ${spaces}><${p}sheetData>${data}</${p}sheetData></${p}worksheet>`,
      ]),
    ),
  };
}
