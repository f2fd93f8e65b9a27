// Builds what ships: one script for each component and scene, and what several of them share.
//
//     node build.js [folder]

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transformSync } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** @param {string} folder of folders. */
function scriptsIn(folder) {
  const folders = readdirSync(join(here, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .filter((entry) => readdirSync(join(here, folder, entry.name)).includes('index.js'))
    .map((entry) => ({ in: join(folder, entry.name, 'index.js'), out: entry.name }));
}

/** A style sheet is its text, without what only people read. */
const styles = {
  name: 'styles',
  /** @param {import('esbuild').PluginBuild} builder */
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, ({ path }) => {
      const { code } = transformSync(readFileSync(path, 'utf8'), { loader: 'css', minifyWhitespace: true });
      return { contents: code, loader: 'text' };
    });
  },
};

await build({
  absWorkingDir: here,
  entryPoints: [...scriptsIn('.'), ...scriptsIn('scenes')],
  outdir: process.argv[2] ?? 'built',
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  target: 'es2022',
  loader: { '.wasm': 'binary' },
  plugins: [styles],
  entryNames: '[name]-[hash]',
  chunkNames: 'shared-[hash]',
  publicPath: '../explorer.shared/',
  logLevel: 'warning',
});
