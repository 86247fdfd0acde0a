/** What can be said of the code without running it: types, lint, format, and whether the manual tells of every option. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** None needs what another makes. The first two take by far the longest, each mostly on one core. */
const checks = [
  'tsc -b',
  'oxlint --type-aware --deny-warnings',
  'oxfmt --check',
  'node scripts/options-table.ts --check',
]

const holds = await Promise.all(checks.map(check))
process.exitCode = holds.every(Boolean) ? 0 : 1

/** Resolves with whether it holds; what it said is printed by then, in one piece. */
async function check(line: string): Promise<boolean> {
  const [command = '', ...args] = line.split(' ')
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  console.log(`$ ${line}\n${out}${err}`.trimEnd())
  return code === 0
}
