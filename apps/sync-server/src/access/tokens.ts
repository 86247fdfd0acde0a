/** Access tokens: JWTs over one secret, issued by this server for a link or by a host application for its own users. */
import {
  cleanName,
  colourOf,
  isRole,
  ProtocolError,
  strangerPrefix,
  type DocumentName,
  type Role,
  type User,
} from '@quire/protocol'
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'

const audience = 'quire'
const algorithm = 'HS256'

/** How long a token made from a link lasts. */
export const sessionSeconds = 15 * 60
/** A host application's token may not outlive this. */
const maxLifeSeconds = 24 * 60 * 60

const claimsSchema = z.object({
  sub: z
    .string()
    .min(1)
    .max(256)
    .refine((sub) => !sub.startsWith(strangerPrefix)),
  name: z.string().max(1024).optional(),
  doc: z.string().min(1).max(256),
  role: z.custom<Role>(isRole),
  exp: z.number().int(),
  /** The link the token was made from; a host application's has none. */
  link: z.string().max(64).optional(),
})

export interface TokenGrant {
  readonly document: string
  readonly role: Role
  readonly user: User
  /** Seconds since 1970. */
  readonly expiresAt: number
  readonly linkId: string | undefined
}

export class Tokens {
  readonly #secret: Uint8Array
  readonly #nowSeconds: () => number

  /** `secret`: at least 32 bytes. `nowSeconds`: seconds since 1970. */
  constructor(secret: Uint8Array, nowSeconds: () => number) {
    this.#secret = secret
    this.#nowSeconds = nowSeconds
  }

  async issue(claims: {
    document: DocumentName
    role: Role
    user: User
    linkId: string
  }): Promise<{ token: string; expiresAt: number }> {
    const now = this.#nowSeconds()
    const expiresAt = now + sessionSeconds
    const token = await new SignJWT({
      doc: claims.document,
      role: claims.role,
      name: claims.user.name,
      link: claims.linkId,
    })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setSubject(claims.user.id)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .sign(this.#secret)
    return { token, expiresAt }
  }

  /** Throws `token-invalid` or `token-expired`. */
  async verify(token: string): Promise<TokenGrant> {
    const claims = claimsSchema.safeParse(await this.#read(token))
    if (!claims.success) throw new ProtocolError('token-invalid', 'a claim of the token is missing or wrong')
    const { sub, name, doc, role, exp, link } = claims.data
    if (exp > this.#nowSeconds() + maxLifeSeconds)
      throw new ProtocolError('token-invalid', 'the token lasts longer than a day')
    const user = { id: sub, name: cleanName(name), colour: colourOf(sub) }
    return { document: doc, role, user, expiresAt: exp, linkId: link }
  }

  async #read(token: string): Promise<unknown> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: [algorithm],
        audience,
        requiredClaims: ['exp'],
        currentDate: new Date(this.#nowSeconds() * 1000),
      })
      return payload
    } catch (cause) {
      if (cause instanceof errors.JWTExpired)
        throw new ProtocolError('token-expired', 'the token has expired', { cause })
      throw new ProtocolError('token-invalid', 'the token is not one of ours', { cause })
    }
  }
}
