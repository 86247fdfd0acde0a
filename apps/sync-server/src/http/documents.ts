/** The documents API: make one, get a session for it, read its text; its links are in `links.ts`. */
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { Admission } from '../admission/admission.ts'
import { guestUser, type Access } from '../access/access.ts'
import { hashKey } from '../access/keys.ts'
import type { Restrictions } from '../access/restrictions.ts'
import type { Tokens } from '../access/tokens.ts'
import type { Openings } from '../retention/openings.ts'
import type { Rooms } from '../room/rooms.ts'
import type { Store } from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import { lendForAnswer } from './answer-memory.ts'
import type { Session } from './answers.ts'
import { maxBodyBytes } from './http-limits.ts'
import { demandLinkKey, linksApi } from './links.ts'
import { makeDocument, newDocumentSchema } from './new-document.ts'
import { addressOf, demandPatience } from './patience.ts'
import { Problem } from './problem.ts'
import { demandToken, readAddress, readJson } from './requests.ts'
import { SharedReads } from './shared-reads.ts'

export interface DocumentsOptions {
  readonly store: Store
  readonly workshop: Workshop
  readonly access: Access
  readonly tokens: Tokens
  readonly restrictions: Restrictions
  readonly rooms: Pick<Rooms, 'evict'>
  readonly openings: Openings
  /** How much all documents may take. */
  readonly maxTotalBytes: number
  readonly admission: Admission
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  /** What has to be shown to make documents; undefined: anyone may. */
  readonly creationToken: string | undefined
  /** The URL at which this request's client reaches us, without a slash at the end. */
  readonly publicUrl: (context: Context) => string
}

export const sessionSchema = z.strictObject({
  name: z.string().max(1024).default(''),
  /** A secret of the guest's, as in Hello: with the same one, a newer session is for the same person. */
  guest: z.string().max(1024).default(''),
})

export function documentsApi(options: DocumentsOptions): Hono {
  const { store, workshop, access, tokens, admission, restrictions, rooms, openings } = options
  const api = new Hono()

  api.post('/', async (context) => {
    if (options.creationToken !== undefined)
      demandToken(context, options.creationToken, 'Only the operator may make documents here.')
    const address = addressOf(context, admission)
    demandPatience(admission.newDocumentWaitMs(address))
    let taken = 0
    const take = (bytes: number): void => {
      demandPatience(admission.incomingWaitMs(address, bytes), 'Too much comes from this address at a time.')
      taken += bytes
    }
    try {
      const body = await readJson(context, newDocumentSchema, { maxBytes: maxBodyBytes, take })
      return context.json(await makeDocument(body, options, options.publicUrl(context)), 201)
    } finally {
      admission.dealtWith(address, taken)
    }
  })

  api.post('/:id/session', async (context) => {
    const { document: name, key } = await demandLinkKey(context, access)
    const grant = await access.authorize(name, key)
    const { role } = grant
    const { name: given, guest } = await readJson(context, sessionSchema)
    const user = guestUser(name, { name: given, secret: guest })
    await access.enter(name, grant, user)
    const issued = await tokens.issue({ document: name, role, user, keyHash: hashKey(key) })
    const answer: Session = { ...issued, role, user }
    return context.json(answer)
  })

  const texts = new SharedReads(async (name) => {
    const stored = await store.load(name)
    if (!stored) throw new Problem('document-unknown')
    return workshop.readText(stored)
  }, options.nowSeconds)
  api.get('/:id/text', async (context) => {
    const { name, key } = readAddress(context)
    const grant = await access.authorize(name, key)
    await access.enter(name, grant, grant.user)
    openings.note(name)
    const text = await texts.read(name, addressOf(context, admission))
    lendForAnswer(context, admission, text.length)
    return context.text(text)
  })

  api.delete('/:id', async (context) => {
    const { name, key } = readAddress(context)
    const { role, keyHash } = await access.authorize(name, key)
    if (role !== 'own') throw new Problem('not-allowed', 'Only the owner can delete a document.')
    await restrictions.impose({ document: name, of: 'everyone', left: undefined }, async () => {
      await rooms.evict(name)
      await store.remove(name, keyHash)
    })
    return context.body(null, 204)
  })

  api.route('/:id/links', linksApi(options))
  return api
}
