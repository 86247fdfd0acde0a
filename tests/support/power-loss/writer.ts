/**
 * A program that writes to a store as a busy server does, and says on its standard output what it was promised:
 *
 *     node writer.ts <folder> <seed> <rounds>
 *
 * The same seed asks the same of the store in the same batches: all of a round is asked for at once.
 */
import { writeSync } from 'node:fs'
import { argv } from 'node:process'
import { assert, type DocumentName } from '@quire/protocol'
import { SqliteStore } from '@quire/sync-server/sqlite'
import { seededRandom } from '../random.ts'
import {
  baseOf,
  headOf,
  isBornWithLink,
  keyHashOf,
  names,
  promiseLine,
  updateOf,
  type Promised,
} from './promises.ts'

const [, , folder = '', seed, rounds] = argv
const random = seededRandom(Number(seed))
const store = await SqliteStore.open(folder)
/** Of each document there is, in the order of `names`, where it will end once all that was asked for is done. */
const heads: number[] = []

for (const name of names) {
  const stored = await store.load(name)
  if (!stored) break
  const head = headOf(stored)
  heads.push(head)
  // What a store serves, others see and count on.
  say({ name, head, base: stored.base?.position ?? 0 })
}
for (let round = 0; round < Number(rounds); round++)
  await Promise.all(Array.from({ length: 1 + random.below(8) }, act))
await store.close()

function act(): Promise<void> {
  const isEnough = heads.length === names.length || (heads.length > 0 && random.below(20) > 0)
  if (!isEnough) return make()
  const place = random.below(heads.length)
  return random.below(10) === 0 ? compact(place) : append(place)
}

async function make(): Promise<void> {
  const name = nameAt(heads.push(1) - 1)
  const update = updateOf(name, 1)
  if (isBornWithLink(name))
    await store.create({ name, links: [{ id: 'edit', role: 'edit', keyHash: keyHashOf(name) }], update })
  else await store.append(name, update, { create: true })
  say({ name, head: 1, base: 0 })
}

async function append(place: number): Promise<void> {
  const name = nameAt(place)
  const head = headAt(place) + 1
  heads[place] = head
  const position = await store.append(name, updateOf(name, head))
  assert(position === head, 'appends keep the order of the calls')
  say({ name, head, base: 0 })
}

async function compact(place: number): Promise<void> {
  const name = nameAt(place)
  const position = headAt(place)
  await store.compact(name, { position, update: baseOf(name, position) })
  say({ name, head: position, base: position })
}

function nameAt(place: number): DocumentName {
  const name = names[place]
  assert(name !== undefined, 'there are no more documents than names')
  return name
}

function headAt(place: number): number {
  const head = heads[place]
  assert(head !== undefined, 'the document was made')
  return head
}

function say(promised: Promised): void {
  writeSync(1, promiseLine(promised))
}
