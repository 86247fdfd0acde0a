import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { declarations } from './declarations.plugin.ts'
import { leanStyles } from './lean-styles.ts'
import { mendedPackages } from './mended-packages.ts'

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

/** What is mended comes with the modules, under its own licence. */
const mended = ['@replit/codemirror-emacs', 'turndown']

/** Of two Yjs in one application, neither knows the other's documents: the one it has serves, or installing says that it cannot. */
const shared = new Set(['yjs'])

function isFromElsewhere(id: string): boolean {
  return /^[@a-z]/.test(id) && !id.startsWith('@quire/') && !mended.includes(id)
}

/** Whose modules these are, and which packages they import: of what major version, the one they are tested with. */
function describePackage(): Plugin {
  const { version, license } = packageAt('package.json')
  return {
    name: 'describe-package',
    generateBundle(_options, bundle) {
      const imported = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk' ? [...file.imports, ...file.dynamicImports] : [],
      )
      const names = new Set(
        imported
          .filter((id) => !(id in bundle))
          .map(packageOf)
          .toSorted(),
      )
      const description = {
        name: 'quire-editor',
        version,
        description:
          '<quire-editor>: a document that people write together, or a text field that knows Markdown.',
        license,
        type: 'module',
        exports: {
          '.': { types: './embed/quire-editor.d.ts', default: './embed/quire-editor.js' },
          './custom-elements.json': './custom-elements.json',
        },
        customElements: 'custom-elements.json',
        dependencies: rangesOf([...names].filter((name) => !shared.has(name))),
        peerDependencies: rangesOf(shared),
      }
      const manifest = readFileSync(here('src/embed/custom-elements.json'), 'utf8')
      this.emitFile({
        type: 'asset',
        fileName: 'package.json',
        source: JSON.stringify(description, undefined, 2),
      })
      this.emitFile({
        type: 'asset',
        fileName: 'custom-elements.json',
        source: manifest.replace('"path": "', '"path": "embed/'),
      })
      this.emitFile({
        type: 'asset',
        fileName: 'README.md',
        source: readFileSync(here('src/embed/README.md')),
      })
      this.emitFile({ type: 'asset', fileName: 'LICENSE', source: readFileSync(here('../../LICENSE')) })
      for (const name of mended) {
        const source = readFileSync(here(`node_modules/${name}/LICENSE`))
        this.emitFile({ type: 'asset', fileName: `vendor/${name}/LICENSE`, source })
      }
    },
  }
}

function rangesOf(names: Iterable<string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...names].map((name) => [name, rangeOf(name)]))
}

/** From the version that is tested with up to the next major one. */
function rangeOf(name: string): string {
  return `^${packageAt(`node_modules/${name}/package.json`).version}`
}

function packageAt(path: string): { readonly version: string; readonly license: string } {
  return JSON.parse(readFileSync(here(path), 'utf8')) as { version: string; license: string } // npm's own format
}

/** `@scope/name/path` and `name/path`. */
function packageOf(id: string): string {
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/')
}

/** What comes from outside `src` has a folder of its own: npm leaves out of a package whatever is in one called node_modules. */
function placeOf(name: string): string {
  return name.replace(/^packages\/(\w+)\/src\//, '$1/').replace(/^.*node_modules\//, 'vendor/')
}

/**
 * `<quire-editor>` for applications that build their own pages: a module for each of ours, and packages are imported by name,
 * so that the application and the element have one Yjs, one Lit and one CodeMirror between them.
 */
export default defineConfig({
  root: here('.'),
  publicDir: false,
  plugins: [describePackage(), declarations('embed/quire-editor'), leanStyles(), ...mendedPackages()],
  build: {
    outDir: here('dist/modules'),
    emptyOutDir: true,
    target: 'es2023',
    minify: false,
    lib: { entry: here('src/embed/quire-editor.ts'), formats: ['es'] },
    rolldownOptions: {
      // Most of the time goes into the types.
      checks: { pluginTimings: false },
      external: isFromElsewhere,
      output: {
        preserveModules: true,
        preserveModulesRoot: here('src'),
        entryFileNames: ({ name }) => `${placeOf(name)}.js`,
      },
    },
  },
})
