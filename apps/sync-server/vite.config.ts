import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { builtinModules } from './builtin-modules.plugin.ts'
import { thirdPartyLicences } from './third-party-licences.ts'

const root = here('../..')
const outDir = join(root, 'dist')
const entry = 'quire.js'

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

/** Makes the folder a package that needs nothing but Node: with the built editor, the manuals and their examples, and what a machine needs to run it. */
function makePackage(): Plugin {
  return {
    name: 'make-package',
    writeBundle() {
      const editor = join(root, 'apps/editor')
      if (!existsSync(join(editor, 'dist/index.html'))) throw new Error('build the editor first')
      cpSync(join(editor, 'dist'), join(outDir, 'editor'), { recursive: true })
      for (const folder of ['deploy', 'examples'])
        cpSync(join(root, folder), join(outDir, folder), { recursive: true, filter: isForPackage })
      for (const part of ['OPERATING.md', 'EMBEDDING.md', 'PROTOCOL.md', 'images/operator.png'])
        cpSync(join(root, 'docs', part), join(outDir, 'docs', part))
      cpSync(join(root, 'LICENSE'), join(outDir, 'LICENSE'))
      cpSync(here('README.md'), join(outDir, 'README.md'))
      writeFileSync(join(outDir, 'THIRD-PARTY-LICENCES.md'), thirdPartyLicences([here('.'), editor]))
      writeFileSync(join(outDir, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`)
      chmodSync(join(outDir, entry), 0o755)
    },
  }
}

/** Compose builds from the sources, which are not there, and neither is what the examples are checked with. */
function isForPackage(path: string): boolean {
  return !/\/(compose\.yaml|node_modules|package\.json|tsconfig\.json)$/.test(path)
}

function manifest(): object {
  const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown> // npm's own format
  const { version, description, license, engines } = ours
  return {
    name: 'quire-server',
    version,
    description,
    license,
    type: 'module',
    bin: { 'quire-server': entry, quire: entry },
    files: [entry, 'lib', 'editor', 'deploy', 'docs', 'examples', 'THIRD-PARTY-LICENCES.md'],
    engines,
  }
}

/**
 * The server and the editor as one folder that runs with Node alone. One file to start, and in `lib` what it loads when it
 * is wanted (a mistake in the options is told before the server is loaded) and the modules of threads.
 */
export default defineConfig({
  root: here('.'),
  publicDir: false,
  plugins: [builtinModules(), makePackage()],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'es2024',
    // What is in a stack trace can be looked up in the file it names.
    minify: false,
    rolldownOptions: {
      // Most of the time goes into copying the editor.
      checks: { pluginTimings: false },
      input: {
        quire: here('src/quire.ts'),
        writer: here('src/storage/sqlite/writer.ts'),
        worker: here('src/workshop/worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === 'quire' ? entry : 'lib/[name].js'),
        // Threads are found beside the module that starts them.
        chunkFileNames: 'lib/[name].js',
      },
    },
  },
})
