/**
 * Who may open a document, and as what. One question with one answer, for sockets and HTTP alike: the document, the
 * role, and who it is. Unknown documents and unknown links look the same from outside.
 */
import { randomUUID, createHash } from 'node:crypto'
import {
  cleanName,
  colourOf,
  isLinkKey,
  limits,
  ProtocolError,
  type DocumentName,
  type Role,
  type User,
} from '@quire/protocol'
import type { LinkStore, StoredLink } from '../storage/document-store.ts'
import { hashKey } from './keys.ts'
import { earlier, lesser, type Restrictions } from './restrictions.ts'
import type { Tokens } from './tokens.ts'

export interface Grant {
  readonly role: Role
  /** Signed in by a token; undefined for a guest. */
  readonly user: User | undefined
  /** The link it comes from, at first or second hand: it ends with the link. */
  readonly linkId: string | undefined
  /** The hash of that link's key. */
  readonly keyHash?: Uint8Array
  /** The token that was made from the link, of which they never get more than it says by itself. */
  readonly token?: LinkToken
  /** They came without a token, into an open room: it ends with the document's first link. */
  readonly isAnyone?: boolean
  /** The link lets in only so many: whoever comes has to `enter`. */
  readonly isCounted: boolean
  /** Seconds since 1970; undefined if it lasts as long as the link. */
  readonly expiresAt: number | undefined
  /** They are shown to the others. */
  readonly isSeen: boolean
  /** The document may begin with its first edit. */
  readonly create: boolean
}

type LinkToken = Pick<Grant, 'role' | 'user' | 'expiresAt'>

export interface AccessOptions {
  readonly store: LinkStore
  readonly tokens: Tokens
  readonly openRooms: boolean
  readonly restrictions: Restrictions
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
}

export class Access {
  readonly #store: LinkStore
  readonly #tokens: Tokens
  readonly #openRooms: boolean
  readonly #restrictions: Restrictions
  readonly #nowSeconds: () => number

  constructor(options: AccessOptions) {
    this.#store = options.store
    this.#tokens = options.tokens
    this.#openRooms = options.openRooms
    this.#restrictions = options.restrictions
    this.#nowSeconds = options.nowSeconds
  }

  /** Throws a `ProtocolError` that says how to turn them away, or what the store failed with. */
  async authorize(document: DocumentName, token: string | undefined): Promise<Grant> {
    if (token === undefined) return this.#authorizeAnyone(document)
    if (token.length > limits.maxTokenBytes) throw new ProtocolError('token-invalid', 'the token is too long')
    if (isLinkKey(token)) return grantOf(await this.findLink(document, token))
    const { document: granted, role, user, expiresAt, keyHash } = await this.#tokens.verify(token)
    if (granted !== document) throw new ProtocolError('document-unknown', 'the token is for another document')
    // A host application's documents begin when its users first write in them.
    if (keyHash === undefined)
      return { role, user, linkId: undefined, isCounted: false, expiresAt, isSeen: true, create: true }
    const link = this.#valid(document, await this.#store.findLink(document, keyHash))
    return grantOf(link, { role, user, expiresAt })
  }

  /**
   * Counts who comes among those whom their link lets in. Throws `document-unknown` if it has let in so many others, or
   * if nobody knows who this is.
   */
  async enter(document: DocumentName, { linkId, isCounted }: Grant, user: User | undefined): Promise<void> {
    if (!isCounted || linkId === undefined) return
    if (!user || !(await this.#store.useLink(document, linkId, user.id))) throw new LinkClosed()
  }

  /**
   * What is left of a grant by now: something may have been taken away since it was given. Throws `document-unknown` if that
   * is everything.
   */
  remaining(document: DocumentName, grant: Grant): Grant {
    const left = this.#restrictions.leftOf(grant, { ...grant, document })
    if (!left) throw noSuch()
    return left
  }

  /** What a grant has become with its link. Throws `document-unknown` if that is taken away meanwhile. */
  renewed(document: DocumentName, { token }: Grant, link: StoredLink): Grant {
    return this.remaining(document, grantOf(link, token))
  }

  /** The link with this key. Throws `document-unknown` whether it is the document or the key that is wrong, or the link has ended. */
  async findLink(document: DocumentName, key: string): Promise<StoredLink> {
    return this.#valid(document, await this.#store.findLink(document, hashKey(key)))
  }

  #valid(document: DocumentName, link: StoredLink | undefined): StoredLink {
    if (!link) throw noSuch()
    if (link.expiresAt !== undefined && link.expiresAt <= this.#nowSeconds()) throw new LinkClosed()
    const left = this.#restrictions.leftOf(link, { document, linkId: link.id })
    if (!left) throw noSuch()
    return left
  }

  /** With open rooms anyone may enter, but not where links say who may. */
  async #authorizeAnyone(document: DocumentName): Promise<Grant> {
    if (!this.#openRooms || (await this.#store.hasLinks(document)))
      throw new ProtocolError('token-invalid', 'there is no token')
    const link = { linkId: undefined, isCounted: false, expiresAt: undefined, isSeen: true }
    return { role: 'edit', user: undefined, isAnyone: true, ...link, create: true }
  }
}

function grantOf({ id: linkId, keyHash, ...stored }: StoredLink, token?: LinkToken): Grant {
  const { role, expiresAt, maxUses, isSeen } = stored
  const link = { linkId, keyHash, isCounted: maxUses !== undefined, isSeen, create: false }
  if (!token) return { ...link, role, expiresAt, user: undefined }
  const { user } = token
  return {
    ...link,
    role: lesser(token.role, role),
    expiresAt: earlier(token.expiresAt, expiresAt),
    user,
    token,
  }
}

/**
 * A guest: the name they gave themselves, and an id made from a secret of their device, so that it stays the same
 * in one document, differs in every other, and cannot be taken by someone who has only seen it.
 */
export function guestUser(document: DocumentName, guest: { name: string; secret: string }): User {
  const seed = guest.secret || randomUUID()
  const id = createHash('sha256').update(`${seed}\n${document}`).digest('base64url').slice(0, 16)
  return { id, name: cleanName(guest.name), colour: colourOf(id) }
}

/** The link is here, and has ended or let in all it was to let in. To whoever asks it looks as if there were none. */
export class LinkClosed extends ProtocolError {
  constructor() {
    super('document-unknown', 'the link lets in nobody any more')
  }
}

function noSuch(): ProtocolError {
  return new ProtocolError('document-unknown', 'no such document, or no such link to it')
}

/** A key or token that opens nothing; one that has expired was right once. */
export function isWrongKey(error: unknown): boolean {
  return (
    error instanceof ProtocolError && (error.code === 'document-unknown' || error.code === 'token-invalid')
  )
}
