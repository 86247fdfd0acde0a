/**
 * What the server has told us, by its notices, that keeps edits from being saved. A document can be full while the
 * disk fails, so the end of one trouble is not the end of the other.
 */
import type { Trouble } from './session.ts'

export class Troubles {
  readonly #begun = new Set<Trouble>()

  get worst(): Trouble {
    // A disk is mended by someone else; a document that is full stays so, and its people had better know now.
    if (this.#begun.has('document-full')) return 'document-full'
    if (this.#begun.has('storage-full')) return 'storage-full'
    return this.#begun.has('storage-failed') ? 'storage-failed' : 'none'
  }

  /** A server that is in trouble says so on each new connection. */
  disconnected(): void {
    this.#begun.clear()
  }

  told(code: string): void {
    switch (code) {
      case 'storage-failed':
      case 'document-full':
      case 'storage-full':
        this.#begun.add(code)
        break
      case 'storage-recovered':
        this.#begun.delete('storage-failed')
        break
      case 'document-writable':
        this.#begun.delete('document-full')
        break
      case 'storage-writable':
        this.#begun.delete('storage-full')
        break
      default:
        // Of a newer server; a client that does not know a code is to ignore it.
        break
    }
  }
}
