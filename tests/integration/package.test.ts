/** What `pnpm build` leaves in `dist`: a package that needs nothing but Node, wherever it is put. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDocument, readText } from '../support/documents.ts'
import { runQuire, spawnServer, type SpawnedServer } from '../support/quire-process.ts'
import { openSession, untilSaved } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const metricsToken = 'what-prometheus-shows'
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
  engines: { node: string }
} // ours

let elsewhere: string
let moved: string
beforeAll(async () => {
  // Whoever runs every test has just built it.
  if (process.env['QUIRE_SERVER'] === undefined)
    await build({ configFile: join(root, 'apps/sync-server/vite.config.ts'), logLevel: 'warn' })
  elsewhere = mkdtempSync(join(tmpdir(), 'quire-package-'))
  moved = join(elsewhere, 'quire')
  cpSync(join(root, 'dist'), moved, { recursive: true })
})
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }))

describe('the built server, in a folder of its own', () => {
  it('serves the editor, keeps what is written over a restart, and compacts it', async () => {
    const server = await spawnServer(temporaryFolder(), { QUIRE_METRICS_TOKEN: metricsToken }, [], {
      command: ['node', join(moved, 'quire.js')],
    })
    const page = await (await fetch(server.url)).text()
    const script = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1] ?? 'none'
    expect((await fetch(`${server.url}${script}`)).status).toBe(200)
    expect((await fetch(`${server.url}/embed/quire-editor.js`)).status).toBe(200)

    const document = await createDocument(server.url, { text: '.' })
    const session = await openSession({ syncUrl: server.syncUrl, document })
    const words = 'all of it '.repeat(2000)
    session.text.insert(0, words)
    await untilSaved(session)
    session.close()
    await untilCompacted(server)
    expect((await server.kill('SIGTERM')).code).toBe(0)
    await server.restart()
    expect(await readText(server.url, document)).toBe(`${words}.`)
  })

  it('has the licences of what others have written of it, on both sides', () => {
    const licences = readFileSync(join(moved, 'THIRD-PARTY-LICENCES.md'), 'utf8')
    for (const name of ['ws', 'yjs', '@codemirror/view', 'mermaid', '@fontsource/ia-writer-quattro'])
      expect(licences).toMatch(new RegExp(`^## ${name} \\d+\\..*\\n\\nLicence: \\S+\\n\\n> `, 'm'))
  })

  it('says nothing of the machine it was built on', () => {
    const files = filesIn(moved)
    expect(files.length).toBeGreaterThan(100)
    expect(files.filter((path) => readFileSync(path, 'latin1').includes(root))).toEqual([])
  })

  it('has all that its documents lead to', () => {
    const documents = filesIn(moved).filter((path) => path.endsWith('.md'))
    expect(documents.length).toBeGreaterThan(4)
    const astray = documents.flatMap((path) =>
      linksIn(readFileSync(path, 'utf8'))
        .map((link) => join(dirname(path), link))
        .filter((target) => !target.startsWith(join(moved, '/')) || !existsSync(target))
        .map((target) => `${relative(moved, path)}: ${relative(moved, target)}`),
    )
    expect(astray).toEqual([])
  })

  it.each(['20.19.4', '26.9.1'])('says what it needs where Node is %s', async (old) => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { node: '${old}' } })`
    const command = ['node', '--import', `data:text/javascript,${pretend}`, join(moved, 'quire.js')] as const
    const { code, stdout, stderr } = await runQuire(['serve'], {}, { command })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(`^Quire needs Node ${oldestNode()} or newer, and this is v[\\d.]+\\.\n$`),
    )
  })

  it.runIf(oldNode())('says so to a Node that is older', async () => {
    const { code, stderr } = await runQuire(
      ['serve'],
      {},
      { command: [oldNode() ?? '', join(moved, 'quire.js')] },
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Quire needs Node [\d.]+ or newer, and this is v[\d.]+\.\n$/)
  })
})

it('installs as a package, without a network and anything else', async () => {
  const tarball = `quire-server-${version}.tgz`
  const folder = temporaryFolder()
  npm(['pack', moved, '--silent', '--pack-destination', elsewhere], elsewhere)
  npm(
    [
      'install',
      join(elsewhere, tarball),
      '--prefix',
      folder,
      '--offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ],
    folder,
  )
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'quire-server',
  ])
  const installed = join(folder, 'node_modules/quire-server')
  for (const file of [
    'LICENSE',
    'THIRD-PARTY-LICENCES.md',
    'README.md',
    'docs/OPERATING.md',
    'docs/images/operator.png',
    'examples/host-app/main.ts',
    'deploy/quire.service',
  ])
    expect(existsSync(join(installed, file)), file).toBe(true)
  for (const name of ['quire-server', 'quire']) {
    const { code, stdout } = await runQuire(
      ['--help'],
      {},
      { command: [join(folder, 'node_modules/.bin', name)] },
    )
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: quire')
  }
  const server = await spawnServer(temporaryFolder(), {}, [], {
    command: [join(folder, 'node_modules/.bin/quire-server')],
  })
  expect(await (await fetch(server.url)).text()).toContain('<title>Quire')
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

/** What a document leads to that is neither on another site nor on its own page. */
function linksIn(markdown: string): string[] {
  return [...markdown.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, path = '']) => path)
}

/** Of the package manager's `>=26.10`. */
function oldestNode(): string {
  return engines.node.slice('>='.length)
}

/** A Node on the path that is older than the one that runs this. */
function oldNode(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path) && majorOf(path) < Number.parseInt(oldestNode()))
}

function majorOf(node: string): number {
  return Number.parseInt(execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1))
}

function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Whoever asks is told after at most a few answers: a document is compacted once nobody is in it. */
async function untilCompacted(server: SpawnedServer): Promise<void> {
  const headers = { authorization: `Bearer ${metricsToken}` }
  const told = await (await fetch(`${server.url}/metrics`, { headers })).text()
  if (!/^quire_compaction_seconds_count [1-9]/m.test(told)) return untilCompacted(server)
}
