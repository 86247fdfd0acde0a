/** `<quire-editor>` as the package that `pnpm build` makes of it, in an application elsewhere that has installed it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const editor = join(root, 'apps/editor')

interface Description {
  readonly exports: { readonly '.': { readonly types: string; readonly default: string } }
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

let app: string
let installed: string
let description: Description
beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'quire-app-'))
  // Whoever runs every test has just built it.
  let modules = join(editor, 'dist/modules')
  if (process.env['QUIRE_SERVER'] === undefined) {
    const configFile = join(editor, 'vite.modules.config.ts')
    modules = join(app, 'modules')
    await build({ configFile, logLevel: 'warn', build: { outDir: modules } })
  }
  installed = join(app, 'node_modules/quire-editor')
  const [tarball = ''] = execFileSync('npm', ['pack', modules, '--silent'], {
    cwd: app,
    encoding: 'utf8',
  }).split('\n')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', join(app, tarball), '-C', installed, '--strip-components=1'])
  description = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Description // made by our build
  // As a package manager would, without a network.
  for (const name of Object.keys({ ...description.dependencies, ...description.peerDependencies })) {
    mkdirSync(dirname(join(app, 'node_modules', name)), { recursive: true })
    symlinkSync(join(editor, 'node_modules', name), join(app, 'node_modules', name))
  }
})
afterAll(() => rmSync(app, { recursive: true, force: true }))

it('has all it names, under whose licence it is, and what tells tools of the element', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'custom-elements.json'), 'utf8')) as {
    readonly modules: readonly { readonly path: string }[]
  } // ours
  const named = [
    ...Object.values(description.exports['.']),
    ...manifest.modules.map(({ path }) => path),
    'README.md',
    'LICENSE',
    'vendor/turndown/LICENSE',
    'vendor/@replit/codemirror-emacs/LICENSE',
  ]
  expect(named.filter((path) => !existsSync(join(installed, path)))).toEqual([])
})

it('has the Yjs of the application, and no other', () => {
  expect(Object.keys(description.peerDependencies)).toEqual(['yjs'])
  expect(description.dependencies).not.toHaveProperty('yjs')
})

it('is imported where pages are made on a server, which has none', () => {
  const script = "await import('quire-editor')\nconsole.log('imported')\n"
  writeFileSync(join(app, 'server.mjs'), script)
  const { stdout, stderr } = spawnSync('node', ['server.mjs'], { cwd: app, encoding: 'utf8' })
  expect({ stdout, stderr }).toEqual({ stdout: 'imported\n', stderr: '' })
})

it('tells TypeScript of the element, its properties and its events', () => {
  writeFileSync(join(app, 'app.ts'), sample)
  const flags =
    '--noEmit --strict --target es2022 --module esnext --moduleResolution bundler --skipLibCheck false'
  const options = [...flags.split(' '), '--lib', 'es2022,dom,dom.iterable', '--types', '', 'app.ts']
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/tsc'), options, {
    cwd: app,
    encoding: 'utf8',
  })
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
})

const sample = `
import 'quire-editor'
import { QuireEditor, type DocumentSession, type Person, type QuireError, type QuireStatus } from 'quire-editor'
import * as Y from 'yjs'

const editor: QuireEditor = document.createElement('quire-editor')
const same: QuireEditor | null = document.querySelector('quire-editor')
editor.link = 'https://quire.example/d/minutes'
editor.readOnly = true
editor.getToken = async () => (await fetch('/token')).text()
editor.value = null
const text: string = editor.value
const session: DocumentSession | undefined = editor.session
const doc: Y.Doc | undefined = session?.doc
const people: readonly Person[] = editor.people
editor.addEventListener('quire-ready', ({ currentTarget }) => console.log(currentTarget))
editor.addEventListener('quire-status', ({ detail }) => {
  const status: QuireStatus = detail
  const unsaved: number = status.unsaved
  console.log(unsaved, status.state, status.words)
})
editor.addEventListener('quire-people', ({ detail: [first] }) => console.log(first?.name, first?.colour))
editor.addEventListener('quire-error', ({ detail }) => {
  const error: QuireError = detail
  if (error.code === 'no-token') console.log(error.cause)
})
// @ts-expect-error -- it is a function
editor.getToken = 'eyJ'
// @ts-expect-error -- there is no such property
editor.colour = 'red'
// @ts-expect-error -- it cannot be set
editor.people = []
console.log(same, text, doc, people, new QuireEditor().status)
`
