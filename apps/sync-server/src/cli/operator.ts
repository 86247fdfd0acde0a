/**
 * How a command reaches the documents: through the server that runs on the folder, or, where none does, by opening the folder
 * itself. Either way it asks the same API, and what that refuses becomes a failure of the command.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { publicUrl } from '../config-values.ts'
import { BusyError, ConfigError } from '../config.ts'
import { operatorPath, serverInfo, type Server } from '../http/operator/shapes.ts'
import { askSocket, NoAnswer } from '../operator/ask-socket.ts'
import type { Answer, Asked, AskedBody } from '../operator/ask.ts'
import { CommandFailure, type Common, type Flag } from './command.ts'
import { isForbidden } from './forbidden.ts'

/** For commands that print links. */
export const publicUrlFlag = {
  help: 'where people reach the server; one that is running knows, and is believed',
  kind: publicUrl.default('http://127.0.0.1:1234'),
  value: 'url',
  variable: 'QUIRE_PUBLIC_URL',
} as const satisfies Flag

export interface OperatorInput extends Common {
  readonly publicUrl?: string
  /** What tokens are signed with where no server runs; undefined: what is in the folder. */
  readonly secret?: string | undefined
  readonly issuer?: string | undefined
}

export interface ReachOptions {
  /** Makes the folder if it is not there. */
  readonly mayMake?: boolean
}

type Ask = (asked: Asked) => Promise<Answer>

/** What is taken for the answer of a server that has gone meanwhile. */
const gone: Answer = { status: 503, bytes: new Uint8Array() }

/** A server that has not said in this time who it is has stopped working. */
const patienceMs = 10_000
/** For a server that is starting or stopping, or another command, to have done. */
const attempts = 30
const pauseMs = 100

/** Hands over the way to the operator's API, and closes it whatever comes. */
export async function withOperator<Result>(
  input: OperatorInput,
  use: (operator: Operator) => Promise<Result>,
  options: ReachOptions = {},
): Promise<Result> {
  const { ask, close } = await reach(input, options)
  try {
    return await use(new Operator(ask))
  } finally {
    await close()
  }
}

/** What the server on the folder says of itself; undefined if none can be asked. Throws if this user may not ask, or nothing is answered. */
export async function runningServer(folder: string): Promise<Server | undefined> {
  try {
    const answer = await askSocket(resolve(folder), asking('/server'), patienceMs)
    return answer && (serverInfo.parse(jsonOf(answer)) ?? undefined)
  } catch (error) {
    if (error instanceof NoAnswer) throw unanswered(folder)
    if (isForbidden(error))
      throw new ConfigError(
        `This user may not speak to a server on ${folder}: run the command as the user whose folder that is.`,
      )
    throw error
  }
}

function unanswered(folder: string): BusyError {
  return new BusyError(
    `Another process has the data folder ${folder} and does not answer: a server that is starting or stopping, or another command. Try again.`,
  )
}

async function reach(
  input: OperatorInput,
  { mayMake = false }: ReachOptions,
): Promise<{ readonly ask: Ask; readonly close: () => Promise<void> }> {
  const folder = resolve(input.data)
  for (let attempt = 1; ; attempt++) {
    if (await runningServer(folder)) {
      const ask: Ask = async (asked) => (await askSocket(folder, asked)) ?? gone
      return { ask, close: async () => undefined }
    }
    if (!mayMake && (await isUnused(folder)))
      throw new ConfigError(
        `There are no documents in ${folder}: no server has been started on it. Name another folder with --data or QUIRE_DATA.`,
      )
    const { FolderInUse, describeFolderError, openStandalone, prepareDataFolder } = await standalone()
    try {
      prepareDataFolder(folder)
      return await openStandalone({
        folder,
        publicUrl: input.publicUrl ?? 'http://127.0.0.1:1234',
        secret: input.secret,
        issuer: input.issuer,
        warn: (message) => process.stderr.write(`${message}\n`),
      })
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw describeFolderError(error, folder)
      if (attempt === attempts) throw unanswered(folder)
    }
    await pause(pauseMs)
  }
}

/** If a database was lost there, that is told when it is opened. */
async function isUnused(folder: string): Promise<boolean> {
  const path = join(folder, 'quire.db')
  if (existsSync(path)) return false
  const { lossOf } = await import('../storage/sqlite/database-file.ts')
  return lossOf(path) === undefined
}

/** Loaded only where no server runs. */
async function standalone() {
  const [{ openStandalone }, { describeFolderError }, { prepareDataFolder }, { FolderInUse }] =
    await Promise.all([
      import('../operator/standalone.ts'),
      import('../folder-error.ts'),
      import('../data-folder.ts'),
      import('../storage/sqlite/lock.ts'),
    ])
  return { openStandalone, describeFolderError, prepareDataFolder, FolderInUse }
}

export class Operator {
  readonly #ask: Ask

  constructor(ask: Ask) {
    this.#ask = ask
  }

  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(jsonOf(await this.#demand(asking(path))))
  }

  async post<Schema extends z.ZodType>(
    path: string,
    body: object,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const sent = { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) }
    return schema.parse(jsonOf(await this.#demand(asking(path, 'POST', sent))))
  }

  async putBytes<Schema extends z.ZodType>(
    path: string,
    bytes: Uint8Array,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const sent = { type: 'application/octet-stream', bytes: new Uint8Array(bytes) }
    return schema.parse(jsonOf(await this.#demand(asking(path, 'PUT', sent))))
  }

  async delete(path: string): Promise<void> {
    await this.#demand(asking(path, 'DELETE'))
  }

  async text(path: string): Promise<string> {
    return textOf(await this.#demand(asking(path)))
  }

  async bytes(path: string): Promise<Uint8Array> {
    return (await this.#demand(asking(path))).bytes
  }

  /** Throws a `CommandFailure` unless it is answered as it should be. */
  async #demand(asked: Asked): Promise<Answer> {
    const answer = await this.#ask(asked)
    if (answer.status < 300) return answer
    throw failureIn(answer)
  }
}

/** `/documents/<id>` and what comes after it. */
export function documentPath(id: string, rest = ''): string {
  return `/documents/${encodeURIComponent(id)}${rest}`
}

function asking(path: string, method = 'GET', body?: AskedBody): Asked {
  return { path: operatorPath + path, method, body }
}

/** To the letter: a mark of the byte order at its beginning is one. */
function textOf({ bytes }: Answer): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

/** Throws a `SyntaxError` if it is none. */
function jsonOf(answer: Answer): unknown {
  return JSON.parse(textOf(answer))
}

const problemSchema = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() })

function failureIn(answer: Answer): CommandFailure {
  const problem = problemIn(answer)
  if (!problem)
    return new CommandFailure('failed', 'unavailable', 'The server on this folder has gone. Try again.')
  const { code, title, detail } = problem
  switch (code) {
    case 'document-unknown':
      return new CommandFailure('unknown', code, 'There is no such document.')
    case 'not-found':
      return new CommandFailure('unknown', code, detail ?? title)
    case 'document-damaged':
      return new CommandFailure('damaged', code, `${title}: ${detail ?? ''}.`)
    case 'storage-full':
      return new CommandFailure('busy', code, detail ?? `${title}.`)
    case 'bad-request':
    case 'not-allowed':
      return new CommandFailure('misused', code, detail ?? `${title}.`)
    default:
      return new CommandFailure('failed', code, detail ?? `${title}.`)
  }
}

function problemIn(answer: Answer): z.output<typeof problemSchema> | undefined {
  try {
    return problemSchema.parse(jsonOf(answer))
  } catch {
    return undefined
  }
}
