/** The one thread that touches the database: takes a batch of requests, answers them all once they are durable. */
import { assertNever } from '@quire/protocol'
import { threadStart } from '../../thread.ts'
import { StorageError } from '../document-store.ts'
import { Database, type Statements } from './database.ts'
import type { Answer, FromWriter, Request, ToWriter } from './requests.ts'

const { port, data: folder } = threadStart()
const say = (message: FromWriter): void => port.postMessage(message)

let database: Database
try {
  database = new Database(String(folder))
  say({ type: 'open' })
  port.on('message', receive)
} catch (error) {
  say({ type: 'unusable', reason: error instanceof Error ? error.message : String(error) })
  // A thread that ends takes with it what nobody has read yet: this one waits to be ended.
  port.on('message', () => undefined)
}

function receive(message: ToWriter): void {
  switch (message.type) {
    case 'batch':
      say({ type: 'answers', answers: answerBatch(message.requests) })
      break
    case 'close':
      database.close()
      port.close()
      break
    default:
      assertNever(message)
  }
}

function answerBatch(requests: readonly Request[]): Answer[] {
  try {
    return database.transaction((statements) => requests.map((request) => answer(statements, request)))
  } catch (error) {
    const reason =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return requests.map(() => ({ type: 'failed', code: 'unavailable', message: reason }))
  }
}

/** What is wrong with one request fails that request; what is wrong with the disk fails the batch. */
function answer(statements: Statements, request: Request): Answer {
  try {
    return { type: 'done', value: perform(statements, request) }
  } catch (error) {
    if (error instanceof StorageError) return { type: 'failed', code: error.code, message: error.message }
    throw error
  }
}

function perform(statements: Statements, request: Request): unknown {
  switch (request.type) {
    case 'create':
      return statements.create(request.document)
    case 'load':
      return statements.load(request.name)
    case 'append':
      return statements.append(request.name, request.update, request.options)
    case 'compact':
      return statements.compact(request.name, request.base)
    case 'has-links':
      return statements.hasLinks(request.name)
    case 'find-link':
      return statements.findLink(request.name, request.keyHash)
    case 'check':
      // Being inside a write transaction that commits is the check.
      return undefined
    default:
      return assertNever(request)
  }
}
