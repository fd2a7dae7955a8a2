declare module 'bidi-js' {
  interface EmbeddingLevels {
    /** By UTF-16 unit; odd ones run from right to left. */
    readonly levels: Uint8Array;
  }
  export default function bidiFactory(): {
    getEmbeddingLevels(text: string, baseDirection: 'ltr' | 'rtl'): EmbeddingLevels;
    getMirroredCharacter(character: string): string | null;
  };
}
