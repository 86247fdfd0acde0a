/**
 * What a store has promised its writer: a line for each acknowledgement and for each document it served. What a
 * document holds follows from its name and the position, so that a line need not carry it.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { parseDocumentName, type DocumentName } from '@quire/protocol'
import type { Store } from '@quire/sync-server'

/** This document is there, with every entry up to `head`, of which those up to `base` are joined in a base. */
export interface Promised {
  readonly name: DocumentName
  readonly head: number
  readonly base: number
}

export function promiseLine({ name, head, base }: Promised): string {
  return `${name} ${head} ${base}\n`
}

export function parsePromise(line: string): Promised {
  const [, name, head, base] = /^(\S+) (\d+) (\d+)\n$/.exec(line) ?? []
  if (name === undefined) throw new Error(`not a promise: ${line}`)
  return { name: parseDocumentName(name), head: Number(head), base: Number(base) }
}

/** All documents there will ever be. Those at even places are made with a link and a first entry, the others by their first entry. */
export const names: readonly DocumentName[] = Array.from({ length: 16 }, (_, index) =>
  parseDocumentName(`document-${index}`),
)

export function isBornWithLink(name: DocumentName): boolean {
  return names.indexOf(name) % 2 === 0
}

export function keyHashOf(name: DocumentName): Uint8Array {
  return createHash('sha256').update(name).digest()
}

export function updateOf(name: DocumentName, position: number): Uint8Array {
  const chance = crc32(`${name} ${position}`)
  // Mostly keystrokes, now and then a paste: from a part of a page of the database to many pages.
  const maxBytes = chance % 16 === 0 ? 300_000 : chance % 4 === 0 ? 20_000 : 200
  return Buffer.alloc(1 + ((chance >>> 6) % maxBytes), `${name}:${position};`)
}

export function baseOf(name: DocumentName, position: number): Uint8Array {
  return Buffer.alloc(position * 40, `${name}..${position};`)
}

type StoredDocument = NonNullable<Awaited<ReturnType<Store['load']>>>

/** 0 if there is no such document. */
export function headOf(stored: StoredDocument | undefined): number {
  return (stored?.base?.position ?? 0) + (stored?.tail.length ?? 0)
}

/** Throws an Error that says what is not as promised. What nobody was promised may be there too, but whole. */
export async function expectKept(store: Store, promises: ReadonlyMap<DocumentName, Promised>): Promise<void> {
  for (const name of names) {
    const promised = promises.get(name)
    const stored = await store.load(name)
    if (stored === undefined) {
      if (promised) throw new Error(`${name} is gone`)
      continue
    }
    const base = stored.base?.position ?? 0
    const head = headOf(stored)
    if (head < (promised?.head ?? 1))
      throw new Error(`${name} ends at ${head}, not at ${promised?.head ?? 1}`)
    if (base < (promised?.base ?? 0))
      throw new Error(`${name} has its base at ${base}, not at ${promised?.base}`)
    if (stored.base && !isEqual(stored.base.update, baseOf(name, base)))
      throw new Error(`the base of ${name} at ${base} holds other bytes`)
    for (const { position, update } of stored.tail)
      if (!isEqual(update, updateOf(name, position)))
        throw new Error(`${name} holds other bytes at ${position}`)
    if (isBornWithLink(name) && !(await store.findLink(name, keyHashOf(name))))
      throw new Error(`${name} has lost its link`)
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
