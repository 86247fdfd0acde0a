import { afterEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { LocalCopy } from './local-copy.ts'
import { LocalStoreError, type Changes, type Kept, type LocalDocument } from './local-store.ts'
import { MemoryDevice, MemoryDocument } from './memory-document.ts'

function insert(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

/** In memory everything happens in a few turns, and takes no time. */
async function untilDone(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}

/** A tab of a device, and what the device keeps. */
function tabOf(
  open = (device: MemoryDevice): Promise<LocalDocument> => Promise.resolve(new MemoryDocument(device)),
) {
  const device = new MemoryDevice()
  const heard: Changes[] = []
  const came: Kept[] = []
  const copy = new LocalCopy(() => open(device), {
    changed: () => {},
    heard: (changes) => heard.push(changes),
    isOfAnother: () => false,
    came: (kept) => came.push(kept),
  })
  return { device, copy, heard, came, kept: () => new MemoryDocument(device).load() }
}

describe('an entrance that opens the document no more', () => {
  it('leaves nothing behind, whatever has yet to be written', async () => {
    const { copy, kept } = tabOf()
    await copy.load()
    copy.write({ saved: [insert('first')], role: { entrance: 'a', role: 'edit' } })
    copy.write({ unsaved: [{ id: 'mine', update: insert('mine') }] })
    await untilDone()
    copy.write({ saved: [insert('last words')] })
    copy.write({ settled: ['mine'] })
    copy.leave('a')
    copy.close()
    await untilDone()
    expect(await kept()).toEqual({ saved: [], unsaved: [], roles: new Map(), renames: [] })
  })
})

describe('a copy that is closed', () => {
  it('lets go of a store that opens only then', async () => {
    const opening = Promise.withResolvers<void>()
    const { copy, device, heard } = tabOf(async (of) => {
      await opening.promise
      return new MemoryDocument(of)
    })
    const loading = copy.load()
    copy.close()
    opening.resolve()
    await loading
    await untilDone()
    await new MemoryDocument(device).write({ saved: [insert('by another tab')] })
    await untilDone()
    expect(heard).toEqual([])
  })

  it('has nothing if the store does not open either', async () => {
    const opening = Promise.withResolvers<LocalDocument>()
    const { copy } = tabOf(() => opening.promise)
    const loading = copy.load()
    copy.close()
    await untilDone()
    opening.reject(new LocalStoreError('unavailable', 'blocked'))
    expect(await loading).toEqual({ saved: [], unsaved: [], roles: new Map(), renames: [] })
  })
})

describe('what is typed', () => {
  const edit = (id: string) => ({ id, update: insert(id) })

  /** A tab whose moment comes when it is told to. */
  async function patientTab() {
    const device = new MemoryDevice()
    const written: Changes[] = []
    class Watched extends MemoryDocument {
      override write(changes: Changes) {
        written.push(changes)
        return super.write(changes)
      }
    }
    const moments: (() => void)[] = []
    const listeners = { changed: () => {}, heard: () => {}, isOfAnother: () => false, came: () => {} }
    const copy = new LocalCopy(
      async () => new Watched(device),
      listeners,
      (act) => void moments.push(act),
    )
    await copy.load()
    const moment = async (): Promise<void> => {
      for (const act of moments.splice(0)) act()
      await untilDone()
    }
    return { copy, written, moment, kept: () => new MemoryDocument(device).load() }
  }

  it('is written when there is time for it, all at once, and is in this page only until then', async () => {
    const { copy, written, moment } = await patientTab()
    copy.write({ unsaved: [edit('a')] })
    copy.write({ unsaved: [edit('b')] })
    await untilDone()
    expect(written).toEqual([])
    expect(copy.unkept).toBe(2)
    await moment()
    expect(written.map(({ unsaved }) => unsaved?.map(({ id }) => id))).toEqual([['a', 'b']])
    expect(copy.unkept).toBe(0)
  })

  it('goes with what cannot wait', async () => {
    const { copy, kept, moment } = await patientTab()
    copy.write({ unsaved: [edit('a')] })
    copy.write({ role: { entrance: 'link', role: 'edit' } })
    await untilDone()
    expect((await kept()).unsaved.map(({ id }) => id)).toEqual(['a'])
    await moment()
    expect((await kept()).unsaved).toHaveLength(1)
  })

  it('is not lost with a copy that is closed before', async () => {
    const { copy, kept, moment } = await patientTab()
    copy.write({ unsaved: [edit('a')] })
    copy.close()
    await untilDone()
    expect((await kept()).unsaved.map(({ id }) => id)).toEqual(['a'])
    await moment()
    expect((await kept()).unsaved).toHaveLength(1)
  })
})

describe('while it loads', () => {
  it('hears what other tabs write', async () => {
    const loaded = Promise.withResolvers<void>()
    class Slow extends MemoryDocument {
      override async load() {
        const kept = await super.load()
        await loaded.promise
        return kept
      }
    }
    const { copy, device } = tabOf(async (of) => new Slow(of))
    const other = new MemoryDocument(device)
    const mine = { id: 'mine', update: insert('mine') }
    const given = { id: 'given up', update: insert('given up') }
    await other.write({ unsaved: [given] })
    const loading = copy.load()
    await untilDone()
    await other.write({ dropped: ['given up'] })
    await other.write({ unsaved: [mine] })
    await untilDone()
    loaded.resolve()
    expect((await loading).unsaved).toEqual([mine])
  })
})

describe('a store that opens late', () => {
  const none = { saved: [], unsaved: [], roles: new Map(), renames: [] }
  const yesterday = { id: 'yesterday', update: insert('yesterday') }
  const today = { id: 'today', update: insert('today') }

  /** On the device is an edit, and the tab has waited for it long enough. */
  async function late() {
    const opening = Promise.withResolvers<void>()
    const tab = tabOf(async (of) => {
      await opening.promise
      return new MemoryDocument(of)
    })
    await new MemoryDocument(tab.device).write({ unsaved: [yesterday] })
    vi.useFakeTimers()
    const loading = tab.copy.load()
    vi.advanceTimersByTime(3000)
    expect(await loading).toEqual(none)
    return { ...tab, opening }
  }

  afterEach(() => void vi.useRealTimers())

  it('tells what it keeps when it comes, and takes what was written meanwhile', async () => {
    const { copy, opening, came, kept } = await late()
    copy.write({ unsaved: [today] })
    await untilDone()
    expect([copy.problem, copy.unkept, (await copy.reload()).unsaved]).toEqual(['unread', 1, [today]])
    opening.resolve()
    await untilDone()
    expect(came).toEqual([{ ...none, unsaved: [yesterday] }])
    expect([copy.problem, copy.unkept]).toEqual([undefined, 0])
    expect((await kept()).unsaved).toEqual([yesterday, today])
    expect((await copy.reload()).unsaved).toEqual([yesterday, today])
  })

  it('takes the last words of a page that has gone by then', async () => {
    const { copy, opening, came, kept } = await late()
    copy.write({ unsaved: [today] })
    copy.close()
    opening.resolve()
    await untilDone()
    expect((await kept()).unsaved).toEqual([yesterday, today])
    expect(came).toEqual([])
  })

  it('forgets the document if no entrance opens it any more', async () => {
    const { copy, opening, device, kept } = await late()
    const role = { entrance: 'a', role: 'edit' } as const
    await new MemoryDocument(device).write({ dropped: ['yesterday'], saved: [insert('x')], role })
    copy.leave('a')
    opening.resolve()
    await untilDone()
    expect(await kept()).toEqual(none)
  })

  it('is none if it does not open at all', async () => {
    const { copy, opening } = await late()
    copy.write({ unsaved: [today] })
    opening.reject(new LocalStoreError('unavailable', 'blocked'))
    await untilDone()
    expect([copy.problem, copy.unkept, (await copy.reload()).unsaved]).toEqual(['unavailable', 1, [today]])
  })
})

it('a store that opens and cannot be read may hold something', async () => {
  class Unreadable extends MemoryDocument {
    override async load(): Promise<Kept> {
      throw new LocalStoreError('unavailable', 'not now')
    }
  }
  const { copy } = tabOf(async (of) => new Unreadable(of))
  await copy.load()
  expect(copy.problem).toBe('unread')
})
