/**
 * The links API, for a document's owner: see them, make one, take one back. Each key follows from the owner's, so that a
 * link can be shown again; the server keeps hashes only.
 */
import { cleanName, formatLink, isLinkKey, type DocumentName } from '@quire/protocol'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import { deriveKey, hashKey, makeId } from '../access/keys.ts'
import type { Revocations } from '../access/revocations.ts'
import type { LinkStore, StoredLink } from '../storage/document-store.ts'
import { Problem } from './problem.ts'
import { readAddress, readJson } from './requests.ts'

export interface LinksOptions {
  readonly store: LinkStore
  readonly access: Access
  readonly revocations: Revocations
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  /** The URL at which this request's client reaches us, without a slash at the end. */
  readonly publicUrl: (context: Context) => string
}

/** More than anyone can keep apart; each is a row that every new one is counted against. */
const maxLinks = 100
const yearSeconds = 366 * 24 * 60 * 60

const newLinkSchema = z.strictObject({
  /** An owner's link is the document itself: it is made with it, and stays. */
  role: z.enum(['view', 'edit']),
  label: z.string().max(1024).default(''),
  /** In seconds from now; a link without it lasts. */
  expiresIn: z.number().int().min(60).max(yearSeconds).optional(),
})

interface Owner {
  readonly document: DocumentName
  readonly key: string
}

export function linksApi({ store, access, revocations, nowSeconds, publicUrl }: LinksOptions): Hono {
  const api = new Hono()

  const shown = (context: Context, { document, key }: Owner, link: StoredLink) => {
    const { id, role, label, createdAt, expiresAt } = link
    const url = formatLink({ publicUrl: publicUrl(context), documentId: document, key: keyOf(key, link) })
    return { id, role, label, createdAt, expiresAt: expiresAt ?? null, url }
  }

  /** Throws a `Problem` for anyone but the owner. */
  const demandOwner = async (context: Context): Promise<Owner> => {
    const { name: document, key } = readAddress(context)
    if (!key || !isLinkKey(key)) throw new Problem('not-authenticated')
    const { role } = await access.findLink(document, key)
    if (role !== 'own')
      throw new Problem('not-allowed', 'Only the owner’s link can see and change the others.')
    return { document, key }
  }

  api.get('/', async (context) => {
    const owner = await demandOwner(context)
    const links = await store.links(owner.document)
    return context.json({ links: links.map((link) => shown(context, owner, link)) })
  })

  api.post('/', async (context) => {
    const owner = await demandOwner(context)
    const { role, label, expiresIn } = await readJson(context, newLinkSchema)
    const { length } = await store.links(owner.document)
    if (length >= maxLinks)
      throw new Problem('too-many', `A document has at most ${maxLinks} links. Take one back first.`)
    const id = makeId()
    const made = await store.addLink(owner.document, {
      id,
      role,
      keyHash: hashKey(deriveKey(owner.key, id)),
      label: cleanName(label),
      expiresAt: expiresIn === undefined ? undefined : nowSeconds() + expiresIn,
    })
    return context.json(shown(context, owner, made), 201)
  })

  api.delete('/:link', async (context) => {
    const { document } = await demandOwner(context)
    const linkId = context.req.param('link')
    const link = await store.findLinkById(document, linkId)
    if (!link) throw new Problem('not-found', 'There is no such link any more.')
    if (link.role === 'own')
      throw new Problem('not-allowed', 'The owner’s link cannot be taken back: all others follow from it.')
    await revocations.revoke({ document, linkId }, () => store.removeLink(document, linkId))
    return context.body(null, 204)
  })

  return api
}

/** The owner's link is the key it was asked with. */
function keyOf(ownerKey: string, { id, role }: StoredLink): string {
  return role === 'own' ? ownerKey : deriveKey(ownerKey, id)
}
