/**
 * What was found of damaged documents, for some minutes. To read one to where it is damaged, or to write down all that
 * is left of it, may take seconds in which the writer stores nobody's words; and whoever finds it closed tries again.
 */
import type { DocumentName } from '@quire/protocol'
import type { Answer } from './requests.ts'

/** Long beside what it costs to find it again, short for whoever has mended their disk and waits. */
export const lastsMs = 5 * 60_000
/** Where a page is damaged that says which documents there are, any name may lead to it. */
export const maxDocuments = 1000

interface Found {
  readonly sinceMs: number
  readonly answers: Map<string, Answer>
}

export class Findings {
  readonly #now: () => number
  /** The oldest first. */
  readonly #found = new Map<DocumentName, Found>()

  constructor(now: () => number) {
    this.#now = now
  }

  recall(name: DocumentName, question: string): Answer | undefined {
    return this.#of(name)?.answers.get(question)
  }

  keep(name: DocumentName, question: string, answer: Answer): void {
    const found = this.#of(name) ?? { sinceMs: this.#now(), answers: new Map<string, Answer>() }
    found.answers.set(question, answer)
    this.#found.set(name, found)
    const [oldest] = this.#found.keys()
    if (oldest !== undefined && this.#found.size > maxDocuments) this.#found.delete(oldest)
  }

  forget(name: DocumentName): void {
    this.#found.delete(name)
  }

  #of(name: DocumentName): Found | undefined {
    const found = this.#found.get(name)
    if (!found || this.#now() - found.sinceMs < lastsMs) return found
    this.#found.delete(name)
    return undefined
  }
}
