/** Of many messages, those that seemed to cost most; measured again when there is time, since most only met a hiccup. */
import type { Cost } from './cost.ts'

export interface Candidate {
  readonly seed: number
  /** Of the message. */
  readonly size: number
  readonly ms: number
  readonly bytes: number
}

const kept = 24

const ranks = {
  time: ({ ms }: Candidate) => ms,
  bytes: ({ bytes }: Candidate) => bytes,
  /** Small ones cost more for their size than large ones can, so they are no measure. */
  ratio: ({ size, bytes }: Candidate) => (size >= 4096 ? bytes / size : 0),
}

export class Costliest {
  readonly #tops = { time: [] as Candidate[], bytes: [] as Candidate[], ratio: [] as Candidate[] }

  note(seed: number, size: number, { ms, bytes }: Cost): void {
    this.add([{ seed, size, ms, bytes }])
  }

  add(candidates: readonly Candidate[]): void {
    for (const candidate of candidates)
      for (const [rank, valueOf] of Object.entries(ranks)) {
        const top = this.#tops[rank as keyof typeof ranks] // the keys of an object that is closed
        const last = top.at(-1)
        if (top.length >= kept && last && valueOf(last) >= valueOf(candidate)) continue
        if (top.some(({ seed }) => seed === candidate.seed)) continue
        top.push(candidate)
        top.sort((a, b) => valueOf(b) - valueOf(a))
        if (top.length > kept) top.pop()
      }
  }

  get candidates(): Candidate[] {
    const all = [...this.#tops.time, ...this.#tops.bytes, ...this.#tops.ratio]
    return [...new Map(all.map((candidate) => [candidate.seed, candidate])).values()]
  }
}
