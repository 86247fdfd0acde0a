/**
 * The links API, for a document's owner: see them, make one, take one back. Each key follows from the owner's, so that a
 * link can be shown again, but for those that the operator made; the server keeps hashes only.
 */
import { cleanName, formatLink, isLinkKey, type DocumentName } from '@quire/protocol'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import { deriveKey, hashKey, isOperatorLink, makeId, makeOwnerKey } from '../access/keys.ts'
import { earlier, lesser, type Restrictions, type Right } from '../access/restrictions.ts'
import type { LinkStore, NewLink, StoredLink } from '../storage/document-store.ts'
import type { Link } from './answers.ts'
import { Problem } from './problem.ts'
import { readAddress, readJson } from './requests.ts'

export interface LinksOptions {
  readonly store: LinkStore
  readonly access: Access
  readonly restrictions: Restrictions
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  /** The URL at which this request's client reaches us, without a slash at the end. */
  readonly publicUrl: (context: Context) => string
}

const yearSeconds = 366 * 24 * 60 * 60

/** An owner's link is the document itself: it is made with it, and stays. */
const roleSchema = z.enum(['view', 'edit'])
const labelSchema = z.string().max(1024)
/** In seconds from now; a link without it lasts. */
const expiresInSchema = z.number().int().min(60).max(yearSeconds)

/** How many people it lets in; a link without it lets in everyone. */
const maxUsesSchema = z.number().int().min(1).max(10_000)

/** Whether whoever comes through it is shown to the others. Those who may edit always are. */
const presenceSchema = z.boolean()

export const newLinkSchema = z
  .strictObject({
    role: roleSchema,
    label: labelSchema.default(''),
    expiresIn: expiresInSchema.optional(),
    maxUses: maxUsesSchema.optional(),
    presence: presenceSchema.default(true),
  })
  .refine(({ role, presence }) => presence || role === 'view', 'whoever may edit is shown')
export const linkChangeSchema = z.strictObject({
  role: roleSchema.optional(),
  label: labelSchema.optional(),
  /** Null: it lasts. */
  expiresIn: expiresInSchema.nullish(),
  /** Null: it lets in everyone. */
  maxUses: maxUsesSchema.nullish(),
  presence: presenceSchema.optional(),
})

/** The owner's next key, chosen by whoever asks, who then has it even if the answer never comes. */
export const rotationSchema = z.strictObject({
  key: z.string().refine(isLinkKey, 'must be the key of a link').optional(),
})

interface Owner {
  readonly document: DocumentName
  readonly key: string
  /** Goes with all that is written: by then the key may have been replaced. */
  readonly keyHash: Uint8Array
}

