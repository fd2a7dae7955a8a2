import { fileURLToPath } from 'node:url';
import { transformAsync } from '@babel/core';
import macros from '@lingui/babel-plugin-lingui-macro';
import { getConfig } from '@lingui/conf';
import { lingui } from '@lingui/vite-plugin';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const configPath = `${root}lingui.config.ts`;
const linguiConfig = getConfig({ configPath });

/**
 * The macros of sentences, by Babel: the plugin's own transform is a native program that npm leaves out where it runs on
 * Node 20, which is enough to start Pasindo.
 */
const sentences: Plugin = {
  name: 'sentences',
  enforce: 'pre',
  transform: {
    filter: { id: /\.tsx?$/, code: /@lingui\/(core|react)\/macro/ },
    handler: async (code, id) => {
      const made = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: [[macros, { descriptorFields: 'id-only', linguiConfig }]],
      });
      return made?.code ? { code: made.code, map: made.map ?? null } : null;
    },
  },
};

/** `npm run build:portal`: to dist/, which the portal's server serves. */
export default defineConfig({
  root,
  plugins: [
    sentences,
    lingui({
      configPath,
      failOnMissing: true, // a sentence without English is no build
      failOnCompileError: true,
    }),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0, // `font-src 'self'` takes no data: addresses
    rolldownOptions: {
      // Mantine marks each of its files for servers that render, which this is none of.
      onLog: (level, log, say) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && say(level, log),
    },
  },
});
