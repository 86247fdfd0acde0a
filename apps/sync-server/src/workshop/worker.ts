/** A thread of the workshop: does one job after another and answers each. */
import { assertNever, decodeStateVector, missingParts, scan } from '@quire/protocol'
import type { StoredDocument } from '../storage/document-store.ts'
import { threadStart } from '../thread.ts'
import type { NewText } from './workshop.ts'
import { compact, compose, readText, readTitle } from './yjs-work.ts'

export type Job =
  | {
      readonly type: 'missing'
      readonly updates: readonly Uint8Array[]
      readonly stateVector: Uint8Array
      readonly maxBytes: number
    }
  | { readonly type: 'compact'; readonly document: StoredDocument }
  | { readonly type: 'read-text'; readonly document: StoredDocument }
  | { readonly type: 'read-title'; readonly document: StoredDocument }
  | { readonly type: 'compose'; readonly text: NewText }

export type Outcome =
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly message: string }

const { port } = threadStart()
port.on('message', (job: Job) => port.postMessage(outcomeOf(job)))

function outcomeOf(job: Job): Outcome {
  try {
    return { type: 'done', value: perform(job) }
  } catch (error) {
    return { type: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

function perform(job: Job): unknown {
  switch (job.type) {
    case 'missing':
      return missingParts(
        job.updates.map((update) => scan(update)),
        decodeStateVector(job.stateVector),
        job.maxBytes,
      )
    case 'compact':
      return compact(job.document)
    case 'read-text':
      return readText(job.document)
    case 'read-title':
      return readTitle(job.document)
    case 'compose':
      return compose(job.text)
    default:
      return assertNever(job)
  }
}
