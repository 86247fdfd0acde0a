/** The words after a command, held against its declaration. Nothing is guessed at, and what is wrong is told all at once. */
import { parseArgs } from 'node:util'
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
  { arguments: declared, flags }: Pick<Command, 'arguments' | 'flags'>,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Record<string, unknown> & Common {
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
      mistakes.push(`Which ${name}? ${usageOf(command, declared)}`)
    const parsed = taken.map((word) => valueOf({ called: name }, argument, word, mistakes))
    read[name] = isMany ? parsed : parsed[0]
  }
  for (const word of left) mistakes.push(`${quote(word)} is a word too many. ${usageOf(command, declared)}`)
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  return read as Record<string, unknown> & Common // `data` is among the common flags
}

/** `Usage: quire show <document>` */
export function usageOf(command: string, declared: Command['arguments']): string {
  const names = Object.entries(declared).map(([name, { repeat }]) => {
    const shown = repeat === '+' || repeat === '*' ? `${name}…` : name
    return repeat === '?' || repeat === '*' ? `[${shown}]` : `<${shown}>`
  })
  return ['Usage: quire', command, ...names, '[options]'].join(' ')
}

function valueOf(
  { called, isHidden }: { readonly called: string; readonly isHidden?: true | undefined },
  { kind = z.string() }: Argument | Flag,
  given: string | undefined,
  mistakes: string[],
): unknown {
  const parsed = kind.safeParse(given)
  if (parsed.success) return parsed.data
  const shown = isHidden ? 'not shown' : quote(given ?? '')
  mistakes.push(`${called} (${shown}) ${parsed.error.issues.map(({ message }) => message).join('; ')}.`)
  return undefined
}

interface Divided {
  readonly values: ReadonlyMap<string, string>
  readonly positionals: readonly string[]
}

function divide(command: string, known: Readonly<Record<string, Flag>>, words: readonly string[]): Divided {
  const named = Object.entries(known).map(([name, flag]) => ({ name, written: flagNamed(name), flag }))
  const options = Object.fromEntries(
    named.map(({ written, flag }) => [
      written.slice(2),
      { type: flag.kind ? ('string' as const) : ('boolean' as const) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...words], options, strict: false, tokens: true })
  const values = new Map<string, string>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const { rawName, value, inlineValue: isJoined } = token
    const found = named.find(({ written }) => written === rawName)
    if (!found) throw new ConfigError(notAnOption(command, rawName, named))
    const { name, flag } = found
    if (flag.variableOnly)
      throw new ConfigError(
        `${rawName} is not taken from the command line, where others see it: set ${flag.variable} instead.`,
      )
    if (values.has(name)) throw new ConfigError(`${rawName} is given twice.`)
    if (!flag.kind && value !== undefined) throw new ConfigError(`${rawName} takes no value.`)
    // A word like a flag is one whose value was forgotten; whoever means it writes `--title=--odd`.
    if (flag.kind && (value === undefined || (!isJoined && value.startsWith('--'))))
      throw new ConfigError(`${rawName} needs a value.`)
    values.set(name, value ?? '')
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