export function linksApi({ store, access, restrictions, nowSeconds, publicUrl }: LinksOptions): Hono {
  const api = new Hono()

  const shown = (
    context: Context,
    { document, key }: Pick<Owner, 'document' | 'key'>,
    link: StoredLink,
  ): Link => {
    const { id, role, label, createdAt, expiresAt = null, maxUses = null, uses, isSeen } = link
    // What the operator made has a key that is nobody's to show again.
    const url = isOperatorLink(id)
      ? null
      : formatLink({ publicUrl: publicUrl(context), documentId: document, key: keyOf(key, link) })
    return { id, role, label, createdAt, expiresAt, maxUses, uses, presence: isSeen, url }
  }

  /** Throws a `Problem` for anyone but the owner. */
  const demandOwner = async (context: Context): Promise<Owner> => {
    const { document, key } = await demandLinkKey(context, access)
    const { role, keyHash } = await access.findLink(document, key)
    if (role !== 'own')
      throw new Problem('not-allowed', 'Only the owner’s link can see and change the others.')
    return { document, key, keyHash }
  }

  /** Asked again when the body is there, since that may take long, and whoever was the owner may be so no more. */
  const demandOwnersBody = async <Schema extends z.ZodType>(
    context: Context,
    schema: Schema,
  ): Promise<{ owner: Owner; body: z.output<Schema> }> => {
    await demandOwner(context)
    const body = await readJson(context, schema)
    return { owner: await demandOwner(context), body }
  }

  api.get('/', async (context) => {
    const owner = await demandOwner(context)
    const links = await store.links(owner.document)
    return context.json({ links: links.map((link) => shown(context, owner, link)) })
  })

  api.post('/', async (context) => {
    const { owner, body } = await demandOwnersBody(context, newLinkSchema)
    const { role, label, expiresIn, maxUses, presence } = body
    const id = makeId()
    const link = {
      id,
      role,
      keyHash: hashKey(deriveKey(owner.key, id)),
      label: cleanName(label),
      expiresAt: expiresIn === undefined ? undefined : nowSeconds() + expiresIn,
      maxUses,
      isSeen: presence,
    }
    const made = await store.addLink(owner.document, link, owner.keyHash)
    return context.json(shown(context, owner, made), 201)
  })

  /** Throws a `Problem` unless it is one of the owner's document. */
  const demandLink = async (context: Context, { document }: Owner): Promise<StoredLink> => {
    const link = await store.findLinkById(document, context.req.param('link') ?? '')
    if (!link) throw new Problem('not-found', 'There is no such link any more.')
    return link
  }

  api.patch('/:link', async (context) => {
    const { owner, body } = await demandOwnersBody(context, linkChangeSchema)
    const { role, label, expiresIn, maxUses, presence } = body
    const link = await demandLink(context, owner)
    if (link.role === 'own' && [role, expiresIn, maxUses, presence].some((asked) => asked !== undefined))
      throw new Problem('not-allowed', 'The owner’s link keeps its role, lasts, and is for everyone.')
    const becomes = role ?? link.role
    if (presence === false && becomes !== 'view')
      throw new Problem('bad-request', 'Whoever may edit is shown.')
    const change = {
      role,
      label: label === undefined ? undefined : cleanName(label),
      expiresAt: typeof expiresIn === 'number' ? nowSeconds() + expiresIn : expiresIn,
      maxUses,
      isSeen: becomes === 'view' ? presence : true,
    }
    const { document } = owner
    const left: Right = {
      isSeen: change.isSeen ?? link.isSeen,
      role: lesser(link.role, becomes),
      expiresAt: earlier(link.expiresAt, change.expiresAt ?? undefined),
    }
    const changed = await restrictions.impose({ document, of: { linkId: link.id }, left }, () =>
      store.changeLink(document, link.id, change, owner.keyHash),
    )
    if (!changed) throw new Problem('not-found', 'There is no such link any more.')
    restrictions.lift(document, changed)
    return context.json(shown(context, owner, changed))
  })

  api.delete('/:link', async (context) => {
    const owner = await demandOwner(context)
    const { id: linkId, role } = await demandLink(context, owner)
    if (role === 'own')
      throw new Problem('not-allowed', 'The owner’s link cannot be taken back: all others follow from it.')
    const { document, keyHash } = owner
    await restrictions.impose({ document, of: { linkId }, left: undefined }, () =>
      store.removeLink(document, linkId, keyHash),
    )
    return context.body(null, 204)
  })

  /** Another key for the same people. All others follow from the owner's, so that with it they are all replaced. */
  api.post('/:link/rotate', async (context) => {
    const { owner, body: chosen } = await demandOwnersBody(context, rotationSchema)
    const link = await demandLink(context, owner)
    const { document } = owner
    const isOwn = link.role === 'own'
    if (chosen.key !== undefined && !isOwn)
      throw new Problem('bad-request', 'Only the owner’s key is chosen: all others follow from it.')
    const key = isOwn ? (chosen.key ?? makeOwnerKey()) : owner.key
    const old = isOwn ? await store.links(document) : [link]
    const replacements = old.map((replaced) => replacementOf(replaced, key))
    const of = isOwn ? 'links' : { linkId: link.id }
    const links = await restrictions.impose({ document, of, left: undefined }, () =>
      store.replaceLinks(document, isOwn ? 'all' : [link.id], replacements, owner.keyHash),
    )
    return context.json({ links: links.map((made) => shown(context, { document, key }, made)) })
  })

  return api
}

/** Throws a `Problem` for whoever shows a token instead, or what it is refused with if it is a wrong one. */
export async function demandLinkKey(
  context: Context,
  access: Access,
): Promise<{ readonly document: DocumentName; readonly key: string }> {
  const { name: document, key } = readAddress(context)
  if (key === undefined) throw new Problem('not-authenticated')
  if (isLinkKey(key)) return { document, key }
  await access.authorize(document, key)
  throw new Problem('not-allowed', 'This takes the key of a link: a token is not enough.')
}

/** With a key that follows from the owner's, and for that an id of its own. */
export function replacementOf(link: StoredLink, ownerKey: string): NewLink {
  const { role, label, expiresAt, maxUses, isSeen } = link
  const id = role === 'own' ? 'own' : makeId()
  return {
    id,
    role,
    label,
    expiresAt,
    maxUses,
    isSeen,
    keyHash: hashKey(role === 'own' ? ownerKey : deriveKey(ownerKey, id)),
  }
}

/** The owner's link is the key it was asked with. */
function keyOf(ownerKey: string, { id, role }: StoredLink): string {
  return role === 'own' ? ownerKey : deriveKey(ownerKey, id)
}
