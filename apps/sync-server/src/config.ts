/**
 * What the operator sets, read once: flags override the environment, and everything has a default. An unknown name
 * is an error that suggests the nearest, since a setting that is silently ignored is a setting that is not set.
 */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseNetwork, type Network } from './admission/addresses.ts'
import { admissionLimits } from './admission/admission-limits.ts'
import { minSecretBytes } from './access/secret.ts'

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''))

/** `fetch` takes no such URL. */
function hasPassword(text: string): boolean {
  return URL.canParse(text) && new URL(text).username + new URL(text).password !== ''
}

const onOff = z.enum(['on', 'off']).transform((word) => word === 'on')

const count = z.coerce.number().int().min(1).max(1_000_000_000)

function asNetwork(text: string, context: z.RefinementCtx<string>): Network {
  const network = parseNetwork(text)
  if (network) return network
  context.issues.push({ code: 'custom', message: `"${text}" is no address and no network`, input: text })
  return z.NEVER
}

/** A scheme, a host and perhaps a port, and nothing that could mean more where it is written into a header. */
const originGrammar = /^https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/i

function asOrigin(text: string, context: z.RefinementCtx<string>): string {
  if (originGrammar.test(text) && URL.canParse(text)) return new URL(text).origin
  context.issues.push({
    code: 'custom',
    message: `"${text}" is no origin such as https://app.example`,
    input: text,
  })
  return z.NEVER
}

/** Each option with its environment name, its words for `--help`, and what it may be. The flag is the name in kebab-case. */
const options = {
  HOST: { help: 'address to listen on', schema: z.string().min(1).default('127.0.0.1') },
  PORT: {
    help: 'port to listen on; 0 takes any free one',
    schema: z.coerce.number().int().min(0).max(65535).default(1234),
  },
  QUIRE_DATA: { help: 'folder where everything is kept', schema: z.string().min(1).default('./data') },
  QUIRE_SECRET: {
    help: `signs access tokens, at least ${minSecretBytes} bytes; absent: made once and kept in the data folder`,
    schema: z
      .string()
      .refine(
        (secret) => Buffer.byteLength(secret) >= minSecretBytes,
        `must be at least ${minSecretBytes} bytes long`,
      )
      .optional(),
    environmentOnly: true,
  },
  QUIRE_JWKS_URL: {
    help: 'where your application publishes the keys it signs access tokens with, as a JWKS',
    schema: z
      .url({ protocol: /^https?$/ })
      .refine((text) => !hasPassword(text), 'must hold no user and password')
      .optional(),
  },
  QUIRE_JWT_ISSUER: {
    help: 'what access tokens of your application have to name as their issuer; default: anything',
    schema: z.string().min(1).optional(),
  },
  QUIRE_PUBLIC_URL: { help: 'where people reach this server, for links', schema: url.optional() },
  QUIRE_ORIGINS: {
    help: 'origins whose pages may connect, separated by commas; default: the server’s own',
    schema: z
      .string()
      .transform((list) => list.split(',').map((origin) => origin.trim()))
      .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((origin) => new URL(origin).origin)))
      .optional(),
  },
  QUIRE_FRAME_ANCESTORS: {
    help: 'origins whose pages may show documents in a frame, separated by commas; or none',
    schema: z
      .string()
      .default('none')
      .transform((list) => (list === 'none' ? [] : list.split(',').map((text) => text.trim())))
      .pipe(z.array(z.string().transform(asOrigin))),
  },
  QUIRE_CREATE: {
    help: 'who may make documents: anyone or admin',
    schema: z.enum(['anyone', 'admin']).default('anyone'),
  },
  QUIRE_ADMIN_TOKEN: {
    help: 'what the operator shows to make documents when QUIRE_CREATE=admin',
    schema: z.string().min(16, 'must be at least 16 characters long').optional(),
    environmentOnly: true,
  },
  QUIRE_OPEN_ROOMS: {
    help: 'on: anyone may join and create any room name, as with the plain y-websocket server',
    schema: onOff.default(false),
  },
  QUIRE_TRUST_PROXY: {
    help: 'proxies whose X-Forwarded-For counts: addresses and networks such as 10.0.0.0/8, separated by commas',
    schema: z
      .string()
      .transform((list) => list.split(',').map((text) => text.trim()))
      .pipe(z.array(z.string().transform(asNetwork)))
      .default([]),
  },
  QUIRE_MAX_CONNECTIONS: {
    help: 'how many connections one address may have open; of IPv6, one /64 network counts as an address',
    schema: count.default(admissionLimits.maxConnections),
  },
  QUIRE_MAX_WRONG_KEYS: {
    help: 'how many wrong links and tokens one address may try in a minute',
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
    help: 'how large one document may become, in megabytes of 2^20 bytes, as it is stored',
    schema: z.coerce.number().min(1).max(4096).default(64),
  },
} as const satisfies Record<string, { help: string; schema: z.ZodType; environmentOnly?: true }>

