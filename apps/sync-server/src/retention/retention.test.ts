import { parseDocumentName, type DocumentName } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import { roomLimits } from '../room/room-limits.ts'
import { StorageError } from '../storage/document-store.ts'
import { ResourceLimitError } from '../workshop/workshop.ts'
import { name as notes, openStage, type Stage } from '../room/testing/stage.ts'
import { maxRemembered, Openings, unopenedDays, unopenedHours } from './openings.ts'
import { retain } from './retention.ts'

const hourMs = 3_600_000
const days = 2
const old = parseDocumentName('old')

interface Scene extends Stage {
  readonly openings: Openings
  readonly logged: string[]
  deleted: number
  /** Lets a server run for so long. */
  run(hours: number): Promise<void>
  isThere(name?: DocumentName): Promise<boolean>
  stop(): void
}

/** With a document that nobody opens. */
async function start(keepDays: number | 'off' = days, stage?: Stage): Promise<Scene> {
  const { store, clock, rooms, ...rest } = stage ?? (await openStage())
  if (!stage) await store.create({ name: old, links: [], update: new Uint8Array(7) })
  const openings = new Openings(store)
  const logged: string[] = []
  const log = (fields: object, message: string): void =>
    void logged.push(`${message.split(':')[0]} ${JSON.stringify(fields)}`)
  const scene: Scene = {
    ...rest,
    store,
    clock,
    rooms,
    openings,
    logged,
    deleted: 0,
    async run(hours) {
      for (let hour = 0; hour < hours; hour++) {
        clock.advance(hourMs)
        await settled()
      }
    },
    isThere: async (name = old) => (await store.load(name)) !== undefined,
    stop: retain({
      store,
      rooms,
      openings,
      keepDays: keepDays === 'off' ? undefined : keepDays,
      clock,
      logger: { info: log, warn: log, error: log },
      meter: { deleted: () => scene.deleted++ },
    }),
  }
  clock.advance(5000)
  await settled()
  return scene
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('what nobody opens', () => {
  it('is deleted when so many days are certainly over, and told by its id', async () => {
    const scene = await start()
    await scene.run(unopenedHours(days) - 1)
    expect(await scene.isThere()).toBe(true)
    await scene.run(1)
    expect([await scene.isThere(), scene.deleted]).toEqual([false, 2])
    expect(scene.logged).toContain('deleted {"document":"old","days":2,"bytes":7}')
  })

  it('stays for ever unless the operator says otherwise, though the hours are counted', async () => {
    const scene = await start('off')
    await scene.run(1000)
    expect(await scene.isThere()).toBe(true)
    expect(await scene.store.facts(old)).toMatchObject({ unopenedHours: 1000 })
  })

  it('stays for a day after the operator has said so, or said otherwise, which is told first', async () => {
    const scene = await start('off')
    await scene.run(200)
    scene.stop()
    const again = await start(90, scene)
    expect(again.logged).toEqual([expect.stringContaining('"days":90,"documents":0')])
    await again.run(100)
    again.stop()
    const shorter = await start(days, again)
    expect(shorter.logged).toEqual([expect.stringContaining('"days":2,"documents":2,"bytes":7')])
    await shorter.run(23)
    expect([await shorter.isThere(), shorter.logged]).toEqual([true, [expect.anything()]])
    await shorter.run(1)
    expect(await shorter.isThere()).toBe(false)
  })

  it('is deleted soon after a start that found it so, though the server never runs for an hour', async () => {
    const scene = await start()
    await scene.run(unopenedHours(days) - 1)
    scene.stop()
    await scene.store.passHour()
    const again = await start(days, scene)
    expect(await again.isThere()).toBe(false)
  })

  it('leaves nothing to whoever begins another of its name: its log is joined, though the old one could not be', async () => {
    let tried = 0
    const compact = async (): Promise<Uint8Array> => {
      tried++
      throw new ResourceLimitError('it takes too much')
    }
    const scene = await start(days, await openStage({}, { compact }))
    const write = async (): Promise<void> => {
      for (let edit = 0; edit < roomLimits.compactAtRest.entries; edit++)
        await scene.store.append(notes, new Uint8Array(2), { create: true })
    }
    await write()
    await scene.run(unopenedHours(days) - 1)
    await scene.rooms.compactNeglected(1)
    await scene.run(1)
    expect([await scene.isThere(notes), tried]).toEqual([false, 1])
    await write()
    await scene.rooms.compactNeglected(1)
    expect(tried).toBe(2)
  })

  it('is, of many, deleted a few at a time', async () => {
    const scene = await start()
    for (let count = 0; count < 25; count++)
      await scene.store.create({ name: parseDocumentName(`one ${count}`), links: [] })
    await scene.run(unopenedHours(days))
    expect(scene.deleted).toBe(10)
    scene.clock.advance(1000)
    await settled()
    expect(scene.deleted).toBe(20)
    scene.clock.advance(1000)
    await settled()
    expect([scene.deleted, await scene.store.totals()]).toEqual([27, { documents: 0, links: 0, bytes: 0 }])
  })
})

describe('what somebody opens', () => {
  it('is remembered as noted up to a bound', () => {
    let noted = 0
    const openings = new Openings({ noteOpened: async () => void noted++ })
    const names = Array.from({ length: maxRemembered }, (_, index) => parseDocumentName(String(index)))
    for (const name of [...names, ...names]) openings.note(name)
    expect(noted).toBe(maxRemembered)
    for (const name of [notes, ...names.slice(0, 1)]) openings.note(name)
    expect(noted).toBe(maxRemembered + 2)
  })

  it('stays for as many days again', async () => {
    const scene = await start()
    await scene.run(unopenedHours(days) - 1)
    scene.openings.note(old)
    await scene.run(unopenedHours(days) - 1)
    expect(await scene.isThere()).toBe(true)
    await scene.run(1)
    expect(await scene.isThere()).toBe(false)
  })

  it('is noted once a day', async () => {
    const scene = await start()
    let noted = 0
    const openings = new Openings({ noteOpened: async () => void noted++ })
    for (let hour = 0; hour < 48; hour++) {
      openings.note(old)
      openings.hourPassed([old])
    }
    expect(noted).toBe(3)
    scene.stop()
  })

  it('is noted again when it could not be, without anyone hearing of that', async () => {
    let noted = 0
    const openings = new Openings({
      noteOpened: async () => {
        if (noted++ === 0) throw new StorageError('unavailable', 'the disk is full')
      },
    })
    openings.note(old)
    await settled()
    openings.hourPassed([old])
    openings.note(old)
    expect(noted).toBe(2)
  })

  it('stays for as long as somebody is in it, and so many days after', async () => {
    const scene = await start()
    const anna = await scene.join()
    await scene.run(500)
    expect([await scene.isThere(notes), anna.closed, await scene.isThere()]).toEqual([true, undefined, false])
    anna.membership?.leave()
    await scene.run(days * 24)
    expect(await scene.isThere(notes)).toBe(true)
    await scene.run(48)
    expect(await scene.isThere(notes)).toBe(false)
  })

  it('in the moment in which it would be deleted stays', async () => {
    const scene = await start()
    await scene.run(unopenedHours(days) - 1)
    const find = scene.store.documents.bind(scene.store)
    scene.store.documents = async (page) => {
      const found = await find(page)
      scene.openings.note(old)
      return found
    }
    await scene.run(1)
    expect(await scene.isThere()).toBe(true)
  })
})

it('a damaged document stays, which is told once, and the others go', async () => {
  const scene = await start()
  const remove = scene.store.removeUnopened.bind(scene.store)
  scene.store.removeUnopened = async (document, hours) => {
    if (document === old) throw new StorageError('damaged', 'entry 1 does not match its checksum')
    return remove(document, hours)
  }
  await scene.run(unopenedHours(days) + 5)
  expect([await scene.isThere(), scene.deleted]).toEqual([true, 1])
  expect(scene.logged.filter((line) => line.includes('damaged'))).toHaveLength(1)
})

it('a store that fails is looked into again in an hour', async () => {
  const scene = await start()
  const find = scene.store.documents.bind(scene.store)
  scene.store.documents = async () => {
    throw new StorageError('unavailable', 'the disk fails')
  }
  await scene.run(unopenedHours(days))
  expect(await scene.isThere()).toBe(true)
  scene.store.documents = find
  await scene.run(1)
  expect(await scene.isThere()).toBe(false)
})

it('days that are certain are those that are deleted by', () => {
  for (const given of [1, 90, 36_500]) {
    expect(unopenedDays(unopenedHours(given))).toBe(given)
    expect(unopenedDays(unopenedHours(given) - 1)).toBe(given - 1)
  }
  expect(unopenedDays(0)).toBe(0)
})
