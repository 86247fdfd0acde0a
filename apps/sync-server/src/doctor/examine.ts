/** What `quire doctor` looks at. Nothing is changed, and what a running server holds is left to it. */
import { X509Certificate } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve as absolute } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { countHostKeys } from '../access/host-keys.ts'
import { keepSecret } from '../access/secret.ts'
import { runningServer, withOperator } from '../cli/operator.ts'
import { bytes, count, moment } from '../cli/format.ts'
import { contradictions } from '../config.ts'
import { demandFitFolder } from '../data-folder.ts'
import { diskOf } from '../operator/disk.ts'
import { stats, type Server, type Stats } from '../http/operator/shapes.ts'
import { unopenedHours } from '../retention/openings.ts'
import { lossOf, usedBytesIn } from '../storage/sqlite/database-file.ts'
import { FolderInUse, lock } from '../storage/sqlite/lock.ts'
import { isIntact, schemaVersion, versionOf } from '../storage/sqlite/schema.ts'
import { Statements } from '../storage/sqlite/statements.ts'
import { demandPair, readCredentials } from '../tls/credentials.ts'

export interface Examined {
  readonly data: string
  readonly host: string
  readonly port: number
  readonly publicUrl: string | undefined
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
  readonly maxTotalMb: number | 'off'
  readonly retentionDays: number | 'off'
  readonly secret: string | undefined
  readonly create: 'anyone' | 'admin'
  readonly adminToken: string | undefined
  readonly openRooms: boolean
  readonly jwksUrl: string | undefined
}

export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail'
  readonly about: string
  readonly says: string
}

const ok = (about: string, says: string): Finding => ({ state: 'ok', about, says })
const warn = (about: string, says: string): Finding => ({ state: 'warn', about, says })
const fail = (about: string, says: string): Finding => ({ state: 'fail', about, says })

/** The oldest whose SQLite and TypeScript we know. */
const oldestNode = [26, 10] as const
const littleRoom = 1024 ** 3
const noRoom = 100 * 1024 ** 2
const nearlyFull = 0.9
const daySeconds = 86_400
/** Renewals are tried some weeks before the end: then there is a reason why none came. */
const soonDays = 14
const patienceMs = 5000

export async function examine(input: Examined): Promise<readonly Finding[]> {
  const folder = absolute(input.data)
  const isThere = existsSync(folder)
  const server = isThere ? await runningServer(folder) : undefined
  return [
    node(),
    ...settings(input),
    ...(isThere
      ? [inFolder(folder), room(folder)]
      : [ok('data folder', `${folder} is made at the first start`)]),
    secretOf(folder, input.secret),
    ...(input.jwksUrl === undefined ? [] : [await hostKeys(input.jwksUrl)]),
    database(folder, server),
    ...(isThere ? kept(folder, await keeping(folder, input, server)) : []),
    await running(server),
    await port(input, server),
    ...(await tls(input)),
    await address(input, server),
  ]
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
  return isOld
    ? fail('Node', `${process.version} is too old: ${oldestNode.join('.')} or newer is needed`)
    : ok('Node', process.version)
}

/** Those that the server would not start with, though each by itself is one. */
function settings(input: Examined): Finding[] {
  return contradictions({
    QUIRE_CREATE: input.create,
    QUIRE_ADMIN_TOKEN: input.adminToken,
    QUIRE_OPEN_ROOMS: input.openRooms,
    QUIRE_TLS_CERT: input.tlsCert,
    QUIRE_TLS_KEY: input.tlsKey,
  }).map((says) => fail('settings', says))
}

function inFolder(folder: string): Finding {
  try {
    demandFitFolder(folder)
  } catch (error) {
    return fail('data folder', `${folder} cannot be used: ${messageOf(error)}`)
  }
  const isOpen = process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0
  return isOpen
    ? warn('data folder', `others on this machine may look into ${folder}: chmod 700 it`)
    : ok('data folder', folder)
}

function room(folder: string): Finding {
  const { freeBytes, sizeBytes, databaseBytes } = diskOf(folder)
  const says = `${bytes(freeBytes)} of ${bytes(sizeBytes)} free, the database takes ${bytes(databaseBytes)}`
  if (freeBytes < noRoom) return fail('disk', `${says}: make room`)
  return freeBytes < littleRoom ? warn('disk', `${says}: make room soon`) : ok('disk', says)
}

