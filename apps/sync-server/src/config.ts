/**
 * What the operator sets, read once: flags override the environment, and everything has a default. An unknown name
 * is an error that suggests the nearest, since a setting that is silently ignored is a setting that is not set.
 */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { admissionLimits } from './admission/admission-limits.ts'
import { minSecretBytes } from './access/secret.ts'
import {
  bearerToken,
  abridge,
  fetchedUrl,
  frameAncestors,
  networks,
  onOff,
  origins,
  publicUrl,
  quote,
  secret,
  text,
  wholeNumber,
  wholeNumberOrOff,
} from './config-values.ts'
import { nearest } from './nearest.ts'

const count = wholeNumber(1, 1_000_000_000)

/** Each option with its environment name, its words for `--help`, and what it may be. The flag is the name in kebab-case. */
export const serverOptions = {
  HOST: { help: 'address to listen on', schema: text.default('127.0.0.1') },
  PORT: {
    help: 'port to listen on; 0 takes any free one',
    schema: wholeNumber(0, 65_535).default(1234),
  },
  QUIRE_DATA: { help: 'folder where everything is kept', schema: text.default('./data') },
  QUIRE_SECRET: {
    help: `signs access tokens, at least ${minSecretBytes} bytes; absent: made once and kept in the data folder`,
    schema: secret(minSecretBytes).optional(),
    environmentOnly: true,
  },
  QUIRE_JWKS_URL: {
    help: 'where your application publishes the keys it signs access tokens with, as a JWKS',
    schema: fetchedUrl.optional(),
  },
  QUIRE_JWT_ISSUER: {
    help: 'what access tokens of your application have to name as their issuer; default: anything',
    schema: text.optional(),
  },
  QUIRE_TLS_CERT: {
    help: 'file with a certificate in PEM, those that vouch for it after it: the server then speaks https and wss',
    schema: text.optional(),
  },
  QUIRE_TLS_KEY: {
    help: 'file with the certificate’s private key in PEM, without a passphrase',
    schema: text.optional(),
  },
  QUIRE_PUBLIC_URL: {
    help: 'where people reach this server, for the links it makes; default: where they asked for them',
    schema: publicUrl.optional(),
  },
  QUIRE_ORIGINS: {
    help: 'origins whose pages may connect, separated by commas; default: the server’s own, and in open rooms those of localhost and of the same host',
    schema: origins.optional(),
  },
  QUIRE_FRAME_ANCESTORS: {
    help: 'origins whose pages may show documents in a frame (https://app.example), separated by commas; default: none',
    schema: frameAncestors.default([]),
  },
  QUIRE_CREATE: {
    help: 'who may make documents: anyone or admin',
    schema: z.enum(['anyone', 'admin'], 'must be anyone or admin').default('anyone'),
  },
  QUIRE_ADMIN_TOKEN: {
    help: 'what opens the operator’s page at /admin and the API at /api/admin, and makes documents where QUIRE_CREATE=admin; absent: nothing does',
    schema: bearerToken(16).optional(),
    environmentOnly: true,
  },
  QUIRE_METRICS_TOKEN: {
    help: 'what Prometheus shows to read /metrics; absent: nothing is counted',
    schema: bearerToken(16).optional(),
    environmentOnly: true,
  },
  QUIRE_OPEN_ROOMS: {
    help: 'on: anyone may join and create any room name, as with the plain y-websocket server; for development. A name that the internet has for this server is to be in QUIRE_PUBLIC_URL then',
    schema: onOff.default(false),
  },
  QUIRE_TRUST_PROXY: {
    help: 'proxies whose X-Forwarded-For counts: addresses and networks such as 10.0.0.0/8, separated by commas',
    schema: networks.default([]),
  },
  QUIRE_MAX_CONNECTIONS: {
    help: 'how many connections one address may have open; of IPv6, one /64 network counts as an address',
    schema: count.default(admissionLimits.maxConnections),
  },
  QUIRE_MAX_WRONG_KEYS: {
    help: 'how many different wrong links and tokens one address may try in a minute',
    schema: count.default(admissionLimits.wrongKeys.atOnce),
  },
  QUIRE_MAX_REQUESTS: {
    help: 'how many requests to the HTTP API one address may make in a minute',
    schema: count.default(admissionLimits.requests.atOnce),
  },
  QUIRE_MAX_NEW_DOCUMENTS: {
    help: 'how many documents one address may make in a minute',
    schema: count.default(admissionLimits.newDocuments.atOnce),
  },
  QUIRE_MAX_DOCUMENT_MB: {
    help: 'how large one document may become, in megabytes of 2^20 bytes as it is stored; full, it stays readable',
    schema: wholeNumber(1, 4096).default(64),
  },
  QUIRE_MAX_TOTAL_MB: {
    help: 'how much all documents together may take of the database, in the same megabytes, or off; full, it stays readable',
    // SQLite’s own bound, for pages of 4 KiB.
    schema: wholeNumberOrOff(1, 16_777_216).default('off'),
  },
  QUIRE_RETENTION_DAYS: {
    help: 'documents that nobody opens for so many days are deleted, or off: none are',
    schema: wholeNumberOrOff(1, 36_500).default('off'),
  },
} as const satisfies Record<string, { help: string; schema: z.ZodType; environmentOnly?: true }>

