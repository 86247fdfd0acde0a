/**
 * What the operator may ask, of every document: a running server answers it over its socket and, with a token, over HTTP; a
 * command that has the folder to itself asks it of the same app in its own process. It knows nothing of who asks.
 */
import { cleanName, formatLink, ProtocolError, roles, type DocumentName } from '@quire/protocol'
import { createHmac, randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import {
  hashKey,
  isOperatorLink,
  makeKey,
  makeOperatorLinkId,
  makeOwnerKey,
  deriveKey,
} from '../../access/keys.ts'
import type { Restrictions } from '../../access/restrictions.ts'
import { maxLifeSeconds, subjectSchema, type Tokens } from '../../access/tokens.ts'
import type { Logger } from '../../logger.ts'
import { unopenedDays, unopenedHours } from '../../retention/openings.ts'
import type { Present } from '../../room/room.ts'
import type { Rooms } from '../../room/rooms.ts'
import {
  documentOrders,
  StorageError,
  type DocumentFacts,
  type Store,
  type StoredLink,
} from '../../storage/document-store.ts'
import type { Workshop } from '../../workshop/workshop.ts'
import { maxBodyBytes } from '../http-limits.ts'
import { newLinkSchema, replacementOf } from '../links.ts'
import { firstLinks, makeDocument, newDocumentSchema, takeOver } from '../new-document.ts'
import { problemOf } from '../problem-of.ts'
import { Problem, problemResponse } from '../problem.ts'
import { readAddress, readBody, readJson, readQuery } from '../requests.ts'
import {
  operatorPath,
  type Compacted,
  type DocumentDetails,
  type DocumentSummary,
  type IssuedToken,
  type MadeLink,
  type OperatorLink,
  type Person,
  type Server,
  type Stats,
} from './shapes.ts'
import { titlesOf } from './titles.ts'

export interface OperatorOptions {
  readonly store: Store
  readonly workshop: Workshop
  readonly rooms: Pick<Rooms, 'compact' | 'disconnect' | 'evict' | 'isOpen' | 'present'>
  readonly restrictions: Restrictions
  /** Throws an Error whose message says what is wrong if there is no secret to sign with. */
  readonly tokens: () => Pick<Tokens, 'issueForUser'>
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  /** Where people reach the server, without a slash at the end. */
  readonly publicUrl: () => string
  /** How large a document may be. */
  readonly maxDocumentBytes: number
  /** How much all of them may take; Infinity: as much as they like. */
  readonly maxTotalBytes: number
  /** For how many days documents are kept that nobody opens; undefined: for ever. */
  readonly keepDays: number | undefined
  /** What it says of itself; undefined if none is running. */
  readonly server: () => Server | undefined
  /** Undefined if nothing is kept on one. */
  readonly disk: () => NonNullable<Stats['disk']> | undefined
  readonly logger: Logger
}

/** What one answer holds at most, and the workshop has to open for it. */
export const maxPage = 1000

export const statsSchema = z.strictObject({
  largest: z.coerce.number().int().min(0).max(100).default(5).describe('how many of the largest documents'),
})

export const pageSchema = z.strictObject({
  order: z.enum(documentOrders).default('changed'),
  after: z.string().default('').describe('an id: only those after it; of use with order=id'),
  find: z
    .string()
    .max(200)
    .default('')
    .describe('only those with this in their id, or in their title as last noted'),
  limit: z.coerce.number().int().min(1).max(maxPage).default(100),
  skip: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .describe('how many of the first are left out'),
  unopened: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe('only those that nobody has opened for so many days'),
})

export const disconnectSchema = z.strictObject({
  person: z.string().max(64).optional().describe('the id of somebody who is there; absent: everyone'),
})

export const newTokenSchema = z.strictObject({
  role: z.enum(roles),
  sub: subjectSchema,
  name: z.string().max(1024).default(''),
  expiresIn: z.number().int().min(60).max(maxLifeSeconds).default(3600),
})

export const takeOverSchema = z.strictObject({
  links: z.enum(['first', 'none']).default('first'),
})

/** With its addresses below `operatorPath`. */
export function operatorApi(options: OperatorOptions): Hono {
  const { store, workshop, rooms, restrictions, nowSeconds, publicUrl } = options
  const api = new Hono().basePath(operatorPath)
  api.onError((error, context) => {
    const damage = damageIn(error)
    const problem =
      damage === undefined ? problemOf(error, options.logger) : new Problem('document-damaged', damage)
    return problemResponse(context, problem)
  })
  api.notFound((context) => problemResponse(context, new Problem('not-found')))
  api.put('/documents/:id/update', async (context) => {
    const { name } = readAddress(context)
    const hasLinks = readQuery(context, takeOverSchema).links === 'first'
    const update = await readBody(context, { maxBytes: options.maxDocumentBytes })
    return context.json(await takeOver({ name, update, hasLinks }, options, publicUrl()), 201)
  })

  const summaries = async (facts: readonly DocumentFacts[]): Promise<DocumentSummary[]> => {
    const [titles, present] = await Promise.all([titlesOf(facts, { store, workshop }), rooms.present()])
    return facts.map((each, index) => summaryOf(each, titles[index], present.get(each.name)))
  }

  const idKey = randomBytes(32)
  /** Principals name users and hashes of keys, and are nobody's to see. */
  const personIdIn =
    (document: DocumentName) =>
    (principal: string): string =>
      createHmac('sha256', idKey).update(`${document}\n${principal}`).digest('base64url').slice(0, 16)

  api.get('/stats', async (context) => {
    const { largest: limit } = readQuery(context, statsSchema)
    const { keepDays, maxTotalBytes } = options
    const [totals, unopened, largest, present] = await Promise.all([
      store.totals(),
      keepDays === undefined ? undefined : store.unopened(unopenedHours(keepDays)),
      limit === 0 ? [] : store.documents({ order: 'size', after: '', limit }).then(summaries),
      rooms.present(),
    ])
    const answer: Stats = {
      ...totals,
      people: howMany([...present.values()].flat()),
      used: { bytes: store.usedBytes, maxBytes: maxTotalBytes < Infinity ? maxTotalBytes : null },
      retention: keepDays !== undefined && unopened ? { days: keepDays, unopened } : null,
      largest,
      server: options.server() ?? null,
      disk: options.disk() ?? null,
    }
    return context.json(answer)
  })

  api.get('/server', (context) => context.json(options.server() ?? null))

  api.get('/documents', async (context) => {
    const { unopened, ...page } = readQuery(context, pageSchema)
    const hours = unopened === undefined ? undefined : unopenedHours(unopened)
    const facts = await store.documents({ ...page, unopenedHours: hours })
    return context.json({ documents: await summaries(facts) })
  })

  api.post('/documents', async (context) => {
    const body = await readJson(context, newDocumentSchema, { maxBytes: maxBodyBytes })
    return context.json(await makeDocument(body, options, publicUrl()), 201)
  })

  api.get('/documents/:id', async (context) => {
    const { name } = readAddress(context)
    const facts = await store.facts(name)
    const [[summary], links, writers, present] = await Promise.all([
      summaries([facts]),
      store.links(name),
      store.writers(name),
      rooms.present(),
    ])
    if (!summary) throw new Problem('document-unknown')
    const { extent, baseBytes, tailBytes } = facts
    const answer: DocumentDetails = {
      ...summary,
      base: { position: extent?.base ?? 0, bytes: baseBytes },
      tail: { entries: extent ? extent.head - extent.base : 0, bytes: tailBytes },
      linkList: links.map(shownLink),
      present: peopleIn(present.get(name) ?? [], personIdIn(name)),
      writers: writers.map(({ clientId, userId, name: called, part, firstSeenAt }) => ({
        clientId,
        userId,
        name: called,
        part,
        firstSeenAt,
      })),
    }
    return context.json(answer)
  })

  /** Cheap to ask again and again: nothing of the document is read. */
  api.get('/documents/:id/people', async (context) => {
    const { name } = readAddress(context)
    await store.facts(name)
    const present = (await rooms.present()).get(name) ?? []
    return context.json({ present: peopleIn(present, personIdIn(name)) })
  })

  /** Whoever still has a link may come back. */
  api.post('/documents/:id/disconnect', async (context) => {
    const { name } = readAddress(context)
    const { person } = await readJson(context, disconnectSchema)
    await store.facts(name)
    const idOf = personIdIn(name)
    const connections = await rooms.disconnect(
      name,
      (principal) => person === undefined || idOf(principal) === person,
    )
    return context.json({ connections })
  })

  api.get('/documents/:id/text', async (context) => {
    const { name } = readAddress(context)
    return context.text(await workshop.readText(await demandDocument(name)))
  })

  /** As one Yjs update, without what was deleted. */
  api.get('/documents/:id/update', async (context) => {
    const { name } = readAddress(context)
    const update = await workshop.compact(await demandDocument(name))
    return context.body(new Uint8Array(update), 200, { 'content-type': 'application/octet-stream' })
  })

  api.delete('/documents/:id', async (context) => {
    const { name } = readAddress(context)
    // Whoever is in it is sent away, but only if it is there to be deleted.
    await store.facts(name)
    await restrictions.impose({ document: name, of: 'everyone', left: undefined }, async () => {
      await rooms.evict(name)
      await store.remove(name)
    })
    return context.body(null, 204)
  })

  api.post('/documents/:id/compact', async (context) => {
    const { name } = readAddress(context)
    const before = await store.facts(name)
    if (!(await rooms.compact(name)))
      throw new Problem('unavailable', 'The document cannot be compacted now; the log says why.')
    const after = await store.facts(name)
    const answer: Compacted = {
      id: name,
      entriesJoined: (after.extent?.base ?? 0) - (before.extent?.base ?? 0),
      bytesBefore: before.baseBytes + before.tailBytes,
      bytesAfter: after.baseBytes + after.tailBytes,
    }
    return context.json(answer)
  })

  api.get('/documents/:id/links', async (context) => {
    const links = await store.links(readAddress(context).name)
    return context.json({ links: links.map(shownLink) })
  })

  const shownOnce = (document: DocumentName, link: StoredLink, key: string): MadeLink => ({
    ...shownLink(link),
    url: formatLink({ publicUrl: publicUrl(), documentId: document, key }),
  })

  api.post('/documents/:id/links', async (context) => {
    const { name } = readAddress(context)
    const { role, label, expiresIn, maxUses, presence } = await readJson(context, newLinkSchema)
    // Whoever came without a token is sent away, but only from what is there.
    await store.facts(name)
    const key = makeKey()
    const link = {
      id: makeOperatorLinkId(),
      role,
      keyHash: hashKey(key),
      label: cleanName(label),
      expiresAt: expiresIn === undefined ? undefined : nowSeconds() + expiresIn,
      maxUses,
      isSeen: presence,
    }
    // With the first, an open room is open no more.
    const made = await restrictions.impose({ document: name, of: 'anyone', left: undefined }, () =>
      store.addLink(name, link),
    )
    return context.json(shownOnce(name, made, key), 201)
  })

  /** For an owner who has lost theirs. All links follow from the owner's, so that all of them end, and have successors. */
  api.post('/documents/:id/new-owner', async (context) => {
    const { name } = readAddress(context)
    const ownerKey = makeOwnerKey()
    const old = await store.links(name)
    const hasOwner = old.some(({ role }) => role === 'own')
    const replacements = [
      ...old.map((link) => replacementOf(link, ownerKey)),
      ...(hasOwner ? [] : firstLinks(ownerKey).filter(({ role }) => role === 'own')),
    ]
    const links = await restrictions.impose({ document: name, of: 'links', left: undefined }, () =>
      store.replaceLinks(name, 'all', replacements),
    )
    const keyOf = ({ id, role }: StoredLink): string => (role === 'own' ? ownerKey : deriveKey(ownerKey, id))
    return context.json({ links: links.map((link) => shownOnce(name, link, keyOf(link))) }, 201)
  })

  api.delete('/documents/:id/links/:link', async (context) => {
    const { name: document } = readAddress(context)
    const linkId = context.req.param('link')
    const link = (await store.links(document)).find(({ id }) => id === linkId)
    if (!link) throw new Problem('not-found', 'There is no such link any more.')
    if (link.role === 'own')
      throw new Problem('not-allowed', 'The owner’s link cannot be taken back; it can be replaced.')
    await restrictions.impose({ document, of: { linkId }, left: undefined }, () =>
      store.removeLink(document, linkId),
    )
    return context.body(null, 204)
  })

  api.post('/documents/:id/tokens', async (context) => {
    const { name: document } = readAddress(context)
    const { role, sub, name, expiresIn } = await readJson(context, newTokenSchema)
    const issued = await options
      .tokens()
      .issueForUser({ document, role, user: { id: sub, name: cleanName(name) }, lifeSeconds: expiresIn })
    const url = formatLink({
      publicUrl: publicUrl(),
      documentId: document,
      key: `token=${issued.token}`,
    })
    const answer: IssuedToken = { ...issued, url }
    return context.json(answer, 201)
  })

  async function demandDocument(name: DocumentName) {
    const stored = await store.load(name)
    if (!stored) throw new StorageError('document-unknown', 'there is no such document')
    return stored
  }

  return api
}

/** What is wrong with stored bytes, whether the store found it or a room; undefined if the error is about something else. */
function damageIn(error: unknown): string | undefined {
  if (error instanceof ProtocolError && error.code === 'document-damaged')
    return error.cause instanceof Error ? error.cause.message : error.message
  return error instanceof StorageError && error.code === 'damaged' ? error.message : undefined
}

function summaryOf(
  {
    name,
    createdAt,
    changedAt,
    openedAt,
    unopenedHours: hours,
    extent,
    baseBytes,
    tailBytes,
    links,
  }: DocumentFacts,
  title: string | undefined,
  present: readonly Present[] = [],
): DocumentSummary {
  return {
    id: name,
    title: title ?? null,
    bytes: baseBytes + tailBytes,
    entries: extent?.head ?? null,
    links,
    createdAt,
    changedAt: changedAt ?? null,
    openedAt: openedAt ?? null,
    unopenedDays: hours === undefined ? null : unopenedDays(hours),
    people: howMany(present),
  }
}

/** People, not connections. */
function howMany(present: readonly Present[]): number {
  return new Set(present.map(({ principal }) => principal)).size
}

/** Each person once, however many connections they have. */
function peopleIn(present: readonly Present[], idOf: (principal: string) => string): Person[] {
  return [...Map.groupBy(present, ({ principal }) => principal)].map(([principal, connections]) => ({
    id: idOf(principal),
    name: connections.find(({ name }) => name !== '')?.name ?? '',
    role:
      connections.map(({ role }) => role).toSorted((a, b) => roles.indexOf(b) - roles.indexOf(a))[0] ??
      'view',
    connections: connections.length,
  }))
}

function shownLink(link: StoredLink): OperatorLink {
  const { id, role, label, createdAt, expiresAt, maxUses, uses, isSeen } = link
  const operator = isOperatorLink(id)
  return {
    id,
    role,
    label,
    createdAt,
    expiresAt: expiresAt ?? null,
    maxUses: maxUses ?? null,
    uses,
    presence: isSeen,
    operator,
  }
}
