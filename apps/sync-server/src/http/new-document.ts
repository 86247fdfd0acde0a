/** Making a document: what it begins with, and the links it is born with. */
import {
  admit,
  assertNever,
  formatLink,
  Ledger,
  limits,
  parseDocumentName,
  roles,
  type DocumentName,
  type Role,
} from '@quire/protocol'
import { z } from 'zod'
import { deriveKey, hashKey, makeId, makeOwnerKey } from '../access/keys.ts'
import type { NewLink, Store } from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import type { Rooms } from '../room/rooms.ts'
import type { MadeDocument, TakenOver } from './answers.ts'
import { Problem } from './problem.ts'

const maxTitle = 256
const maxLanguage = 64

export const newDocumentSchema = z.strictObject({
  title: z.string().max(maxTitle).default(''),
  text: z.string().default(''),
  language: z.string().max(maxLanguage).default(''),
})

/** How much all documents may take; Infinity: as much as they like. */
interface TotalBound {
  readonly maxTotalBytes: number
}

/** Throws the problem `too-large` or `storage-full`, or what the store failed with. */
export async function makeDocument(
  content: z.output<typeof newDocumentSchema>,
  ports: { readonly store: Store; readonly workshop: Workshop } & TotalBound,
  publicUrl: string,
): Promise<MadeDocument> {
  const { store, workshop } = ports
  const id = parseDocumentName(makeId())
  const ownerKey = makeOwnerKey()
  const update = await workshop.compose(content)
  if (update && update.length > limits.maxFrameBytes) throw new Problem('too-large')
  demandRoom(ports, update)
  await store.create({ name: id, links: firstLinks(ownerKey), ...(update ? { update } : {}) })
  return { id, links: linksTo(id, ownerKey, publicUrl) }
}

/** A document that another program has kept. */
export interface DocumentToKeep {
  readonly name: DocumentName
  /** The whole of it, as one Yjs update. */
  readonly update: Uint8Array
  /** Without links it opens to whom your application gives tokens, and to anyone where rooms are open. */
  readonly hasLinks: boolean
}

/**
 * Makes a document of one that another program has kept, under its own name. Throws the problem `document-exists`,
 * `update-refused` or `storage-full`, or what the store failed with.
 */
export async function takeOver(
  { name, update, hasLinks }: DocumentToKeep,
  ports: { readonly store: Store; readonly rooms: Pick<Rooms, 'isOpen'> } & TotalBound,
  publicUrl: string,
): Promise<TakenOver> {
  const { store, rooms } = ports
  const whole = demandWhole(update)
  const ownerKey = makeOwnerKey()
  const links = hasLinks ? firstLinks(ownerKey) : []
  demandRoom(ports, whole)
  // Asked in the same turn in which the store is: whoever enters after this finds the document there.
  if (rooms.isOpen(name))
    throw new Problem('document-exists', 'Somebody is in a room of this name now, and may begin to write.')
  await store.create({ name, links, ...(whole ? { update: whole } : {}) })
  return { id: name, links: hasLinks ? linksTo(name, ownerKey, publicUrl) : null }
}

function demandRoom(
  { store, maxTotalBytes }: { readonly store: Store } & TotalBound,
  update: Uint8Array | undefined,
): void {
  if (store.usedBytes + (update?.length ?? 0) >= maxTotalBytes)
    throw new Problem('storage-full', 'This server is full. Ask whoever runs it to make room.')
}

/** What is to be stored of it, if anything: the gate judges it as it judges what people send. */
function demandWhole(update: Uint8Array): Uint8Array | undefined {
  const admission = admit(update, new Ledger())
  switch (admission.type) {
    case 'admitted':
      return admission.update.bytes
    case 'known':
      return undefined
    case 'gap':
      throw new Problem('update-refused', 'It builds on changes that are not in it.')
    case 'refused':
      throw new Problem('update-refused', `It cannot be read: ${admission.reason}.`)
    default:
      return assertNever(admission)
  }
}

function linksTo(documentId: DocumentName, ownerKey: string, publicUrl: string): MadeDocument['links'] {
  const url = (role: Role): string => formatLink({ publicUrl, documentId, key: keyOf(ownerKey, role) })
  return { own: url('own'), edit: url('edit'), view: url('view') }
}

/** Each is named after its role. */
export function firstLinks(ownerKey: string): readonly NewLink[] {
  return roles.map((role) => ({ id: role, role, keyHash: hashKey(keyOf(ownerKey, role)) }))
}

/** Of a first link. */
function keyOf(ownerKey: string, role: Role): string {
  return role === 'own' ? ownerKey : deriveKey(ownerKey, role)
}
