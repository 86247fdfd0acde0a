import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const server = '127.0.0.1:1234'

/** The page is served under a policy that allows no inline script, style or data: font, so everything becomes a file. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL('dist', import.meta.url)),
    emptyOutDir: true,
    // The first versions of each browser that know light-dark(), oklch() and popover.
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What changes seldom stays in the browser's cache when Quire itself changes.
        codeSplitting: { groups: [{ name: 'codemirror', test: /node_modules\/@(codemirror|lezer)\// }] },
      },
    },
  },
  server: {
    proxy: {
      '/api': `http://${server}`,
      '/sync': { target: `ws://${server}`, ws: true },
    },
  },
})
