/**
 * Requests and answers as they cross between two threads. Each object that does costs as much as storing what somebody typed,
 * and nearly all of them are appends: those that follow each other go as a few lists, and their updates as one piece of memory.
 */
import type { DocumentName } from '@quire/protocol'
import type { Writer } from '../document-store.ts'
import type { Answer, Request } from './requests.ts'

type Append = Extract<Request, { type: 'append' }>

export type Parcel = Exclude<Request, Append> | Appends

/** A list has an item for each of them. */
interface Appends {
  readonly type: 'appends'
  readonly names: readonly DocumentName[]
  /** One after the other. */
  readonly updates: Uint8Array<ArrayBuffer>
  /** Where each ends there. */
  readonly ends: readonly number[]
  readonly creates: readonly boolean[]
  readonly writers: readonly (readonly Writer[])[]
}

/** In their order. */
export function pack(requests: readonly Request[]): Parcel[] {
  const parcels: Parcel[] = []
  let appends: Append[] = []
  for (const request of requests) {
    if (request.type === 'append') {
      appends.push(request)
      continue
    }
    if (appends.length > 0) parcels.push(joined(appends))
    appends = []
    parcels.push(request)
  }
  if (appends.length > 0) parcels.push(joined(appends))
  return parcels
}

/** The memory that need not be copied, since nobody else has it. */
export function memoryOf(parcels: readonly Parcel[]): ArrayBuffer[] {
  return parcels.flatMap((parcel) => (parcel.type === 'appends' ? [parcel.updates.buffer] : []))
}

export function unpack(parcels: readonly Parcel[]): Request[] {
  return parcels.flatMap((parcel): Request[] => (parcel.type === 'appends' ? apart(parcel) : [parcel]))
}

function joined(appends: readonly Append[]): Appends {
  const updates = new Uint8Array(appends.reduce((bytes, { update }) => bytes + update.length, 0))
  const ends: number[] = []
  let end = 0
  for (const { update } of appends) {
    updates.set(update, end)
    end += update.length
    ends.push(end)
  }
  return {
    type: 'appends',
    names: appends.map(({ name }) => name),
    updates,
    ends,
    creates: appends.map(({ options }) => options?.create ?? false),
    writers: appends.map(({ options }) => options?.writers ?? []),
  }
}

function apart({ names, updates, ends, creates, writers }: Appends): Append[] {
  return names.map((name, index) => ({
    type: 'append',
    name,
    update: updates.subarray(ends[index - 1] ?? 0, ends[index]),
    options: { create: creates[index] ?? false, writers: writers[index] ?? [] },
  }))
}

/** An answer, or the number that is all that it says. */
export type PackedAnswer = Answer | number

export function packAnswer(answer: Answer): PackedAnswer {
  return answer.type === 'done' && typeof answer.value === 'number' ? answer.value : answer
}

export function unpackAnswer(packed: PackedAnswer): Answer {
  return typeof packed === 'number' ? { type: 'done', value: packed } : packed
}
