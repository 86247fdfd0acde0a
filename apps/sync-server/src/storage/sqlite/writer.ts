/**
 * The one thread that touches the database. What a batch writes is one transaction, answered once it is durable; what
 * it reads comes after that, so that it only ever sees what is durable, and one request at a time, so that no batch
 * waits for more than one.
 */
import { join } from 'node:path'
import { assert, assertNever, type DocumentName } from '@quire/protocol'
import { threadStart } from '../../thread.ts'
import type { Work } from './connection.ts'
import { Database } from './database.ts'
import { isOfFullDisk, messageOf, TemporaryFailure } from './failure.ts'
import { Findings } from './findings.ts'
import { FolderInUse } from './lock.ts'
import { roomIn, writeExport } from './quarantine.ts'
import { packAnswer, unpack } from './parcel.ts'
import type { Answer, FromWriter, Request, ToWriter } from './requests.ts'
import type { Statements } from './statements.ts'

const { port, data: folder } = threadStart()
const say = (message: FromWriter): void => port.postMessage(message)
const now = (): number => performance.now()
const findings = new Findings(now)

/** What is yet to be read, in the order in which it was asked for. */
const reads: { readonly id: number; readonly request: Request; readonly work: Work }[] = []

let database: Database
try {
  database = new Database(String(folder), now)
  say({ type: 'open', usedBytes: database.usedBytes })
  port.on('message', receive)
} catch (error) {
  const isTemporary = error instanceof TemporaryFailure || isOfFullDisk(error)
  say(
    error instanceof FolderInUse
      ? { type: 'in-use' }
      : { type: 'unusable', reason: messageOf(error), isTemporary },
  )
  // A thread that ends takes with it what nobody has read yet: this one waits to be ended.
  port.on('message', () => undefined)
}

function receive(message: ToWriter): void {
  switch (message.type) {
    case 'batch':
      perform(message.first, unpack(message.parcels))
      say({ type: 'finished' })
      database.checkpoint()
      break
    case 'close':
      database.close()
      port.close()
      break
    default:
      assertNever(message)
  }
}

function perform(first: number, requests: readonly Request[]): void {
  const tasks = requests.map((request, index) => ({ request, id: first + index, ...taskOf(request) }))
  const changes = tasks.filter(({ writes }) => writes)
  const answers = database.write(changes.map(({ work }) => work))
  for (const [place, { request }] of changes.entries())
    if (answers[place]?.type === 'done') forgetFindings(request)
  if (changes.length > 0)
    reply(
      changes.map(({ id }) => id),
      changes.map(({ request }, place) => judge(request, answers[place])),
    )
  const isReading = reads.length > 0
  for (const task of tasks) if (!task.writes) reads.push(task)
  // The first at once, so that one alone is answered before anything of a later batch is.
  if (!isReading && reads.length > 0) readNext()
}

/** A batch that has come meanwhile goes before the one that is read after this. */
function readNext(): void {
  const next = reads.shift()
  assert(next !== undefined, 'there is something to read')
  reply([next.id], [read(next.request, next.work)])
  if (reads.length > 0) setImmediate(readNext)
}

/** Of a damaged document, once in some minutes. */
function read(request: Request, work: Work): Answer {
  if (request.type !== 'load' && request.type !== 'set-aside') return database.read(work)
  const question = request.type === 'load' ? 'load' : `set aside: ${request.reason}`
  const known = findings.recall(request.name, question)
  if (known) return known
  const answer = database.read(work)
  const isDamaged = answer.type === 'failed' && answer.code === 'damaged'
  if (isDamaged || request.type === 'set-aside') findings.keep(request.name, question, answer)
  return answer
}

/** What is written may mend a document, but not whom a link let in, which is written with every arrival. */
function forgetFindings(request: Request): void {
  if ('name' in request && request.type !== 'use-link') findings.forget(request.name)
}

function reply(ids: readonly number[], answers: readonly Answer[]): void {
  say({ type: 'answers', ids, answers: answers.map(packAnswer), usedBytes: database.usedBytes })
}

interface Task {
  readonly writes: boolean
  readonly work: Work
}

