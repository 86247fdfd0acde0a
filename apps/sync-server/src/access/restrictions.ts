/**
 * What is being taken away: a link, a right that came with it, a whole document. It is gone from the moment this is asked
 * for, before the store knows: whoever was looked up a moment ago gets no more than what is left, and whoever is here is told.
 */
import { roles, type DocumentName, type Role } from '@quire/protocol'
import type { StoredLink } from '../storage/document-store.ts'

/** What somebody may do, and for how long. */
export interface Right {
  readonly role: Role
  /** Seconds since 1970; undefined if it lasts. */
  readonly expiresAt: number | undefined
  /** They are shown to the others. */
  readonly isSeen: boolean
}

/** Where somebody is, and how they came: through a link, or without. */
export interface Way {
  readonly document: DocumentName
  readonly linkId: string | undefined
  /** Without a token at all: nobody needs one there. */
  readonly isAnyone?: boolean
}

export interface Restriction {
  readonly document: DocumentName
  /** `links`: of whoever came through one, or without a token, as the document had none. `anyone`: of the latter alone. */
  readonly of: 'everyone' | 'links' | 'anyone' | { readonly linkId: string }
  /** The most that is left; undefined if that is nothing. */
  readonly left: Right | undefined
}

export interface RestrictionsListener {
  imposed(restriction: Restriction): void
  /** A link is this by now, and may give more than it did. */
  lifted(document: DocumentName, link: StoredLink): void
}

export class Restrictions {
  readonly #underWay = new Set<Restriction>()
  readonly #listeners = new Set<RestrictionsListener>()

  /** Returns the way to stop. */
  watch(listener: RestrictionsListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What is left of a right while something is under way; undefined if nothing is. */
  leftOf<Some extends Right>(right: Some, way: Way): Some | undefined {
    let left: Some | undefined = right
    for (const restriction of this.#underWay) left = left && restricted(left, way, restriction)
    return left
  }

  /** `commit` tells the store. If that fails, those who come back get what they had. */
  async impose<Result>(restriction: Restriction, commit: () => Promise<Result>): Promise<Result> {
    this.#underWay.add(restriction)
    for (const listener of this.#listeners) listener.imposed(restriction)
    try {
      return await commit()
    } finally {
      this.#underWay.delete(restriction)
    }
  }

  /** To be told of each change of a link, in the order of the store. What is still being taken away stays away. */
  lift(document: DocumentName, link: StoredLink): void {
    for (const listener of this.#listeners) listener.lifted(document, link)
  }
}

/** What a restriction leaves of a right: the same object if it is not about it; undefined if nothing. */
export function restricted<Some extends Right>(
  right: Some,
  way: Way,
  restriction: Restriction,
): Some | undefined {
  const { left } = restriction
  if (!isMeant(restriction, way)) return right
  if (!left) return undefined
  const role = lesser(right.role, left.role)
  const expiresAt = earlier(right.expiresAt, left.expiresAt)
  const isSeen = right.isSeen && left.isSeen
  const less = { ...right, role, expiresAt, isSeen }
  return isSameRight(less, right) ? right : less
}

export function isSameRight(one: Right, other: Right): boolean {
  return one.role === other.role && one.expiresAt === other.expiresAt && one.isSeen === other.isSeen
}

function isMeant({ document, of }: Restriction, way: Way): boolean {
  if (document !== way.document) return false
  switch (of) {
    case 'everyone':
      return true
    case 'links':
      return way.linkId !== undefined || way.isAnyone === true
    case 'anyone':
      return way.isAnyone === true
    default:
      return of.linkId === way.linkId
  }
}

/** Roles only ever shrink on their way from one hand to the next. */
export function lesser(one: Role, other: Role): Role {
  return roles.indexOf(one) < roles.indexOf(other) ? one : other
}

/** The end of what lasts is never. */
export function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.min(one, other)
}
