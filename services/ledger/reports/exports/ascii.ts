/*
 * Books hold text of others: whatever a marketplace calls its orders, and ids from before there was a grammar for them.
 * In an export a character that a reader could take for something else is written by its bytes, as in a URL (`%3B` for
 * `;`), and so is `%` itself: two texts never become one. All else is ASCII, which is read in every locale.
 */

/** A text that stays on its line and in its quotation marks, whole, without a comment: single blanks and ASCII. */
export function asciiLine(text: string): string {
  return text.replace(/[^ -~]|["%;|\\]| (?= )|^ | $/gu, percentEncoded);
}

/** An account's code that is one word. Codes of today's ids stay as they are. */
export function asciiWord(code: string): string {
  return code.replace(/[^A-Za-z0-9._:@/+-]/gu, percentEncoded);
}

function percentEncoded(character: string): string {
  return Buffer.from(character).toString('hex').toUpperCase().replace(/../g, '%$&');
}
