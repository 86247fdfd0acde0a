/**
 * Access tokens: JWTs, issued by this server for a link or by a host application for its own users. Who vouches for a
 * token follows from its algorithm alone: HS256 is the secret's, anything else the host application's keys'. What a
 * token says of its own keys (`jwk`, `jku`, `x5u`) is never looked at.
 */
import {
  cleanName,
  colourOf,
  isAccessToken,
  isRole,
  ProtocolError,
  strangerPrefix,
  type DocumentName,
  type Role,
  type User,
} from '@quire/protocol'
import type { JWTVerifyGetKey, JWTVerifyResult } from 'jose'
// Module by module: most of the package is encryption, which would only make the server start later.
import * as errors from 'jose/errors'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import { z } from 'zod'

const audience = 'quire'
const secretAlgorithm = 'HS256'
const keyAlgorithms = ['EdDSA', 'ES256', 'RS256']

/** How long a token made from a link lasts. */
export const sessionSeconds = 15 * 60
/** A host application's token may not outlive this. */
export const maxLifeSeconds = 24 * 60 * 60
/** How far the host application's clock may be ahead of ours. */
const leewaySeconds = 5

const headerSchema = z.object({
  typ: z
    .string()
    .regex(/^(application\/)?jwt$/i)
    .optional(),
  crit: z.never().optional(),
})

/** Who a token is for, by a name of the application's own. */
export const subjectSchema = z
  .string()
  .max(256)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must hold something, and no control characters')
  .refine((sub) => !sub.startsWith(strangerPrefix), `must not begin with ${strangerPrefix}`)

const claimsSchema = z.object({
  sub: subjectSchema,
  name: z.string().max(1024).optional(),
  doc: z.string().min(1).max(256),
  role: z.custom<Role>(isRole),
  exp: z.number().int(),
  iss: z.string().optional(),
  /** The hash of the key the token was made from; a host application's has none. */
  link: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
})

export interface TokenGrant {
  readonly document: string
  readonly role: Role
  readonly user: User
  /** Seconds since 1970. */
  readonly expiresAt: number
  /** Of the key it was made from: it ends with that key, whatever becomes of the link. */
  readonly keyHash: Uint8Array | undefined
}

export interface Claims {
  readonly document: DocumentName
  readonly role: Role
  readonly user: Pick<User, 'id' | 'name'>
}

export interface IssuedToken {
  readonly token: string
  /** Seconds since 1970. */
  readonly expiresAt: number
}

export interface TokensOptions {
  /** At least 32 bytes. */
  readonly secret: Uint8Array
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
  /** Undefined: host applications sign with the secret or not at all. */
  readonly hostKeys?: JWTVerifyGetKey | undefined
  /** What the tokens of host applications have to name as their `iss`; undefined: whatever they like. */
  readonly issuer?: string | undefined
}

export class Tokens {
  readonly #secret: Uint8Array
  readonly #nowSeconds: () => number
  readonly #hostKeys: JWTVerifyGetKey | undefined
  readonly #issuer: string | undefined

  constructor({ secret, nowSeconds, hostKeys, issuer }: TokensOptions) {
    this.#secret = secret
    this.#nowSeconds = nowSeconds
    this.#hostKeys = hostKeys
    this.#issuer = issuer
  }

  /** For whoever came through a link. */
  async issue(claims: Claims & { readonly keyHash: Uint8Array }): Promise<IssuedToken> {
    const link = Buffer.from(claims.keyHash).toString('base64url')
    return this.#sign(claims, { link }, sessionSeconds)
  }

  /** As a host application would for a user of its own; for a day at most. */
  async issueForUser(claims: Claims & { readonly lifeSeconds: number }): Promise<IssuedToken> {
    return this.#sign(claims, this.#issuer === undefined ? {} : { iss: this.#issuer }, claims.lifeSeconds)
  }

  async #sign(
    { document, role, user }: Claims,
    more: Readonly<Record<string, string>>,
    lifeSeconds: number,
  ): Promise<IssuedToken> {
    const now = this.#nowSeconds()
    const expiresAt = now + lifeSeconds
    const token = await new SignJWT({ doc: document, role, name: user.name, ...more })
      .setProtectedHeader({ alg: secretAlgorithm, typ: 'JWT' })
      .setSubject(user.id)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .sign(this.#secret)
    return { token, expiresAt }
  }

  /** Throws `token-invalid` or `token-expired`; or `keys-unavailable`, which is no fault of the token. */
  async verify(token: string): Promise<TokenGrant> {
    if (!isAccessToken(token)) throw new ProtocolError('token-invalid', 'it is neither a key nor a token')
    const { protectedHeader, payload } = await this.#read(token)
    if (!headerSchema.safeParse(protectedHeader).success)
      throw new ProtocolError('token-invalid', 'the token is of another kind')
    const claims = claimsSchema.safeParse(payload)
    if (!claims.success) throw wrongClaims(claims.error.issues.map(({ path: [name] }) => String(name)))
    const { sub, name, doc, role, exp, iss, link } = claims.data
    const now = this.#nowSeconds()
    if (exp <= now) throw new ProtocolError('token-expired', 'the token has expired')
    if (exp > now + maxLifeSeconds + leewaySeconds)
      throw new ProtocolError('token-invalid', 'the token lasts longer than a day')
    if (link !== undefined && protectedHeader.alg !== secretAlgorithm)
      throw new ProtocolError('token-invalid', 'tokens from links are made by this server only')
    if (link === undefined && this.#issuer !== undefined && iss !== this.#issuer)
      throw new ProtocolError('token-invalid', 'the token is from another issuer')
    const user = { id: sub, name: cleanName(name), colour: colourOf(sub) }
    const keyHash = link === undefined ? undefined : Buffer.from(link, 'base64url')
    return { document: doc, role, user, expiresAt: exp, keyHash }
  }

  async #read(token: string): Promise<JWTVerifyResult> {
    const hostKeys = this.#hostKeys
    try {
      return await jwtVerify(
        token,
        async (header, parts) =>
          header.alg === secretAlgorithm || !hostKeys ? this.#secret : hostKeys(header, parts),
        {
          algorithms: hostKeys ? [secretAlgorithm, ...keyAlgorithms] : [secretAlgorithm],
          audience,
          requiredClaims: ['exp'],
          clockTolerance: leewaySeconds,
          currentDate: new Date(this.#nowSeconds() * 1000),
        },
      )
    } catch (cause) {
      if (cause instanceof ProtocolError) throw cause
      if (cause instanceof errors.JWTExpired)
        throw new ProtocolError('token-expired', 'the token has expired', { cause })
      // Whose signature was found to be right.
      if (cause instanceof errors.JWTClaimValidationFailed) throw wrongClaims([cause.claim])
      throw new ProtocolError('token-invalid', 'the token is not one of ours', { cause })
    }
  }
}

/** Names them for whoever looks for the mistake in their application: its log has no other way to tell. */
function wrongClaims(names: readonly string[]): ProtocolError {
  return new ProtocolError(
    'token-invalid',
    `claims of the token are missing or wrong: ${[...new Set(names)].join(', ')}`,
  )
}
