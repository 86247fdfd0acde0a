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
import { askSocket } from '../operator/ask-socket.ts'
import { CommandFailure, type Common, type Flag } from './command.ts'

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

type Ask = (request: Request) => Promise<Response>

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

/** What the server on the folder says of itself; undefined if none can be asked. */
export async function runningServer(folder: string): Promise<Server | undefined> {
  const response = await askSocket(resolve(folder), requestTo('/server'))
  return response && (serverInfo.parse(await response.json()) ?? undefined)
}

async function reach(
  input: OperatorInput,
  { mayMake = false }: ReachOptions,
): Promise<{ readonly ask: Ask; readonly close: () => Promise<void> }> {
  const folder = resolve(input.data)
  for (let attempt = 1; ; attempt++) {
    if (await runningServer(folder)) {
      const ask: Ask = async (request) =>
        (await askSocket(folder, request)) ?? new Response(null, { status: 503 })
      return { ask, close: async () => undefined }
    }
    if (!mayMake && !existsSync(join(folder, 'quire.db')))
      throw new ConfigError(
        `There are no documents in ${folder}: no server has been started on it. Name another folder with --data or QUIRE_DATA.`,
      )
    const { FolderInUse, describeFolderError, openStandalone, prepareDataFolder } = await standalone()
    try {
      prepareDataFolder(folder)
      const { app, close } = await openStandalone({
        folder,
        publicUrl: input.publicUrl ?? 'http://127.0.0.1:1234',
        secret: input.secret,
        issuer: input.issuer,
        warn: (message) => process.stderr.write(`${message}\n`),
      })
      return { ask: async (request) => app.request(request), close }
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw describeFolderError(error, folder)
      if (attempt === attempts)
        throw new BusyError(
          `Another process has the data folder ${folder} and does not answer: a server that is starting or stopping, or another command. Try again.`,
        )
    }
    await pause(pauseMs)
  }
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
    return schema.parse(await (await this.#demand(requestTo(path))).json())
  }

  async post<Schema extends z.ZodType>(
    path: string,
    body: object,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    return schema.parse(await (await this.#demand(requestTo(path, 'POST', body))).json())
  }

  async putBytes<Schema extends z.ZodType>(
    path: string,
    bytes: Uint8Array,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    return schema.parse(await (await this.#demand(requestTo(path, 'PUT', new Uint8Array(bytes)))).json())
  }

  async delete(path: string): Promise<void> {
    await this.#demand(requestTo(path, 'DELETE'))
  }

  async text(path: string): Promise<string> {
    return (await this.#demand(requestTo(path))).text()
  }

  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#demand(requestTo(path))).arrayBuffer())
  }

  /** Throws a `CommandFailure` unless it is answered as it should be. */
  async #demand(request: Request): Promise<Response> {
    const response = await this.#ask(request)
    if (response.ok) return response
    throw await failureIn(response)
  }
}

/** `/documents/<id>` and what comes after it. */
export function documentPath(id: string, rest = ''): string {
  return `/documents/${encodeURIComponent(id)}${rest}`
}

function requestTo(path: string, method = 'GET', body?: object | Uint8Array<ArrayBuffer>): Request {
  return new Request(`http://localhost${operatorPath}${path}`, { method, ...(body && asSent(body)) })
}

function asSent(body: object | Uint8Array<ArrayBuffer>): RequestInit {
  return body instanceof Uint8Array
    ? { body, headers: { 'content-type': 'application/octet-stream' } }
    : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}

const problemSchema = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() })

async function failureIn(response: Response): Promise<CommandFailure> {
  const problem = problemSchema.safeParse(await response.json().catch(() => undefined))
  if (!problem.success)
    return new CommandFailure('failed', 'unavailable', 'The server on this folder has gone. Try again.')
  const { code, title, detail } = problem.data
  switch (code) {
    case 'document-unknown':
      return new CommandFailure('unknown', code, 'There is no such document.')
    case 'not-found':
      return new CommandFailure('unknown', code, detail ?? title)
    case 'document-damaged':
      return new CommandFailure('damaged', code, `${title}: ${detail ?? ''}.`)
    case 'bad-request':
    case 'not-allowed':
      return new CommandFailure('misused', code, detail ?? `${title}.`)
    default:
      return new CommandFailure('failed', code, detail ?? `${title}.`)
  }
}
