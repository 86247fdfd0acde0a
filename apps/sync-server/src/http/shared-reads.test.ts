import { parseDocumentName, type DocumentName } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import { ResourceLimitError } from '../workshop/workshop.ts'
import { maxOwed, SharedReads } from './shared-reads.ts'

const notes = parseDocumentName('notes')
const documents = Array.from({ length: 20 }, (_, index) => parseDocumentName(`document ${index}`))

interface Shared {
  read(name: DocumentName, address?: string): Promise<string>
}

type Begun = PromiseWithResolvers<string> & { readonly name: DocumentName }

/** Reads that end when the test says so, each with a text of its own. */
function reads(nowSeconds = () => 0): { shared: Shared; begun: Begun[] } {
  const begun: Begun[] = []
  const shared = new SharedReads((name: DocumentName) => {
    const read = { ...Promise.withResolvers<string>(), name }
    begun.push(read)
    return read.promise
  }, nowSeconds)
  return { shared: { read: (name, address = 'here') => shared.read(name, address) }, begun }
}

const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))

describe('shared reads', () => {
  it('give those who ask during a read the next one, which all of them share', async () => {
    const { shared, begun } = reads()
    const first = shared.read(notes)
    const [second, third] = [shared.read(notes), shared.read(notes)]
    begun[0]?.resolve('before')
    expect(await first).toBe('before')
    await new Promise((resolve) => setImmediate(resolve))
    begun[1]?.resolve('after')
    expect(await Promise.all([second, third])).toEqual(['after', 'after'])
    expect(begun).toHaveLength(2)
  })

  it('go on after one that failed, and forget what has been read', async () => {
    const { shared, begun } = reads()
    const failing = shared.read(notes)
    const next = shared.read(notes)
    begun[0]?.reject(new Error('the disk is gone'))
    await expect(failing).rejects.toThrow('the disk is gone')
    await new Promise((resolve) => setImmediate(resolve))
    begun[1]?.resolve('there again')
    expect(await next).toBe('there again')
    const later = shared.read(notes)
    begun[2]?.resolve('later')
    expect(await later).toBe('later')
  })

  it('are refused for an hour after one that took too much, and not for longer', async () => {
    let now = 5000
    const { shared, begun } = reads(() => now)
    const failing = shared.read(notes)
    const next = shared.read(notes)
    begun[0]?.reject(new ResourceLimitError('it took longer than 20 s'))
    await expect(failing).rejects.toThrow(ResourceLimitError)
    await expect(next).rejects.toMatchObject({ code: 'unavailable', retryAfter: 3600 })
    now += 3599
    await expect(shared.read(notes)).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 })
    expect(begun).toHaveLength(1)
    now++
    const later = shared.read(notes)
    begun[1]?.resolve('read')
    expect(await later).toBe('read')
  })

  it('are refused while too many documents are being read', async () => {
    const { shared, begun } = reads()
    const eight = documents.slice(0, 8).map((name, index) => shared.read(name, `address ${index}`))
    await expect(shared.read(notes)).rejects.toMatchObject({ code: 'unavailable' })
    for (const read of begun) read.resolve('text')
    await Promise.all(eight)
    const afterwards = shared.read(notes)
    begun.at(-1)?.resolve('text')
    expect(await afterwards).toBe('text')
  })

  it('are made one after the other for an address, and for others meanwhile', async () => {
    const { shared, begun } = reads()
    const texts = documents.slice(0, 3).map((name) => shared.read(name, 'greedy'))
    const again = shared.read(documents[2] ?? notes, 'greedy')
    const other = shared.read(notes, 'other')
    expect(begun.map(({ name }) => name)).toEqual([documents[0], notes])
    begun[1]?.resolve('notes')
    expect(await other).toBe('notes')
    for (const [index, name] of [documents[0], notes, documents[1], documents[2]].entries()) {
      begun[index]?.resolve(String(name))
      await settled()
    }
    expect(await Promise.all([...texts, again])).toEqual([...documents.slice(0, 3), documents[2]])
    expect(begun).toHaveLength(4)
  })

  it('are shared with an address that has not had its turn, and with one whose turn comes', async () => {
    const { shared, begun } = reads()
    const first = shared.read(notes, 'one')
    const busy = shared.read(documents[0] ?? notes, 'two')
    const next = shared.read(notes, 'two')
    const other = shared.read(documents[1] ?? notes, 'two')
    const before = shared.read(documents[1] ?? notes, 'three')
    begun[0]?.resolve('before')
    await settled()
    begun.find(({ name }) => name === documents[0])?.resolve('busy')
    await settled()
    begun.at(-1)?.resolve('after')
    begun.find(({ name }) => name === documents[1])?.resolve('shared')
    await settled()
    begun.at(-1)?.resolve('shared')
    expect(await Promise.all([first, busy, next, before, other])).toEqual([
      'before',
      'busy',
      'after',
      'shared',
      'shared',
    ])
  })

  it('are refused to an address that waits for too many, and to nobody else', async () => {
    const { shared, begun } = reads()
    const texts = documents.slice(0, maxOwed).map((name) => shared.read(name, 'greedy'))
    await expect(shared.read(notes, 'greedy')).rejects.toMatchObject({ code: 'unavailable' })
    const other = shared.read(notes, 'other')
    for (let read = 0; read <= maxOwed; read++) {
      begun[read]?.resolve('text')
      await settled()
    }
    expect(await Promise.all([...texts, other])).toEqual(Array.from({ length: maxOwed + 1 }, () => 'text'))
    const later = shared.read(notes, 'greedy')
    begun.at(-1)?.resolve('later')
    expect(await later).toBe('later')
  })
})
