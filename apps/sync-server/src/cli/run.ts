/** The command line from its words to an exit code: finds the command, has it run, and says what came of it. */
import { createInterface } from 'node:readline/promises'
import { BusyError, ConfigError } from '../config.ts'
import { quote } from '../config-values.ts'
import { catalogue, findCommand, type Listed } from '../commands/index.ts'
import { nearest } from '../nearest.ts'
import { isOfFullDisk, messageOf } from '../storage/sqlite/failure.ts'
import { quireVersion } from '../version.ts'
import { CommandFailure, type Command, type Outcome, type Surroundings } from './command.ts'
import { printable } from './format.ts'
import { exitCodes, type Ending } from './exit-codes.ts'
import { isForbidden } from './forbidden.ts'
import { helpFor, overview } from './help.ts'
import { noProgress, terminalProgress } from './progress.ts'
import { readWords } from './read-words.ts'

/** Resolves with the exit code; of a service, once it has begun. What nobody foresaw is thrown. */
export async function run(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [first, ...rest] = words
  const isJson = rest.includes('--json')
  try {
    if (first === undefined) return say(process.stderr, `Which command?\n\n${overview(catalogue)}`, 'misused')
    if (['--help', '-h', 'help'].includes(first)) return await help(rest[0])
    if (['--version', '-V', '-v', 'version'].includes(first))
      return say(process.stdout, `quire ${quireVersion}\n`, 'done')
    const listed = demandCommand(first)
    if (rest.includes('--help') || rest.includes('-h')) return await help(first)
    const loaded = await listed.load()
    if ('start' in loaded) {
      await loaded.start(rest, environment)
      return exitCodes.done
    }
    return await execute(first, loaded, rest, environment)
  } catch (error) {
    return tell(error, isJson)
  }
}

async function execute(
  name: string,
  command: Command,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const input = readWords(name, command, words, environment)
  const isJson = input['json'] === true
  const progress = process.stderr.isTTY && !isJson ? terminalProgress(process.stderr) : noProgress
  let outcome: Outcome
  try {
    outcome = await command.run(input, {
      progress,
      confirm: confirmWith(isJson),
      environment,
      heedInterrupt,
    })
  } finally {
    progress.clear()
  }
  const { data, text, ending = 'done', warnings = [] } = outcome
  if (!isJson) for (const warning of warnings) process.stderr.write(`${printable(warning)}\n`)
  return say(process.stdout, isJson ? `${JSON.stringify(data)}\n` : text, ending)
}

async function help(name: string | undefined): Promise<number> {
  if (name === undefined) return say(process.stdout, overview(catalogue), 'done')
  const { summary, load } = demandCommand(name)
  const command = await load()
  return say(process.stdout, 'start' in command ? command.help() : helpFor(name, summary, command), 'done')
}

function demandCommand(name: string): Listed {
  const listed = findCommand(name)
  if (listed) return listed
  const names = catalogue.flatMap(({ commands }) => Object.keys(commands))
  const meant = nearest(name, names)
  const words = meant === undefined ? '. `quire --help` lists them all.' : `; did you mean ${meant}?`
  throw new ConfigError(`${quote(name)} is not a command${words}`)
}

function heedInterrupt(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  return controller.signal
}

/** Somebody is asked only where they can be seen to answer. */
function confirmWith(isJson: boolean): Surroundings['confirm'] {
  return async (question) => {
    if (isJson || !process.stdin.isTTY || !process.stderr.isTTY) return undefined
    const asking = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim())
    } finally {
      asking.close()
    }
  }
}

function tell(error: unknown, isJson: boolean): number {
  const { ending, code, message } = failureOf(error)
  const text = isJson ? JSON.stringify({ error: { code, message } }) : message
  return say(process.stderr, `${text}\n`, ending)
}

function failureOf(error: unknown): Pick<CommandFailure, 'ending' | 'code' | 'message'> {
  if (error instanceof CommandFailure) return error
  if (error instanceof ConfigError) return { ending: 'misused', code: 'misused', message: error.message }
  if (error instanceof BusyError) return { ending: 'busy', code: 'busy', message: error.message }
  if (isForbidden(error) && error.path !== undefined)
    return { ending: 'misused', code: 'misused', message: `This user may not use ${error.path}.` }
  if (isOfFullDisk(error))
    return { ending: 'busy', code: 'no-room', message: `There is no room for that: ${messageOf(error)}.` }
  throw error
}

function say(stream: NodeJS.WriteStream, text: string, ending: Ending): number {
  stream.write(text)
  return exitCodes[ending]
}
