/**
 * Every test there is: sees to a Chromium, then runs the unit, component and integration tests, then builds the
 * editor and tells the stories in a browser. Ends with one line that counts them.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from './chromium.ts'

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const folder = mkdtempSync(join(tmpdir(), 'quire-test-'))
try {
  console.log(ensureChromium())
  const counts = [runVitest(), runPlaywright()]
  const total = (kind: keyof Count): number => counts.reduce((sum, count) => sum + count[kind], 0)
  const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''
  console.log(`\n${total('passed')} passed, ${total('failed')} failed${skipped}`)
  process.exitCode = total('failed') > 0 || total('passed') === 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function runVitest(): Count {
  const report = join(folder, 'vitest.json')
  const status = run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  return read(report, status, (found) => ({
    passed: numberAt(found, 'numPassedTests'),
    failed: numberAt(found, 'numFailedTests'),
    skipped: numberAt(found, 'numPendingTests'),
  }))
}

function runPlaywright(): Count {
  const report = join(folder, 'playwright.json')
  for (const config of ['vite.config.ts', 'vite.embed.config.ts'])
    if (run('vite', ['build', '--config', `apps/editor/${config}`, '--logLevel', 'error']) !== 0)
      return { passed: 0, failed: 1, skipped: 0 }
  const status = run('playwright', ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: report })
  return read(report, status, (found) => {
    const stats = propertyOf(found, 'stats')
    return {
      passed: numberAt(stats, 'expected') + numberAt(stats, 'flaky'),
      failed: numberAt(stats, 'unexpected'),
      skipped: numberAt(stats, 'skipped'),
    }
  })
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): number {
  const result = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } })
  return result.status ?? 1
}

/** A runner that failed without a failed test (a file that does not load, no report) counts as one failure. */
function read(report: string, status: number, count: (found: unknown) => Count): Count {
  let counted: Count = { passed: 0, failed: 0, skipped: 0 }
  try {
    counted = count(JSON.parse(readFileSync(report, 'utf8')))
  } catch (error) {
    console.error(`no report: ${String(error)}`)
  }
  return status !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function numberAt(value: unknown, name: string): number {
  const found = propertyOf(value, name)
  return typeof found === 'number' ? found : 0
}
