/**
 * Letters that tell who typed them: no letter is typed twice in a run, so that one look at a text shows what is
 * missing and what is there twice. Remembers by id which were typed, and which somebody has deleted on purpose.
 */
import * as Y from 'yjs'

/** Chinese, then Korean: 32,000 letters of one UTF-16 unit each, none of which an adversary writes. */
const alphabets: readonly (readonly [first: number, last: number])[] = [
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
]
const anyLetter = /[\u4e00-\u9fff\uac00-\ud7a3]/g

export class Letters {
  #alphabet = 0
  #next = alphabets[0]?.[0] ?? 0
  readonly #typed = new Map<number, Map<number, string>>()
  readonly #erased = new Set<string>()

  /** `count` letters that nobody has used. */
  fresh(count: number): string {
    let letters = ''
    while (letters.length < count) {
      const alphabet = alphabets[this.#alphabet]
      if (!alphabet) throw new Error('every letter has been used')
      if (this.#next <= alphabet[1]) {
        letters += String.fromCharCode(this.#next++)
      } else {
        this.#alphabet++
        this.#next = alphabets[this.#alphabet]?.[0] ?? 0
      }
    }
    return letters
  }

  /** Takes note of what a local transaction typed into `text`, and of what it deleted anywhere. */
  noteTransaction({ doc, beforeState, deleteSet }: Y.Transaction, text: Y.Text): void {
    const { clientID, store } = doc
    const from = beforeState.get(clientID) ?? 0
    if (Y.getState(store, clientID) > from) this.#noteTyped(store.clients.get(clientID) ?? [], { from, text })
    for (const [client, ranges] of deleteSet.clients)
      for (const { clock, len } of ranges) this.#noteErased(client, clock, len)
  }

  /** Letters of the clocks `from` to `to` of `client`, without those deleted on purpose. */
  expected(client: number, from: number, to: number): string[] {
    const expected: string[] = []
    const typed = this.#typed.get(client)
    for (let clock = from; clock < to; clock++) {
      const letter = typed?.get(clock)
      if (letter !== undefined && !this.#erased.has(letter)) expected.push(letter)
    }
    return expected
  }

  #noteTyped(structs: (Y.Item | Y.GC)[], { from, text }: { from: number; text: Y.Text }): void {
    for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
      const struct = structs[index]
      if (!(struct instanceof Y.Item) || struct.parent !== text) continue
      if (!(struct.content instanceof Y.ContentString)) continue
      const start = Math.max(0, from - struct.id.clock)
      if (!isLetter(struct.content.str.charAt(start))) continue
      const typed = this.#typed.get(struct.id.client) ?? new Map<number, string>()
      this.#typed.set(struct.id.client, typed)
      for (let offset = start; offset < struct.length; offset++)
        typed.set(struct.id.clock + offset, struct.content.str.charAt(offset))
    }
  }

  #noteErased(client: number, clock: number, length: number): void {
    const typed = this.#typed.get(client)
    if (!typed) return
    for (let at = clock; at < clock + length; at++) {
      const letter = typed.get(at)
      if (letter !== undefined) this.#erased.add(letter)
    }
  }
}

function isLetter(character: string): boolean {
  const code = character.charCodeAt(0)
  return alphabets.some(([first, last]) => code >= first && code <= last)
}

/** All there are in a text, in order, each as often as it is there. */
export function lettersIn(text: string): readonly string[] {
  return text.match(anyLetter) ?? []
}
