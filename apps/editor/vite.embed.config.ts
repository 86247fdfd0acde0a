import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { leanStyles } from './lean-styles.ts'
import { mendedPackages } from './mended-packages.ts'

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

/** What tools that know custom elements read. */
function describeElement(): Plugin {
  const fileName = 'custom-elements.json'
  return {
    name: 'describe-element',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(here(`src/embed/${fileName}`)) })
    },
  }
}

/**
 * `<quire-editor>` for other people's pages: one file with all it takes to write, which fetches by itself what some texts
 * want besides (languages, other keys). Built after the pages, into the same folder.
 */
export default defineConfig({
  root: here('.'),
  // Its parts are where it is, whatever page it is in.
  base: './',
  publicDir: false,
  plugins: [describeElement(), leanStyles(), ...mendedPackages()],
  build: {
    outDir: here('dist/embed'),
    emptyOutDir: true,
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    modulePreload: false,
    rolldownOptions: {
      input: here('src/embed/quire-editor.ts'),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'quire-editor.js', chunkFileNames: 'parts/[name]-[hash].js' },
    },
  },
})
