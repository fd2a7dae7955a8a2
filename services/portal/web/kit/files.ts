/** A file as services take it: text of CSV, workbooks in base64. They read it; nothing is read here. */
export type Content = { readonly csv: string } | { readonly xlsx: string };

export type Chosen = Pick<File, 'name' | 'text' | 'arrayBuffer'>;

export async function contentOf(file: Chosen): Promise<Content> {
  if (!/\.xlsx$/i.test(file.name)) return { csv: await file.text() };
  return { xlsx: base64(new Uint8Array(await file.arrayBuffer())) };
}

const CHUNK = 32_768; // of arguments that one call takes

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(text);
}
