import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'

it('is told how to install what reads LevelDB, where it is not', () => {
  const home = mkdtempSync(join(tmpdir(), 'quire-bundle-'))
  try {
    mkdirSync(join(home, 'lib'))
    writeFileSync(join(home, 'package.json'), '{}')
    const here = new URL('y-leveldb.ts', import.meta.url).href
    const there = pathToFileURL(join(home, 'lib', 'bundle.js')).href
    const code = `const { loadLibrary } = await import('${here}'); loadLibrary('${there}')`
    // In a process of its own, since what started this one may have told it where else packages are.
    const { stderr } = spawnSync('node', ['--input-type=module', '--eval', code], {
      env: { ...process.env, NODE_PATH: '' },
      encoding: 'utf8',
    })
    expect(stderr).toContain(
      'Error: Reading LevelDB takes the package classic-level, which is not installed.',
    )
    expect(stderr).toContain(`npm install --no-save --prefix '${home}' classic-level@3`)
  } finally {
    rmSync(home, { recursive: true })
  }
})
