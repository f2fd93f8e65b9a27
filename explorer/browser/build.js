// Builds what ships: one script for each component and scene, and what several of them share.
//
//     node build.js [folder [folder of the scripts of exported pages [folder of the script of notebooks]]]

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transformSync } from 'esbuild';
import { minify } from 'terser';

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
      const { code } = transformSync(readFileSync(path, 'utf8'), { loader: 'css', minify: true, target: 'chrome120' });
      return { contents: code, loader: 'text' };
    });
  },
};

/** Compiled code is its bytes. */
const binaries = {
  name: 'binaries',
  /** @param {import('esbuild').PluginBuild} builder */
  setup(builder) {
    builder.onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
      contents: `export default Uint8Array.from(atob('${readFileSync(path, 'base64')}'), (c) => c.charCodeAt(0))`,
    }));
  },
};

const folder = resolve(here, process.argv[2] ?? 'built');
const [all, scenes] = [scriptsIn('.'), scriptsIn('scenes')];
const isOfLearn = (/** @type {{out: string}} */ { out }) => out === 'inside';
// Learn's scripts share files among themselves alone: each file that is split off for the sake of other pages is named in
// every script that needs it, which makes all of them larger.
const pages = [all.filter((script) => !isOfLearn(script)), [...all.filter(isOfLearn), ...scenes]];
const loaders = { plugins: [styles, binaries] };

/** @param {string} text of a script. */
async function smaller(text) {
  const compress = { passes: 6, pure_getters: true, unsafe: true, unsafe_arrows: true };
  const { code } = await minify(text, { module: true, ecma: 2020, compress });
  return `${code}\n`;
}

// No script does anything by being loaded, so that one which only passes others on need not name those that it does not use.
const UNUSED_IMPORT = /import"[^"]+";/g;
mkdirSync(folder, { recursive: true });
for (const entryPoints of pages) {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints,
    outdir: folder,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    charset: 'utf8',
    ...loaders,
    entryNames: '[name]-[hash]',
    chunkNames: '[hash]',
    publicPath: '../explorer.shared/',
    logLevel: 'warning',
  });
  for (const { path, text } of outputFiles) writeFileSync(path, await smaller(text.replace(UNUSED_IMPORT, '')));
}

// An exported page has one script that stands in it, in which nothing may look like the end of a script.
const inPages = resolve(here, process.argv[3] ?? 'exported_page/built');
mkdirSync(inPages, { recursive: true });
const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ['map', 'model', 'learn'].map((name) => `exported_page/${name}.js`),
  outdir: inPages,
  write: false,
  bundle: true,
  format: 'iife',
  minify: true,
  target: 'es2022',
  charset: 'utf8',
  ...loaders,
  logLevel: 'warning',
});
for (const { path, text } of outputFiles) writeFileSync(path, await smaller(text));

// A notebook's script is one module, which anywidget imports from a string.
const inNotebooks = resolve(here, process.argv[4] ?? 'notebook/built');
mkdirSync(inNotebooks, { recursive: true });
const widget = await build({
  absWorkingDir: here,
  entryPoints: ['notebook/widget.js'],
  outdir: inNotebooks,
  write: false,
  bundle: true,
  format: 'esm',
  minify: true,
  target: 'es2022',
  charset: 'utf8',
  ...loaders,
  logLevel: 'warning',
});
for (const { path, text } of widget.outputFiles) writeFileSync(path, await smaller(text));
