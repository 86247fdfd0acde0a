/** The words after a command, held against its declaration. Nothing is guessed at, and what is wrong is told all at once. */
import { z } from 'zod'
import { abridge, quote, text } from '../config-values.ts'
import { ConfigError, unknownVariables } from '../config.ts'
import { nearest } from '../nearest.ts'
import type { Argument, Command, Common, Flag } from './command.ts'

/** What every command takes. */
export const commonFlags = {
  data: {
    help: 'folder where everything is kept',
    kind: text.default('./data'),
    value: 'folder',
    variable: 'QUIRE_DATA',
  },
  json: { help: 'print the result as JSON, and a failure as {"error":{"code","message"}}' },
  help: { help: 'show this' },
} as const satisfies Readonly<Record<string, Flag>>

export function flagNamed(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** Throws a `ConfigError` that says what is wrong. `command` is how it was asked for. */
export function readWords(
  command: string,
  declaration: Pick<Command, 'arguments' | 'flags' | 'usages'>,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Record<string, unknown> & Common {
  const { arguments: declared, flags } = declaration
  const known: Readonly<Record<string, Flag>> = { ...flags, ...commonFlags }
  const { values, positionals } = divide(command, known, words)
  const mistakes = unknownVariables(environment)
  const read: Record<string, unknown> = {}
  for (const [name, flag] of Object.entries(known)) {
    const fromVariable = flag.variable === undefined ? undefined : environment[flag.variable]
    const given = values.get(name) ?? (fromVariable === '' ? undefined : fromVariable)
    if (!flag.kind) {
      read[name] = given !== undefined
      continue
    }
    const called = values.has(name) ? flagNamed(name) : (flag.variable ?? flagNamed(name))
    read[name] = valueOf({ called, isHidden: flag.variableOnly }, flag, given, mistakes)
  }
  const left = [...positionals]
  for (const [name, argument] of Object.entries(declared)) {
    const { repeat } = argument
    const isMany = repeat === '+' || repeat === '*'
    const taken = isMany ? left.splice(0) : left.splice(0, 1)
    if (taken.length === 0 && repeat !== '?' && repeat !== '*')
      mistakes.push(`Which ${name}?\n${usageOf(command, declaration)}`)
    const parsed = taken.map((word) => valueOf({ called: name }, argument, word, mistakes))
    read[name] = isMany ? parsed : parsed[0]
  }
  for (const word of left)
    mistakes.push(`${quote(word)} is a word too many.\n${usageOf(command, declaration)}`)
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  return read as Record<string, unknown> & Common // `data` is among the common flags
}

/** `Usage: quire show <document> [options]`; a line for each way to ask. */
export function usageOf(
  command: string,
  { arguments: declared, usages }: Pick<Command, 'arguments' | 'usages'>,
): string {
  const names = Object.entries(declared).map(([name, { repeat }]) => {
    const shown = repeat === '+' || repeat === '*' ? `${name}…` : name
    return repeat === '?' || repeat === '*' ? `[${shown}]` : `<${shown}>`
  })
  const ways = usages ?? [[...names, '[options]'].join(' ')]
  return `Usage: ${ways.map((way) => `quire ${command} ${way}`).join('\n       ')}`
}

function valueOf(
  { called, isHidden }: { readonly called: string; readonly isHidden?: true | undefined },
  { kind = z.string() }: Argument | Flag,
  given: string | undefined,
  mistakes: string[],
): unknown {
  const parsed = kind.safeParse(given)
  if (parsed.success) return parsed.data
  if (given === undefined) {
    mistakes.push(`${called} is needed.`)
    return undefined
  }
  const shown = isHidden ? 'not shown' : quote(given)
  mistakes.push(`${called} (${shown}) ${parsed.error.issues.map(({ message }) => message).join('; ')}.`)
  return undefined
}

interface Divided {
  readonly values: ReadonlyMap<string, string>
  readonly positionals: readonly string[]
}

/** Ids of documents may begin with a dash, so that only two of them make a flag, and none behind `--`. */
function divide(command: string, known: Readonly<Record<string, Flag>>, words: readonly string[]): Divided {
  const named = Object.entries(known).map(([name, flag]) => ({ name, written: flagNamed(name), flag }))
  const values = new Map<string, string>()
  const positionals: string[] = []
  const left = [...words]
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--') {
      positionals.push(...left.splice(0))
      continue
    }
    if (!word.startsWith('--')) {
      positionals.push(word)
      continue
    }
    const [, written = word, joined] = /^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const found = named.find((each) => each.written === written)
    if (!found) throw new ConfigError(notAnOption(command, written, named))
    const { name, flag } = found
    if (flag.variableOnly)
      throw new ConfigError(
        `${written} is not taken from the command line, where others see it: set ${flag.variable} instead.`,
      )
    if (values.has(name)) throw new ConfigError(`${written} is given twice.`)
    if (!flag.kind && joined !== undefined) throw new ConfigError(`${written} takes no value.`)
    // A word like a flag is one whose value was forgotten; whoever means it writes `--title=--odd`.
    const isForgotten = joined === undefined && (left[0] === undefined || left[0].startsWith('--'))
    if (flag.kind && isForgotten) throw new ConfigError(`${written} needs a value.`)
    values.set(name, flag.kind ? (joined ?? left.shift() ?? '') : '')
  }
  return { values, positionals }
}

function notAnOption(
  command: string,
  wrong: string,
  named: readonly { readonly written: string; readonly flag: Flag }[],
): string {
  const written = named.filter(({ flag }) => !flag.variableOnly).map((each) => each.written)
  const meant = nearest(wrong, written)
  const ending = meant === undefined ? '.' : `; did you mean ${meant}?`
  return `${abridge(wrong)} is not an option of ${command}${ending}`
}
