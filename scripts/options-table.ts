/**
 * The table of options in the manual, made of the options themselves: `node scripts/options-table.ts` writes it, and with
 * `--check` says whether it has to be written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { optionDescriptions } from '../apps/sync-server/src/config.ts'

const manual = new URL('../docs/OPERATING.md', import.meta.url)
const head = '| variable | flag | default | meaning |\n|---|---|---|---|\n'

const page = readFileSync(manual, 'utf8')
const start = page.indexOf(head)
if (start < 0) throw new Error('OPERATING.md has no table of options')
const made = page.slice(0, start) + table() + page.slice(page.indexOf('\n\n', start) + 1)

if (!process.argv.includes('--check')) {
  writeFileSync(manual, made)
} else if (made !== page) {
  console.error(
    'The table of options in docs/OPERATING.md is old: `node scripts/options-table.ts` writes it.',
  )
  process.exitCode = 1
}

function table(): string {
  const rows = optionDescriptions.map(({ name, flag, default: value, help }) => {
    const cells = [code(name), code(flag), code(value), help.replaceAll(/\bQUIRE_\w+(?:=\w+)?/g, code)]
    return `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`
  })
  return `${head}${rows.join('\n')}\n`
}

function code(word: string | undefined): string {
  return word === undefined ? '' : `\`${word}\``
}
