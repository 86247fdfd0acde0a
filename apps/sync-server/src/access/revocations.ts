/**
 * Links that are being taken back. A link opens nothing from the moment this is asked for, before the store has
 * forgotten it: whoever looked it up a moment ago is refused, and whoever is here through it is told to go.
 */
import type { DocumentName } from '@quire/protocol'

export interface LinkAddress {
  readonly document: DocumentName
  readonly linkId: string
}

export class Revocations {
  readonly #underWay = new Set<string>()
  readonly #listeners = new Set<(link: LinkAddress) => void>()

  /** Calls `listener` with each link that ends; returns the way to stop. */
  watch(listener: (link: LinkAddress) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  isUnderWay(link: LinkAddress): boolean {
    return this.#underWay.has(keyOf(link))
  }

  /** `forget` takes the link out of the store. If that fails, the link opens again to those who come back. */
  async revoke(link: LinkAddress, forget: () => Promise<boolean>): Promise<boolean> {
    this.#underWay.add(keyOf(link))
    for (const listener of this.#listeners) listener(link)
    try {
      return await forget()
    } finally {
      this.#underWay.delete(keyOf(link))
    }
  }
}

/** Neither holds a line break. */
function keyOf({ document, linkId }: LinkAddress): string {
  return `${document}\n${linkId}`
}
