/** The files of `deploy` and the Dockerfile: that they say what the programs they are for understand, and name what is there. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const deploy = join(root, 'deploy')
const units = ['quire.service', 'quire-backup.service', 'quire-backup.timer']

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function answers(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

describe.skipIf(!answers('systemd-analyze', '--version'))('the units, for systemd-analyze', () => {
  /** As they are, but for the command, which is not installed here. */
  function folderOfUnits(): string {
    const folder = temporaryFolder()
    for (const unit of units) {
      const text = readFileSync(join(deploy, unit), 'utf8')
      writeFileSync(join(folder, unit), text.replace(/^ExecStart=quire /m, `ExecStart=${process.execPath} `))
    }
    return folder
  }

  it('are without a mistake', () => {
    const folder = folderOfUnits()
    const { status, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', '--recursive-errors=no', ...units.map((unit) => join(folder, unit))],
      { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` } },
    )
    // What else is wrong on this machine is not ours.
    const complaints = stderr.split('\n').filter((line) => line.includes('quire'))
    expect({ status, complaints }).toEqual({ status: 0, complaints: [] })
  })

  it('let the services do little', () => {
    const folder = folderOfUnits()
    for (const unit of units.filter((name) => name.endsWith('.service'))) {
      // In tenths, of 100.
      const { status, stdout } = spawnSync(
        'systemd-analyze',
        ['security', '--offline=true', '--threshold=20', join(folder, unit)],
        { encoding: 'utf8' },
      )
      expect(status, stdout).toBe(0)
    }
  })
})

describe('the Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', '')
    .split('\n')
    .filter((line) => line !== '')
  const all = (name: string): string[] =>
    instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

  it('copies what is there', () => {
    const sources = all('COPY')
      .filter((words) => !words.startsWith('--from'))
      .flatMap((words) => words.split(' ').slice(0, -1))
    expect(sources).toContain('pnpm-lock.yaml')
    for (const source of sources) expect(existsSync(join(root, source)), source).toBe(true)
  })

  it('builds with the package manager and the script of this repository', () => {
    const { packageManager, scripts } = JSON.parse(read('package.json')) as {
      packageManager: string
      scripts: Record<string, string>
    } // ours
    const [major] = packageManager.split('.')
    const commands = all('RUN').filter((command) => command.includes('pnpm'))
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands) expect(command).toMatch(new RegExp(`^npx --yes ${major} `))
    expect(commands.at(-1)).toMatch(/ build$/)
    expect(scripts).toHaveProperty('build')
  })

  it('runs as nobody in particular, on a Node that is new enough, and is told to stop by itself', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } } // ours
    const major = Number.parseInt(engines.node.slice('>='.length))
    expect(all('FROM').map((image) => image.split(' ')[0])).toEqual([
      `node:${major}-slim`,
      `node:${major}-slim`,
    ])
    expect(all('USER')).toEqual(['node'])
    expect(all('STOPSIGNAL')).toEqual(['SIGTERM'])
    // Without a shell between, which would keep signals to itself.
    expect([...all('ENTRYPOINT'), ...all('CMD')].flatMap((words) => JSON.parse(words) as string[])).toEqual([
      'node',
      '/quire/quire.js',
      'serve',
    ])
  })

  it('keeps from the build what is not in the repository', () => {
    const asDockerWritesIt = (pattern: string): string =>
      (pattern.startsWith('/') ? pattern.slice(1) : `**/${pattern}`).replace(/\/$/, '')
    const kept = read('.gitignore').trim().split('\n').map(asDockerWritesIt)
    expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(kept))
  })
})

describe.skipIf(!answers('docker', 'compose', 'version'))('compose.yaml, for Docker Compose', () => {
  it('is without a mistake', () => {
    const folder = temporaryFolder()
    copyFileSync(join(deploy, 'compose.yaml'), join(folder, 'compose.yaml'))
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, SITE: 'write.example.org' },
    })
    expect(status, stderr).toBe(0)
  })
})

describe.skipIf(!answers('caddy', 'version'))('the Caddyfile, for Caddy', () => {
  it('is without a mistake', () => {
    const { status, stderr } = spawnSync(
      'caddy',
      ['validate', '--adapter', 'caddyfile', '--config', join(deploy, 'Caddyfile')],
      { encoding: 'utf8' },
    )
    expect(status, stderr).toBe(0)
  })
})