type Options = typeof serverOptions
type OptionName = keyof Options
/** `TLS_CERT` as `tlsCert`. */
type CamelCase<Name extends string> = Name extends `${infer Word}_${infer Rest}`
  ? `${Lowercase<Word>}${Capitalize<CamelCase<Rest>>}`
  : Lowercase<Name>
/** By the name of its flag, in camelCase. */
type ByFlag<Name extends OptionName> = CamelCase<Name extends `QUIRE_${infer Rest}` ? Rest : Name>
export type Config = { readonly [Name in OptionName]: z.output<Options[Name]['schema']> }

/** Something the operator must mend; `message` is one or more sentences that say what. */
export class ConfigError extends Error {}

/** Something that another process has for now, or that there is no room for: trying again may help. `message` says what. */
export class BusyError extends Error {}

const names = Object.keys(serverOptions) as OptionName[] // the keys of a literal
const flagOf = (name: OptionName): string =>
  `--${name
    .replace(/^QUIRE_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`
const isEnvironmentOnly = (name: OptionName): boolean => 'environmentOnly' in serverOptions[name]

/** Throws a `ConfigError` that lists everything that is wrong. */
export function readConfig(flags: readonly string[], environment: NodeJS.ProcessEnv): Config {
  const fromFlags = readFlags(flags)
  const mistakes = unknownVariables(environment)
  const entries = names.map((name) => {
    const given = fromFlags.get(name) ?? (environment[name] === '' ? undefined : environment[name])
    const parsed = serverOptions[name].schema.safeParse(given)
    if (!parsed.success)
      mistakes.push(
        `${name} (${shown(name, given)}) ${parsed.error.issues.map(({ message }) => message).join('; ')}.`,
      )
    return [name, parsed.data] as const
  })
  const config = Object.fromEntries(entries) as Config // each value has been through its own schema
  if (mistakes.length === 0) mistakes.push(...contradictions(config))
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  return config
}

/** A sentence for each: a setting with a wrong name would be none. */
export function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('QUIRE_') && !names.some((known) => known === name))
    .map((name) => notAnOption(name, names))
}

/** For a command that takes what the server does: each option as a flag of its own, and `QUIRE_DATA` as every command has it. */
export const serverFlags = Object.fromEntries(
  names
    .filter((name) => name !== 'QUIRE_DATA')
    .map((name) => {
      const { help, schema: kind } = serverOptions[name]
      const flag = { help, kind, variable: name, ...(isEnvironmentOnly(name) && { variableOnly: true }) }
      return [camelCase(flagOf(name)), flag]
    }),
) as {
  readonly [Name in Exclude<OptionName, 'QUIRE_DATA'> as ByFlag<Name>]: {
    readonly help: string
    readonly kind: Options[Name]['schema']
    readonly variable: Name
    readonly variableOnly?: true
  }
}