function taskOf(request: Request): Task {
  switch (request.type) {
    case 'create':
      return { writes: true, work: (statements) => statements.create(request.document) }
    case 'append':
      return {
        writes: true,
        work: (statements) => statements.append(request.name, request.update, request.options),
      }
    case 'writers':
      return { writes: false, work: (statements) => statements.writers(request.name) }
    case 'compact':
      return { writes: true, work: (statements) => statements.compact(request.name, request.base) }
    case 'check':
      return { writes: true, work: (statements) => database.isProven || statements.touch() }
    case 'load':
      return { writes: false, work: (statements) => statements.load(request.name) }
    case 'long-logs':
      return { writes: false, work: (statements) => statements.lists.longLogs(request.long, request.limit) }
    case 'has-links':
      return { writes: false, work: (statements) => statements.links.hasAny(request.name) }
    case 'find-link':
      return { writes: false, work: (statements) => statements.links.find(request.name, request.keyHash) }
    case 'find-link-by-id':
      return { writes: false, work: (statements) => statements.links.findById(request.name, request.id) }
    case 'links':
      return { writes: false, work: (statements) => statements.links.all(request.name) }
    case 'add-link':
      return {
        writes: true,
        work: (statements) => statements.links.add(request.name, request.link, request.ownerKeyHash),
      }
    case 'remove-link':
      return {
        writes: true,
        work: (statements) => statements.links.remove(request.name, request.id, request.ownerKeyHash),
      }
    case 'change-link':
      return {
        writes: true,
        work: ({ links }) => links.change(request.name, request.id, request.change, request.ownerKeyHash),
      }
    case 'use-link':
      return {
        writes: true,
        work: (statements) => statements.links.use(request.name, request.id, request.userId),
      }
    case 'replace-links':
      return {
        writes: true,
        work: ({ links }) => links.replace(request.name, request.ids, request.links, request.ownerKeyHash),
      }
    case 'documents':
      return { writes: false, work: (statements) => statements.lists.documents(request.page) }
    case 'facts':
      return { writes: false, work: (statements) => statements.lists.facts(request.name) }
    case 'totals':
      return { writes: false, work: (statements) => statements.lists.totals() }
    case 'note-title':
      return { writes: true, work: (statements) => statements.noteTitle(request.name, request.title) }
    case 'note-opened':
      return { writes: true, work: (statements) => statements.noteOpened(request.name) }
    case 'pass-hour':
      return { writes: true, work: (statements) => statements.uptime.passHour() }
    case 'keep-for':
      return { writes: true, work: (statements) => statements.uptime.keepFor(request.days ?? null) }
    case 'unopened':
      return { writes: false, work: (statements) => statements.lists.unopened(request.hours) }
    case 'remove-unopened':
      return { writes: true, work: (statements) => statements.removeUnopened(request.name, request.hours) }
    case 'remove':
      return { writes: true, work: (statements) => statements.remove(request.name, request.ownerKeyHash) }
    case 'set-aside':
      return { writes: false, work: (statements) => setAside(statements, request.name, request.reason) }
    default:
      return assertNever(request)
  }
}

function setAside(statements: Statements, name: DocumentName, reason: string): string {
  const rows = statements.salvage(name)
  const roomBytes = roomIn(String(folder))
  return writeExport({ folder: join(String(folder), 'quarantine'), name, reason, rows, roomBytes })
}

/** Damage met while writing may lie in pages that documents share. Only one that cannot be read is itself damaged. */
function judge(request: Request, answer: Answer | undefined): Answer {
  assert(answer !== undefined, 'all work is answered')
  if (answer.type === 'done' || answer.code !== 'damaged') return answer
  const name = 'name' in request ? request.name : 'document' in request ? request.document.name : undefined
  const loaded =
    name &&
    (readsRecords(request)
      ? database.read((statements) => statements.loadVerified(name))
      : read({ type: 'load', name }, (statements) => statements.load(name)))
  return loaded?.type === 'failed' ? loaded : { ...answer, code: 'unavailable' }
}

/** What a document is served without may be what it failed of. */
function readsRecords({ type }: Request): boolean {
  return type === 'use-link' || type === 'remove-unopened'
}
