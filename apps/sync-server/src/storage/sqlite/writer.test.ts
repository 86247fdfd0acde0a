import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseDocumentName } from '@quire/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startThread, type Thread } from '../../thread.ts'
import type { StoredDocument } from '../document-store.ts'
import { pack, unpackAnswer } from './parcel.ts'
import type { Answer, FromWriter, Request, ToWriter } from './requests.ts'

let folder: string
let writer: Thread
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quire-writer-'))
  writer = startThread('writer', import.meta.url, folder)
  await once(writer.port, 'message')
})
afterEach(async () => {
  await writer.worker.terminate()
  rmSync(folder, { recursive: true, force: true })
})

const name = parseDocumentName('notes')
const load: Request = { type: 'load', name }

function append(letter: number): Request {
  return { type: 'append', name, update: Uint8Array.of(letter), options: { create: true } }
}

/** What the writer is asked while somebody else holds the database up, batch by batch; resolves with its answers in their order. */
async function answersTo(batches: readonly (readonly Request[])[]): Promise<Map<number, Answer>> {
  const asked = batches.flat().length
  const answers = new Map<number, Answer>()
  const all = Promise.withResolvers<void>()
  writer.port.on('message', (message: FromWriter) => {
    if (message.type !== 'answers') return
    for (const [place, id] of message.ids.entries()) {
      const answer = message.answers[place]
      if (answer !== undefined) answers.set(id, unpackAnswer(answer))
    }
    if (answers.size === asked) all.resolve()
  })
  const other = new DatabaseSync(join(folder, 'quire.db'))
  other.exec('BEGIN IMMEDIATE')
  let first = 0
  for (const batch of batches) {
    writer.port.postMessage({ type: 'batch', first, parcels: pack(batch) } satisfies ToWriter)
    first += batch.length
  }
  other.close()
  await all.promise
  return answers
}

function lettersIn(answer: Answer | undefined): number[] {
  const stored = answer?.type === 'done' ? (answer.value as StoredDocument) : undefined // the answer to `load`
  return stored?.tail.flatMap(({ update }) => [...update]) ?? []
}

describe('the writer', () => {
  it('reads one thing between what is written, and sees all that was', async () => {
    const answers = await answersTo([[append(1)], [load, append(2), load], [append(3)]])
    expect([...answers.keys()]).toEqual([0, 2, 1, 4, 3])
    expect(lettersIn(answers.get(1))).toEqual([1, 2])
    expect(lettersIn(answers.get(3))).toEqual([1, 2, 3])
  })

  it('answers one thing that is to be read before what is asked later', async () => {
    expect([...(await answersTo([[append(1)], [load], [append(2)]])).keys()]).toEqual([0, 1, 2])
  })
})
