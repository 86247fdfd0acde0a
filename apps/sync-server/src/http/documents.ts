/** The documents API: make one, get a session for it, read its text; its links are in `links.ts`. */
import {
  assert,
  formatLink,
  isLinkKey,
  limits,
  parseDocumentName,
  roles,
  type DocumentName,
  type Role,
} from '@quire/protocol'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { Admission } from '../admission/admission.ts'
import { guestUser, type Access } from '../access/access.ts'
import { deriveKey, hashKey, makeId, makeOwnerKey } from '../access/keys.ts'
import type { Restrictions } from '../access/restrictions.ts'
import type { Tokens } from '../access/tokens.ts'
import type { Rooms } from '../room/rooms.ts'
import type { Store } from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import { maxBodyBytes } from './http-limits.ts'
import { linksApi } from './links.ts'
import { addressOf, demandPatience } from './patience.ts'
import { Problem, problemResponse } from './problem.ts'
import { demandToken, readAddress, readJson } from './requests.ts'
import { SharedReads } from './shared-reads.ts'

export interface DocumentsOptions {
  readonly store: Store
  readonly workshop: Workshop
  readonly access: Access
  readonly tokens: Tokens
  readonly restrictions: Restrictions
  readonly rooms: Pick<Rooms, 'evict'>
  readonly admission: Admission
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  /** Undefined: anyone may make documents. Else the token that may. */
  readonly adminToken: string | undefined
  /** The URL at which this request's client reaches us, without a slash at the end. */
  readonly publicUrl: (context: Context) => string
}

const maxTitle = 256
const maxLanguage = 64

const newDocumentSchema = z.strictObject({
  title: z.string().max(maxTitle).default(''),
  text: z.string().default(''),
  language: z.string().max(maxLanguage).default(''),
})

const sessionSchema = z.strictObject({
  name: z.string().max(1024).default(''),
  /** A secret of the guest's, as in Hello: with the same one, a newer session is for the same person. */
  guest: z.string().max(1024).default(''),
})

/** The keys of the links every document is born with; each link is named after its role. */
type LinkKeys = Readonly<Record<Role, string>>

export function documentsApi(options: DocumentsOptions): Hono {
  const { store, workshop, access, tokens, admission, restrictions, rooms } = options
  const api = new Hono()
  api.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (context) => problemResponse(context, new Problem('too-large')),
    }),
  )

  api.post('/', async (context) => {
    if (options.adminToken !== undefined)
      demandToken(context, options.adminToken, 'Only the operator may make documents here.')
    demandPatience(admission.newDocumentWaitMs(addressOf(context, admission)))
    const body = await readJson(context, newDocumentSchema)
    const name = parseDocumentName(makeId())
    const ownerKey = makeOwnerKey()
    const keys = keysOf(ownerKey)
    const update = await workshop.compose(body)
    if (update && update.length > limits.maxFrameBytes) throw new Problem('too-large')
    const links = roles.map((role) => ({ id: role, role, keyHash: hashKey(keys[role]) }))
    await store.create({ name, links, ...(update ? { update } : {}) })
    return context.json({ id: name, links: urlsOf(name, keys, options.publicUrl(context)) }, 201)
  })

  api.post('/:id/session', async (context) => {
    const { name, key } = readAddress(context)
    if (!key || !isLinkKey(key)) throw new Problem('not-authenticated')
    const grant = await access.authorize(name, key)
    const { role, linkId } = grant
    assert(linkId !== undefined, 'a key is that of a link')
    const { name: given, guest } = await readJson(context, sessionSchema)
    const user = guestUser(name, { name: given, secret: guest })
    await access.enter(name, grant, user)
    const session = await tokens.issue({ document: name, role, user, linkId })
    return context.json({ ...session, role, user })
  })

  const texts = new SharedReads(async (name) => {
    const stored = await store.load(name)
    if (!stored) throw new Problem('document-unknown')
    return workshop.readText(stored)
  })
  api.get('/:id/text', async (context) => {
    const { name, key } = readAddress(context)
    const grant = await access.authorize(name, key)
    await access.enter(name, grant, grant.user)
    return context.text(await texts.read(name))
  })

  api.delete('/:id', async (context) => {
    const { name, key } = readAddress(context)
    const { role } = await access.authorize(name, key)
    if (role !== 'own') throw new Problem('not-allowed', 'Only the owner can delete a document.')
    await restrictions.impose({ document: name, of: 'everyone', left: undefined }, async () => {
      await rooms.evict(name)
      await store.remove(name)
    })
    return context.body(null, 204)
  })

  api.route('/:id/links', linksApi(options))
  return api
}

function keysOf(ownerKey: string): LinkKeys {
  return { own: ownerKey, edit: deriveKey(ownerKey, 'edit'), view: deriveKey(ownerKey, 'view') }
}

function urlsOf(documentId: DocumentName, keys: LinkKeys, publicUrl: string): Readonly<Record<Role, string>> {
  const url = (role: Role): string => formatLink({ publicUrl, documentId, key: keys[role] })
  return { own: url('own'), edit: url('edit'), view: url('view') }
}
