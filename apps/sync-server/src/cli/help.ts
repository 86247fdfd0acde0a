/** What `quire --help` and `quire <command> --help` say, made of what is declared. */
import type { Catalogue } from '../commands/index.ts'
import type { Command, Flag } from './command.ts'
import { endings, exitCodes, type Ending } from './exit-codes.ts'
import { commonFlags, flagNamed, usageOf } from './read-words.ts'

const width = 100

export function overview(catalogue: Catalogue): string {
  const longest = Math.max(...catalogue.flatMap(({ commands }) => Object.keys(commands)).map(lengthOf))
  const groups = catalogue.map(({ title, commands }) => {
    const lines = Object.entries(commands).map(
      ([name, { summary }]) => `  ${name.padEnd(longest)}  ${summary}`,
    )
    return `${title}\n${lines.join('\n')}\n`
  })
  return `Quire: an editor for many people at once, on your own machine.

Usage: quire <command> [options]

${groups.join('\n')}
Help
  ${'help'.padEnd(longest)}  say more of a command: quire help <command>
  ${'version'.padEnd(longest)}  say which version this is

Every command but serve takes
${table(flagLines(commonFlags))}

A running server need not be stopped: commands speak to it through its data folder. Where none runs,
they open the folder themselves, and no server can start on it until they are done.

Exit codes
${endingLines(Object.keys(exitCodes) as Ending[])}
`
}

export function helpFor(name: string, summary: string, command: Command): string {
  const { about, arguments: declared, flags, examples, endings: more = [] } = command
  const sections = [`${usageOf(name, command)}\n\n${wrap(`${capital(summary)}.`)}`]
  if (about !== undefined)
    sections.push(
      about
        .split('\n\n')
        .map((paragraph) => wrap(paragraph))
        .join('\n\n'),
    )
  const lines = Object.entries(declared).map(([argument, { help }]) => [argument, help] as const)
  if (lines.length > 0) sections.push(`Arguments\n${table(lines)}`)
  sections.push(`Options\n${table(flagLines({ ...flags, ...commonFlags }))}`)
  sections.push(`Examples\n${examples.map(({ does, line }) => `  ${line}\n      ${does}`).join('\n')}`)
  sections.push(`Exit codes\n${endingLines(['done', 'failed', 'misused', ...more, 'busy'])}`)
  return `${sections.join('\n\n')}\n`
}

export function endingLines(which: readonly Ending[]): string {
  return table(which.map((ending) => [String(exitCodes[ending]), endings[ending]] as const))
}

type Line = readonly [term: string, words: string]

function flagLines(flags: Readonly<Record<string, Flag>>): Line[] {
  return Object.entries(flags).map(([name, { kind, value = 'value', variable, variableOnly, help }]) => {
    const written = kind ? `${flagNamed(name)} <${value}>` : flagNamed(name)
    const absent = kind?.safeParse(undefined)
    const fallback = absent?.data
    const notes = [
      ...(absent?.success === false ? ['needed'] : []),
      ...(variable !== undefined && !variableOnly ? [`or ${variable}`] : []),
      ...(typeof fallback === 'string' || typeof fallback === 'number' ? [`default: ${fallback}`] : []),
    ]
    return [
      variableOnly ? (variable ?? written) : written,
      notes.length > 0 ? `${help} (${notes.join('; ')})` : help,
    ] as const
  })
}

function table(lines: readonly Line[]): string {
  const longest = Math.max(...lines.map(([term]) => term.length))
  const indent = longest + 4
  return lines
    .map(([term, words]) => `  ${term.padEnd(longest)}  ${wrap(words, indent).trimStart()}`)
    .join('\n')
}

/** Lines of at most `width`, each but the first after `indent` spaces. */
function wrap(words: string, indent = 0): string {
  const lines = ['']
  for (const word of words.split(/\s+/)) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && indent + line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n')
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function lengthOf({ length }: string): number {
  return length
}