function camelCase(flag: string): string {
  return flag.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Settings of which each is right and both cannot be meant. */
export function contradictions(
  config: Pick<
    Config,
    'QUIRE_CREATE' | 'QUIRE_ADMIN_TOKEN' | 'QUIRE_OPEN_ROOMS' | 'QUIRE_TLS_CERT' | 'QUIRE_TLS_KEY'
  >,
): string[] {
  const { QUIRE_CREATE, QUIRE_ADMIN_TOKEN, QUIRE_OPEN_ROOMS, QUIRE_TLS_CERT, QUIRE_TLS_KEY } = config
  const found: string[] = []
  if (QUIRE_CREATE === 'admin' && QUIRE_ADMIN_TOKEN === undefined)
    found.push('QUIRE_CREATE=admin needs QUIRE_ADMIN_TOKEN, or nobody could make a document.')
  if (QUIRE_CREATE === 'admin' && QUIRE_OPEN_ROOMS)
    found.push('QUIRE_OPEN_ROOMS=on lets anyone begin a room, which QUIRE_CREATE=admin forbids.')
  if ((QUIRE_TLS_CERT === undefined) !== (QUIRE_TLS_KEY === undefined))
    found.push('QUIRE_TLS_CERT and QUIRE_TLS_KEY go together: set both, or neither.')
  return found
}

export interface OptionDescription {
  readonly name: string
  /** Undefined if it is taken from the environment only. */
  readonly flag: string | undefined
  /** As one would write it; undefined if nothing one could write says the same. */
  readonly default: string | undefined
  readonly help: string
}

export const optionDescriptions: readonly OptionDescription[] = names.map((name) => ({
  name,
  flag: isEnvironmentOnly(name) ? undefined : flagOf(name),
  default: defaultOf(name),
  help: serverOptions[name].help,
}))

function defaultOf(name: OptionName): string | undefined {
  const value = serverOptions[name].schema.parse(undefined)
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** A line for each. */
export function describeOptions(): string {
  const flagWidth = longest(optionDescriptions.map(({ flag = '' }) => flag))
  const nameWidth = longest(names)
  return optionDescriptions
    .map(({ name, flag = '', default: value, help }) => {
      const ending = value === undefined ? '' : ` (default: ${value})`
      return `  ${flag.padEnd(flagWidth)}  ${name.padEnd(nameWidth)}  ${help}${ending}`
    })
    .join('\n')
}

function longest(words: readonly string[]): number {
  return Math.max(...words.map(({ length }) => length))
}

function readFlags(flags: readonly string[]): ReadonlyMap<OptionName, string> {
  const known = names.map(flagOf)
  const definitions = Object.fromEntries(known.map((flag) => [flag.slice(2), { type: 'string' }] as const))
  const { tokens } = parseArgs({ args: [...flags], options: definitions, strict: false, tokens: true })
  const values = new Map<OptionName, string>()
  for (const token of tokens) {
    if (token.kind !== 'option') throw new ConfigError(`${quote(flags[token.index] ?? '')} is not an option.`)
    const { rawName: flag, value, inlineValue: isJoined } = token
    const name = names.find((each) => flagOf(each) === flag)
    if (!name) throw new ConfigError(notAnOption(flag, known))
    if (isEnvironmentOnly(name))
      throw new ConfigError(
        `${flag} is not taken from the command line, where others see it: set ${name} instead.`,
      )
    // A word like a flag is one whose value was forgotten; whoever means it writes `--data=--odd`.
    if (value === undefined || (!isJoined && value.startsWith('--')))
      throw new ConfigError(`${flag} needs a value.`)
    if (values.has(name)) throw new ConfigError(`${flag} is given twice.`)
    values.set(name, value)
  }
  return values
}

/** A secret that was mistyped is a secret all the same. */
function shown(name: OptionName, given = ''): string {
  return isEnvironmentOnly(name) ? 'not shown' : quote(given)
}

function notAnOption(wrong: string, known: readonly string[]): string {
  const meant = nearest(wrong, known)
  return `${abridge(wrong)} is not an option${meant === undefined ? '.' : `; did you mean ${meant}?`}`
}
