/**
 * Where the browser for tests and screenshots comes from: `CHROMIUM_PATH`, else one that is installed,
 * else (only when asked to) Debian's package, else Playwright's own download. The headless shell is the same engine without
 * the windows around it, and half the work for the machine.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]
const macPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The path of a Chromium that is already here, or undefined. */
export function findChromium(): string | undefined {
  if (process.env['CHROMIUM_PATH']) return process.env['CHROMIUM_PATH']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...macPaths]
  return candidates.find((path) => existsSync(path))
}

/** Options for Playwright's `chromium.launch`; without a system browser, Playwright uses its own. */
export function chromiumLaunchOptions(): {
  executablePath?: string
  chromiumSandbox: false
  args: string[]
} {
  const executablePath = findChromium()
  return {
    ...(executablePath ? { executablePath } : {}),
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      // One process less for each browser, where nothing is drawn on a screen.
      '--in-process-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  }
}

/** Sees to it that a Chromium is here, and returns one line that says what was done. */
export function ensureChromium(): string {
  if (process.env['CHROMIUM_PATH']) return `Chromium: ${process.env['CHROMIUM_PATH']} (from CHROMIUM_PATH)`
  const found = findChromium()
  if (found) return `Chromium: ${found} (already installed)`
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update'])
    for (const name of ['chromium-headless-shell', 'chromium']) {
      const isThere = spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0
      if (isThere) run('apt-get', ['install', '--yes', '--no-install-recommends', name])
      const installed = findChromium()
      if (installed) return `Chromium: ${installed} (installed with apt-get)`
    }
  }
  run('playwright', ['install', 'chromium'])
  return `Chromium: Playwright's own (downloaded)`
}

function run(command: string, args: string[]): void {
  const result = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (result.status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} failed. Install Chromium and set CHROMIUM_PATH to it, then run this again.`,
    )
}