type Options = typeof options
type OptionName = keyof Options
export type Config = { readonly [Name in OptionName]: z.output<Options[Name]['schema']> }

/** Something the operator must mend; `message` is one or more sentences that say what. */
export class ConfigError extends Error {}

const names = Object.keys(options) as OptionName[] // the keys of a literal
const flagOf = (name: OptionName): string =>
  name
    .replace(/^QUIRE_/, '')
    .toLowerCase()
    .replaceAll('_', '-')
const hasFlag = (name: OptionName): boolean => !('environmentOnly' in options[name])

/** Throws a `ConfigError` that lists everything that is wrong. */
export function readConfig(flags: readonly string[], environment: NodeJS.ProcessEnv): Config {
  const fromFlags = readFlags(flags)
  const mistakes: string[] = []
  for (const name of Object.keys(environment))
    if (name.startsWith('QUIRE_') && !names.some((known) => known === name))
      mistakes.push(`${name} is not an option${suggest(name, names)}.`)
  const entries = names.map((name) => {
    const given = fromFlags[flagOf(name)] ?? (environment[name] === '' ? undefined : environment[name])
    const parsed = options[name].schema.safeParse(given)
    if (!parsed.success)
      mistakes.push(
        `${name} (${shown(name, given)}): ${parsed.error.issues.map(({ message }) => message).join('; ')}.`,
      )
    return [name, parsed.data] as const
  })
  const config = Object.fromEntries(entries) as Config // each value has been through its own schema
  if (mistakes.length === 0 && config.QUIRE_CREATE === 'admin' && !config.QUIRE_ADMIN_TOKEN)
    mistakes.push('QUIRE_CREATE=admin needs QUIRE_ADMIN_TOKEN, or nobody could make a document.')
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  return config
}

export function describeOptions(): string {
  const flags = names.map((name) => (hasFlag(name) ? `--${flagOf(name)}` : ''))
  const lines = names.map((name, index) => {
    const flag = flags[index] ?? ''
    return `  ${flag.padEnd(longest(flags))}  ${name.padEnd(longest(names))}  ${options[name].help}`
  })
  return lines.join('\n')
}

function longest(words: readonly string[]): number {
  return Math.max(...words.map(({ length }) => length))
}

function readFlags(flags: readonly string[]): Readonly<Record<string, string>> {
  const known = names.filter(hasFlag).map(flagOf)
  const definitions = Object.fromEntries(known.map((flag) => [flag, { type: 'string' }] as const))
  const { tokens } = parseArgs({ args: [...flags], options: definitions, strict: false, tokens: true })
  const values: Record<string, string> = {}
  for (const token of tokens) {
    if (token.kind !== 'option') throw new ConfigError(`"${flags[token.index] ?? ''}" is not an option.`)
    if (!known.includes(token.name))
      throw new ConfigError(
        `${token.rawName} is not an option${suggest(
          token.rawName,
          known.map((flag) => `--${flag}`),
        )}.`,
      )
    if (token.value === undefined) throw new ConfigError(`${token.rawName} needs a value.`)
    values[token.name] = token.value
  }
  return values
}

/** A secret that was mistyped is a secret all the same. */
function shown(name: OptionName, given: string | undefined): string {
  return hasFlag(name) ? `"${given ?? ''}"` : 'not shown'
}

function suggest(wrong: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, distance: editDistance(wrong, name) }))
    .toSorted((a, b) => a.distance - b.distance)
  return nearest && nearest.distance <= 4 ? `; did you mean ${nearest.name}?` : ''
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
