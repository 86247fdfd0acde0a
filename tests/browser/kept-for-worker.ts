/** What the stories of one worker take turns with: each thing begun when the first of them asks for it, closed with the worker. */

interface Closable {
  close(): Promise<void>
}

export class KeptForWorker {
  readonly #begun = new Map<unknown, Promise<Closable>>()

  /** What this function begins: the same for everyone who comes with the same function. */
  one<Kept extends Closable>(begin: () => Promise<Kept>): Promise<Kept> {
    const begun = (this.#begun.get(begin) as Promise<Kept> | undefined) ?? begin() // put there below
    this.#begun.set(begin, begun)
    return begun
  }

  async close(): Promise<void> {
    await Promise.all([...this.#begun.values()].map(async (begun) => (await begun).close()))
  }
}
