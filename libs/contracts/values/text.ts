import { codePointOf, type Fault, fault, type Kind, textKind } from './kind.ts';

/**
 * Text that people can tell apart: Unicode NFC, without control characters, without anything invisible but the joiners
 * that scripts and emoji need, with plain blanks only and none around it. Lengths are in characters (code points) and
 * in bytes of UTF-8, three a character on average.
 */

const BYTES_PER_CHARACTER = 3;

/** Emoji as Unicode recommends them: only as parts of these are variation selectors, tags and joiners visible. */
const emoji = /\p{RGI_Emoji}/gv;

/** Joiners shape letters of these scripts (after a letter or mark of theirs); elsewhere nobody can see them. */
const joined =
  /(?<=[\p{scx=Adlm}\p{scx=Arab}\p{scx=Bali}\p{scx=Batk}\p{scx=Beng}\p{scx=Bugi}\p{scx=Cham}\p{scx=Deva}\p{scx=Gujr}\p{scx=Guru}\p{scx=Java}\p{scx=Kawi}\p{scx=Khmr}\p{scx=Knda}\p{scx=Laoo}\p{scx=Mlym}\p{scx=Mong}\p{scx=Mymr}\p{scx=Nkoo}\p{scx=Orya}\p{scx=Rjng}\p{scx=Sinh}\p{scx=Sund}\p{scx=Syrc}\p{scx=Taml}\p{scx=Telu}\p{scx=Tibt}])[\u200c\u200d](?=.)/gu;

const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}]/u;

/** What is wrong with a text that is not blank, whatever it is for. */
function faultOfText(text: string): Fault | undefined {
  if (!text.isWellFormed()) {
    return fault(
      'broken-character',
      'holds half a character (a lone surrogate); write the whole character',
      'berisi setengah karakter (surrogate tunggal); tulis karakter yang utuh',
    );
  }
  if (text.includes('\uFFFD')) {
    return fault(
      'broken-character',
      'holds the mark of an unreadable character (U+FFFD); write the text anew, in UTF-8',
      'berisi tanda karakter yang tidak terbaca (U+FFFD); tulis ulang teksnya, dalam UTF-8',
    );
  }
  const control = /\p{Cc}/u.exec(text)?.[0];
  if (control !== undefined) {
    return fault(
      'control-character',
      `holds a control character (${codePointOf(control)}), such as a tab or a line break; write it without`,
      `berisi karakter kontrol (${codePointOf(control)}), misalnya tab atau ganti baris; tulis tanpa itu`,
      { character: codePointOf(control) },
    );
  }
  const around = /^\p{Z}|\p{Z}$/u.exec(text)?.[0];
  if (around !== undefined) {
    return fault(
      'blank-around',
      `begins or ends with a blank (${codePointOf(around)}); write it without`,
      `diawali atau diakhiri spasi (${codePointOf(around)}); tulis tanpa itu`,
      { character: codePointOf(around) },
    );
  }
  const strange = /(?! )\p{Zs}/u.exec(text)?.[0];
  if (strange !== undefined) {
    return fault(
      'strange-blank',
      `holds a blank that only looks like one (${codePointOf(strange)}); type it with the space bar`,
      `berisi spasi yang bukan spasi biasa (${codePointOf(strange)}); ketik dengan tombol spasi`,
      { character: codePointOf(strange) },
    );
  }
  const hidden = invisible.exec(text.replace(emoji, '').replace(joined, ''))?.[0];
  if (hidden !== undefined) {
    return fault(
      'invisible-character',
      `holds an invisible character (${codePointOf(hidden)}); write it without`,
      `berisi karakter yang tidak terlihat (${codePointOf(hidden)}); tulis tanpa itu`,
      { character: codePointOf(hidden) },
    );
  }
  if (text !== text.normalize('NFC')) {
    return fault(
      'not-normalised',
      'is not in Unicode NFC: an accent stands apart from its letter; write them as one character',
      'bukan Unicode NFC: aksen terpisah dari hurufnya; tulis sebagai satu karakter',
    );
  }
  return undefined;
}

function faultOfLength(text: string, lengthMax: number): Fault | undefined {
  if (text === '') return fault('blank', 'must not be blank', 'tidak boleh kosong');
  if ([...text].length > lengthMax) {
    return fault('too-long', `must have at most ${lengthMax} characters`, `paling panjang ${lengthMax} karakter`, {
      max: lengthMax,
      unit: 'characters',
    });
  }
  const bytesMax = lengthMax * BYTES_PER_CHARACTER;
  if (Buffer.byteLength(text) > bytesMax) {
    return fault(
      'too-long',
      `must have at most ${bytesMax} bytes in UTF-8`,
      `paling panjang ${bytesMax} byte dalam UTF-8`,
      { max: bytesMax, unit: 'bytes' },
    );
  }
  return undefined;
}

/** Words of people: a name, a title, a reason. Put into NFC, as keyboards differ and nobody sees it. */
export function words(lengthMax: number, description: string): Kind<string> {
  return textKind(
    { minLength: 1, maxLength: lengthMax, description },
    (text) => faultOfLength(text, lengthMax) ?? faultOfText(text),
    (text) => text.normalize('NFC'),
  );
}

const REFERENCE_LENGTH_MAX = 100;

/** With a decimal mark or a signed exponent, as Excel, LibreOffice and scripts write it: `5.77E+17`, `5,77e17`. */
const scientific = /^[+-]?\d+(?:[.,]\d*[eE][+-]?|[eE][+-])\d+$/;

/**
 * An id that others gave: an order, a line, a refund, a product, a lot. Never a number (19-digit ids exist) and never
 * changed: what is not in NFC is refused, as are the traces that a spreadsheet leaves.
 */
export function reference(description: string): Kind<string> {
  return textKind(
    { minLength: 1, maxLength: REFERENCE_LENGTH_MAX, pattern: "^[^'\\u0000-\\u0020]", description },
    (text) => faultOfLength(text, REFERENCE_LENGTH_MAX) ?? faultOfText(text) ?? faultOfSpreadsheet(text),
  );
}

function faultOfSpreadsheet(text: string): Fault | undefined {
  if (scientific.test(text)) {
    return fault(
      'scientific-notation',
      'is a number in scientific notation: a spreadsheet has rounded it; format the column as text and enter it anew',
      'adalah angka dalam notasi ilmiah: spreadsheet telah membulatkannya; format kolom sebagai teks lalu isi kembali',
    );
  }
  if (text.startsWith("'")) {
    return fault(
      'apostrophe',
      "begins with an apostrophe ('), with which a spreadsheet marks a text; write it without",
      "diawali apostrof ('), tanda teks dari spreadsheet; tulis tanpa itu",
    );
  }
  return undefined;
}

const SOUGHT_LENGTH_MAX = 4_000;

/** What somebody looks for: any text that may be stored, also from before the rules of today. */
export function sought(description: string): Kind<string> {
  return textKind({ minLength: 1, maxLength: SOUGHT_LENGTH_MAX, description }, (text) => {
    if (text.isWellFormed() && !text.includes('\0')) return faultOfLength(text, SOUGHT_LENGTH_MAX);
    return fault(
      'broken-character',
      'holds a character that no text can hold (NUL, half a character)',
      'berisi karakter yang tidak dapat disimpan (NUL, setengah karakter)',
    );
  });
}
