import { parseDocumentName, type DocumentName } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import { ResourceLimitError } from '../workshop/workshop.ts'
import { SharedReads } from './shared-reads.ts'

const notes = parseDocumentName('notes')

/** Reads that end when the test says so, each with a text of its own. */
function reads(nowSeconds = () => 0): { shared: SharedReads; begun: PromiseWithResolvers<string>[] } {
  const begun: PromiseWithResolvers<string>[] = []
  const shared = new SharedReads((_name: DocumentName) => {
    const read = Promise.withResolvers<string>()
    begun.push(read)
    return read.promise
  }, nowSeconds)
  return { shared, begun }
}

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
    const eight = Array.from({ length: 8 }, (_, index) => shared.read(parseDocumentName(`document ${index}`)))
    await expect(shared.read(notes)).rejects.toMatchObject({ code: 'unavailable' })
    for (const read of begun) read.resolve('text')
    await Promise.all(eight)
    const afterwards = shared.read(notes)
    begun.at(-1)?.resolve('text')
    expect(await afterwards).toBe('text')
  })
})
