/** Crash images: what a folder may hold if the power goes at a moment of a recording, and what was promised by then. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { DocumentName } from '@quire/protocol'
import { pick, seededRandom, type Random } from '../random.ts'
import { Disk, lossModels, type LossModel } from './disk.ts'
import { parsePromise, type Promised } from './promises.ts'
import type { Traced } from './trace.ts'

export interface Image {
  /** The same image of the same recording, always. */
  readonly number: number
  /** Where the power went, and what was lost. */
  readonly story: string
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly promises: ReadonlyMap<DocumentName, Promised>
}

const indexBytes = 32_768
/** What a store does to names, when it is made, opened and closed. */
const namings = new Set<Traced['type']>(['open', 'remove', 'rename'])

interface Plan {
  readonly number: number
  /** The index of the last change or sync. */
  readonly moment: number
  readonly model: LossModel
  readonly random: Random
}

/** In the order of their moments, so that one pass over the recording makes them all. */
export function* crashImages(
  recorded: readonly Traced[],
  { seed, numbers }: { seed: number; numbers: readonly number[] },
): Generator<Image> {
  const kinds = kindsOfMoment(recorded)
  const plans = numbers.map((number): Plan => {
    const random = seededRandom(crc32(`${seed} ${number}`))
    return { number, moment: pick(pick(kinds, random), random), model: pick(lossModels, random), random }
  })
  const disk = new Disk()
  const promises = new Map<DocumentName, Promised>()
  let next = 0
  for (const { number, moment, model, random } of plans.toSorted((a, b) => a.moment - b.moment)) {
    // Promises made before anything else happens count: they may have been read.
    for (let event = recorded[next]; event; event = recorded[++next]) {
      if (event.type === 'say') keep(promises, parsePromise(event.said))
      else if (next <= moment) disk.apply(event)
      else break
    }
    yield {
      number,
      story: `power lost after event ${moment} of ${recorded.length}, ${model.name}`,
      files: new Map([...disk.image(model, random), ...anyIndex(random)]),
      promises: new Map(promises),
    }
  }
}

/** Most of a recording is writes to the log: what happens seldom is a kind of its own, so that it is met often. */
function kindsOfMoment(recorded: readonly Traced[]): number[][] {
  const any: number[] = []
  const acknowledged: number[] = []
  const checkpoints: number[] = []
  const openings: number[] = []
  const served: number[] = []
  let sinceOpening = 0
  for (const [index, event] of recorded.entries()) {
    if (event.type === 'say') continue
    sinceOpening = namings.has(event.type) ? 0 : sinceOpening + 1
    any.push(index)
    const isPromised = recorded[index + 1]?.type === 'say'
    if (isPromised) acknowledged.push(index)
    if ('file' in event && event.file === 'quire.db') checkpoints.push(index)
    if (sinceOpening < 20) openings.push(index)
    if (sinceOpening < 20 && isPromised) served.push(index)
  }
  return [any, acknowledged, checkpoints, openings, served]
}

/** The index over the write-ahead log is never synced: after a crash it is not there, or anything. */
function anyIndex(random: Random): [string, Buffer][] {
  if (random.below(2) === 0) return []
  return [['quire.db-shm', Buffer.from(Array.from({ length: indexBytes }, () => random.below(256)))]]
}

function keep(promises: Map<DocumentName, Promised>, { name, head, base }: Promised): void {
  const before = promises.get(name)
  promises.set(name, {
    name,
    head: Math.max(head, before?.head ?? 0),
    base: Math.max(base, before?.base ?? 0),
  })
}

/** Into a folder that is not there yet. */
export function writeImage(files: Image['files'], folder: string): void {
  mkdirSync(folder)
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
}
