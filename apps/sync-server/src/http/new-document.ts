/** Making a document: what it begins with, and the links it is born with. */
import { formatLink, limits, parseDocumentName, roles, type Role } from '@quire/protocol'
import { z } from 'zod'
import { deriveKey, hashKey, makeId, makeOwnerKey } from '../access/keys.ts'
import type { NewLink, Store } from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import type { MadeDocument } from './answers.ts'
import { Problem } from './problem.ts'

const maxTitle = 256
const maxLanguage = 64

export const newDocumentSchema = z.strictObject({
  title: z.string().max(maxTitle).default(''),
  text: z.string().default(''),
  language: z.string().max(maxLanguage).default(''),
})

/** Throws the problem `too-large`, or what the store failed with. */
export async function makeDocument(
  content: z.output<typeof newDocumentSchema>,
  { store, workshop }: { readonly store: Store; readonly workshop: Workshop },
  publicUrl: string,
): Promise<MadeDocument> {
  const id = parseDocumentName(makeId())
  const ownerKey = makeOwnerKey()
  const update = await workshop.compose(content)
  if (update && update.length > limits.maxFrameBytes) throw new Problem('too-large')
  await store.create({ name: id, links: firstLinks(ownerKey), ...(update ? { update } : {}) })
  const url = (role: Role): string => formatLink({ publicUrl, documentId: id, key: keyOf(ownerKey, role) })
  return { id, links: { own: url('own'), edit: url('edit'), view: url('view') } }
}

/** Each is named after its role. */
export function firstLinks(ownerKey: string): readonly NewLink[] {
  return roles.map((role) => ({ id: role, role, keyHash: hashKey(keyOf(ownerKey, role)) }))
}

/** Of a first link. */
function keyOf(ownerKey: string, role: Role): string {
  return role === 'own' ? ownerKey : deriveKey(ownerKey, role)
}
