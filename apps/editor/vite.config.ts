import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { leanStyles } from './lean-styles.ts'
import { mendedPackages } from './mended-packages.ts'
import { defineConfig, type Plugin, type Rolldown } from 'vite'
import { operatorPage } from './operator-page.plugin.ts'
import { previewFrame } from './preview-frame.plugin.ts'

const server = '127.0.0.1:1234'
const workerName = 'service-worker'
// The first versions of each browser that know light-dark(), oklch() and popover.
const target = ['chrome123', 'edge123', 'firefox125', 'safari17.5']

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

/** Tells the service worker what the page is made of. */
function tellWorker(): Plugin {
  return {
    name: 'tell-worker',
    apply: 'build',
    // After everyone else, for Vite takes out a chunk that is empty.
    enforce: 'post',
    generateBundle: { order: 'post', handler: (_options, bundle) => tellOf(bundle) },
  }
}

function tellOf(bundle: Rolldown.OutputBundle): void {
  const worker = bundle[`${workerName}.js`]
  if (worker?.type !== 'chunk') throw new Error('the service worker was not built')
  const assets = Object.values(bundle).filter(({ fileName }) => fileName.startsWith('assets/'))
  const later = assets.filter((asset) => isForFew(asset)).map(({ fileName }) => `/${fileName}`)
  const files = ['/early.js', '/favicon.svg', ...assets.map(({ fileName }) => `/${fileName}`)].filter(
    (file) => !later.includes(file),
  )
  const version = createHash('sha256')
    .update([...files, ...later].join())
    .digest('hex')
    .slice(0, 16)
  worker.code = worker.code.replaceAll('__SHELL__', JSON.stringify({ version, files, later }))
}

/** Languages that somebody may write in, and what the preview needs for some texts. Its page is kept by browsers themselves. */
function isForFew(asset: Rolldown.OutputAsset | Rolldown.OutputChunk): boolean {
  return asset.type === 'chunk'
    ? asset.isDynamicEntry && /node_modules/.test(asset.facadeModuleId ?? '')
    : asset.fileName.startsWith('assets/preview')
}

/** What a page imports before anything is shown goes into one file: in many small ones it is larger by a tenth. */
const nameOfInitial: Rolldown.CodeSplittingNameFunction = (id, context) => {
  const reached = new Set([id])
  for (const reachedId of reached) {
    const info = context.getModuleInfo(reachedId)
    if (info?.isEntry) return info.id.endsWith('index.html') ? 'page' : null
    for (const importer of info?.importers ?? []) reached.add(importer)
  }
  return null
}

/** The page is served under a policy that allows no inline script, style or data: font, so everything becomes a file. */
export default defineConfig({
  root: here('.'),
  plugins: [previewFrame(target), operatorPage(target), leanStyles(), tellWorker(), ...mendedPackages()],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target,
    // The page names all it needs at once by itself; more would put a list of every file into its script.
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      // The preview's frame takes its time.
      checks: { pluginTimings: false },
      input: {
        index: here('index.html'),
        [workerName]: here('src/worker/service-worker.ts'),
      },
      output: {
        // Where it lies is what it may serve.
        entryFileNames: ({ name }) => (name === workerName ? '[name].js' : 'assets/[name]-[hash].js'),
        // What changes seldom stays in the browser's cache when Quire itself changes. Languages, search and other people's
        // keys are fetched when they are wanted, each by itself.
        codeSplitting: {
          groups: [
            { name: 'codemirror', test: /node_modules\/@codemirror\/(state|view)\// },
            { name: 'yjs', test: /node_modules\/(yjs|lib0|y-protocols|y-websocket)\// },
            { name: 'lit', test: /node_modules\/(lit|@lit|lit-html|lit-element)\// },
            { name: nameOfInitial },
          ],
        },
      },
    },
  },
  // Made ready for development it would lose its commands, as above.
  optimizeDeps: { exclude: ['@replit/codemirror-emacs'] },
  server: {
    proxy: {
      '/api': `http://${server}`,
      '/sync': { target: `ws://${server}`, ws: true },
    },
  },
})
