import { expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import { memoryOf, pack, packAnswer, unpack, unpackAnswer } from './parcel.ts'
import type { Answer, Request } from './requests.ts'

const [notes, plans] = [parseDocumentName('notes'), parseDocumentName('plans')]
const writer = { clientId: 7, userId: 'anna', name: 'Anna', part: 'wrote', clock: 0 } as const

function append(name: typeof notes, ...bytes: number[]): Request {
  return {
    type: 'append',
    name,
    update: Uint8Array.from(bytes),
    options: { create: bytes.length > 1, writers: bytes.length > 2 ? [writer] : [] },
  }
}

it('brings requests over as they were, in their order', () => {
  const requests: Request[] = [
    append(notes, 1),
    append(plans, 2, 3, 4),
    { type: 'remove', name: notes, ownerKeyHash: undefined },
    append(notes, 5, 6),
    append(notes),
    { type: 'load', name: notes },
    { type: 'check' },
    append(plans, 7),
  ]
  const parcels = pack(requests)
  expect(parcels.map(({ type }) => type)).toEqual([
    'appends',
    'remove',
    'appends',
    'load',
    'check',
    'appends',
  ])
  const sent = structuredClone(parcels, { transfer: memoryOf(parcels) })
  expect(unpack(sent)).toEqual(requests)
  expect(unpack(pack([]))).toEqual([])
})

it('takes nothing of the memory that updates lie in', () => {
  const chunk = Uint8Array.of(1, 2, 3, 4)
  const update = chunk.subarray(1, 3)
  const parcels = pack([{ type: 'append', name: notes, update, options: undefined }])
  const [request] = unpack(structuredClone(parcels, { transfer: memoryOf(parcels) }))
  expect(request).toMatchObject({ update: Uint8Array.of(2, 3), options: { create: false } })
  expect(chunk).toEqual(Uint8Array.of(1, 2, 3, 4))
})

it('brings answers back as they were', () => {
  const answers: Answer[] = [
    { type: 'done', value: 0 },
    { type: 'done', value: 12 },
    { type: 'done', value: undefined },
    { type: 'done', value: [1] },
    { type: 'failed', code: 'document-unknown', message: 'there is no such document' },
  ]
  expect(structuredClone(answers.map(packAnswer)).map(unpackAnswer)).toEqual(answers)
})