/** A variable that is no secret has not come as far as this. */
function secretOf(folder: string, given: string | undefined): Finding {
  if (given !== undefined) return ok('secret', 'is the one in QUIRE_SECRET')
  if (!existsSync(join(folder, 'secret'))) return ok('secret', 'is made at the first start')
  try {
    keepSecret(folder)
    return ok('secret', 'is in the data folder')
  } catch (error) {
    return fail('secret', messageOf(error))
  }
}

/** As the server fetches them once a token names one. */
async function hostKeys(url: string): Promise<Finding> {
  try {
    const found = await countHostKeys(url)
    const says = `${url} has ${count(found, 'key')}`
    return found > 0 ? ok('keys', says) : fail('keys', `${says}: no token of your application opens anything`)
  } catch (error) {
    return fail('keys', `${url} does not answer with keys (${messageOf(error)})`)
  }
}

function database(folder: string, server: Server | undefined): Finding {
  const path = join(folder, 'quire.db')
  if (server) return ok('database', 'is open in the server that runs')
  if (!existsSync(path)) {
    const loss = lossOf(path)
    return loss === undefined ? ok('database', 'is made at the first start') : fail('database', loss)
  }
  let opened: DatabaseSync | undefined
  try {
    if (existsSync(join(folder, 'quire.lock'))) lock(join(folder, 'quire.lock')).close()
    opened = openUntouched(path)
    const version = versionOf(opened)
    if (!isIntact(opened)) return fail('database', 'its tables are not those it was made with')
    return version < schemaVersion
      ? ok('database', `has schema ${version}; the first start brings it to ${schemaVersion}`)
      : ok('database', `has schema ${version}`)
  } catch (error) {
    return error instanceof FolderInUse
      ? warn(
          'database',
          'another process has it, and does not answer: a server that starts or stops, or a command',
        )
      : fail('database', messageOf(error))
  } finally {
    opened?.close()
  }
}

type Keeping = Pick<Stats, 'used' | 'retention'>

/** As a server that runs has it, or would; undefined where that cannot be known yet. */
async function keeping(
  folder: string,
  { data, maxTotalMb, retentionDays: days }: Examined,
  server: Server | undefined,
): Promise<Keeping | undefined> {
  if (server) return withOperator({ data }, (operator) => operator.get('/stats', stats))
  const path = join(folder, 'quire.db')
  if (!existsSync(path)) return undefined
  let opened: DatabaseSync | undefined
  try {
    opened = openUntouched(path)
    if (versionOf(opened) < schemaVersion) return undefined
    const maxBytes = maxTotalMb === 'off' ? null : maxTotalMb * 2 ** 20
    const retention =
      days === 'off' ? null : { days, unopened: new Statements(opened).lists.unopened(unopenedHours(days)) }
    return { used: { bytes: usedBytesIn(opened)(), maxBytes }, retention }
  } catch {
    return undefined // what is wrong with it is in another line
  } finally {
    opened?.close()
  }
}

function kept(folder: string, found: Keeping | undefined): Finding[] {
  if (!found) return []
  const { used, retention } = found
  return [
    ...(used.maxBytes === null ? [] : [total(folder, { bytes: used.bytes, maxBytes: used.maxBytes })]),
    ...(retention
      ? [
          ok(
            'retention',
            `${count(retention.unopened.documents, 'document')} (${bytes(retention.unopened.bytes)}), not opened for ${retention.days} days, to be deleted: quire list --unopened ${retention.days}`,
          ),
        ]
      : []),
  ]
}

function total(folder: string, used: { readonly bytes: number; readonly maxBytes: number }): Finding {
  const says = `${bytes(used.bytes)} of ${bytes(used.maxBytes)} used (QUIRE_MAX_TOTAL_MB)`
  const { freeBytes, databaseBytes } = diskOf(folder)
  if (used.bytes >= used.maxBytes) return fail('total', `${says}: nobody can write. Raise it, or delete`)
  if (used.bytes >= used.maxBytes * nearlyFull) return warn('total', `${says}: raise it, or delete`)
  return used.maxBytes > freeBytes + databaseBytes
    ? warn('total', `${says}, which is more than the disk has: that fills first`)
    : ok('total', says)
}

/** Without the files that SQLite would make beside it, where no log says that it was not closed. */
function openUntouched(path: string): DatabaseSync {
  const url = pathToFileURL(path)
  const logBytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (logBytes === 0) url.searchParams.set('immutable', '1')
  return new DatabaseSync(url, { readOnly: true })
}

async function running(server: Server | undefined): Promise<Finding> {
  if (!server) return ok('server', 'none is running on this folder')
  const says = `process ${server.pid} at ${server.url} since ${moment(server.startedAt)}`
  const status = await readiness(server)
  if (status === 200) return ok('server', says)
  return fail('server', `${says} is not ready (${status}): its log says why`)
}

async function port({ host, port: wanted }: Examined, server: Server | undefined): Promise<Finding> {
  const name = `${host}:${wanted}`
  if (server) return ok('port', 'the server has one')
  const trying = createServer()
  try {
    await new Promise<void>((listening, failed) => {
      trying.once('error', failed)
      trying.listen(wanted, host, listening)
    })
    return ok('port', `${name} is free`)
  } catch (error) {
    return fail('port', `${name} cannot be had: ${messageOf(error)}; choose another with --port or PORT`)
  } finally {
    trying.close()
  }
}

async function tls({ tlsCert, tlsKey, publicUrl }: Examined): Promise<Finding[]> {
  if (tlsCert === undefined || tlsKey === undefined) return []
  const files = { certificate: tlsCert, key: tlsKey }
  try {
    const credentials = await readCredentials(files)
    demandPair(credentials, files)
    return [certificate(new X509Certificate(credentials.certificate), publicUrl)]
  } catch (error) {
    return [fail('certificate', messageOf(error))]
  }
}

function certificate(shown: X509Certificate, publicUrl: string | undefined): Finding {
  const until = Date.parse(shown.validTo) / 1000
  const days = Math.floor((until - Date.now() / 1000) / daySeconds)
  const says = `holds until ${moment(until)}`
  const host = publicUrl && new URL(publicUrl).hostname
  if (host && shown.checkHost(host) === undefined && shown.checkIP(host) === undefined)
    return fail('certificate', `is not for ${host}, which QUIRE_PUBLIC_URL names`)
  if (days < 0) return fail('certificate', `held until ${moment(until)}: renew it`)
  return days < soonDays ? warn('certificate', `${says}: renew it`) : ok('certificate', says)
}

async function address({ publicUrl, tlsCert }: Examined, server: Server | undefined): Promise<Finding> {
  const told = publicUrl ?? (server && server.publicUrl !== server.url ? server.publicUrl : undefined)
  if (told === undefined)
    return ok(
      'public URL',
      'none is set: links say how each request came. Set QUIRE_PUBLIC_URL behind a proxy',
    )
  const { protocol, hostname } = new URL(told)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol === 'http:' && tlsCert !== undefined)
    return fail('public URL', `${told} is not https, and the server speaks nothing else`)
  if (protocol === 'http:' && !isHere)
    return warn(
      'public URL',
      `${told} is not https: what people write travels openly, and no page works offline`,
    )
  if (!server) return ok('public URL', told)
  const status = await statusOf(`${told}/healthz`)
  return status === 200
    ? ok('public URL', `${told} leads here`)
    : warn('public URL', `${told} does not lead here from this machine (${status})`)
}

/** Its certificate is for the name by which people call it, and not for the address on which it listens. */
async function readiness({ url }: Server): Promise<number | string> {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  const timeout = patienceMs
  return new Promise((resolve) => {
    const asked = get(`${url}/readyz`, { rejectUnauthorized: false, timeout }, ({ statusCode = 0 }) => {
      resolve(statusCode)
      asked.destroy()
    })
    asked.once('timeout', () => asked.destroy(new Error('no answer')))
    asked.once('error', (error) => resolve(messageOf(error)))
  })
}

/** Or the words for why there is none. */
async function statusOf(url: string): Promise<number | string> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(patienceMs) })).status
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    return messageOf(cause ?? error)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
