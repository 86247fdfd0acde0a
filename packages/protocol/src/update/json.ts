/**
 * JSON inside an update, without making its values: would `JSON.parse` take it, and is it nested no deeper than
 * allowed? Parsing to find out would cost ten times the bytes for `[[],[],…`.
 */

const space = 0x20
const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const openArray = 0x5b
const backslash = 0x5c
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** The bytes from `start` to `end` are UTF-8 already; this asks for the grammar of RFC 8259 and at most `maxDepth` arrays and objects inside each other. */
export function isJson(bytes: Uint8Array, start: number, end: number, maxDepth: number): boolean {
  const reader = new JsonReader(bytes, start, end)
  return reader.value(maxDepth) && reader.isAtEnd()
}

/** Each method reads one part of the grammar and says whether it was there. */
class JsonReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  isAtEnd(): boolean {
    return this.#at === this.#end
  }

  /** A value and the white space around it. Recursion is as deep as `depth`, which is small. */
  value(depth: number): boolean {
    this.#skipSpace()
    const isValue = this.#bareValue(depth)
    this.#skipSpace()
    return isValue
  }

  #bareValue(depth: number): boolean {
    switch (this.#peek()) {
      case openObject:
        return depth > 0 && this.#list(closeObject, depth - 1)
      case openArray:
        return depth > 0 && this.#list(closeArray, depth - 1)
      case quote:
        return this.#string()
      case 0x74:
        return this.#word('true')
      case 0x66:
        return this.#word('false')
      case 0x6e:
        return this.#word('null')
      default:
        return this.#number()
    }
  }

  /** Told by `close` what its items are: a function for them would be made anew at each bracket, at a hundred bytes. */
  #list(close: number, depth: number): boolean {
    this.#at++
    this.#skipSpace()
    if (this.#take(close)) return true
    do {
      const isItem = close === closeObject ? this.#member(depth) : this.value(depth)
      if (!isItem) return false
    } while (this.#take(comma))
    return this.#take(close)
  }

  #member(depth: number): boolean {
    this.#skipSpace()
    if (this.#peek() !== quote || !this.#string()) return false
    this.#skipSpace()
    return this.#take(0x3a) && this.value(depth)
  }

  #string(): boolean {
    this.#at++
    for (;;) {
      const byte = this.#peek()
      if (byte < space) return false // control characters, and the end
      this.#at++
      if (byte === quote) return true
      if (byte === backslash && !this.#escape()) return false
    }
  }

  #escape(): boolean {
    const byte = this.#peek()
    this.#at++
    if (byte === 0x75) return this.#hexDigit() && this.#hexDigit() && this.#hexDigit() && this.#hexDigit()
    return '"\\/bfnrt'.includes(String.fromCharCode(byte)) && byte > 0
  }

  #hexDigit(): boolean {
    const byte = this.#peek()
    this.#at++
    const letter = byte | 0x20
    return isDigit(byte) || (letter >= 0x61 && letter <= 0x66)
  }

  #number(): boolean {
    this.#take(minus)
    if (!this.#take(zero) && !this.#digits()) return false
    if (this.#take(0x2e) && !this.#digits()) return false
    if (this.#take(0x65) || this.#take(0x45)) {
      if (!this.#take(0x2b)) this.#take(minus)
      return this.#digits()
    }
    return true
  }

  #digits(): boolean {
    const start = this.#at
    while (isDigit(this.#peek())) this.#at++
    return this.#at > start
  }

  #word(word: string): boolean {
    for (let index = 0; index < word.length; index++) if (!this.#take(word.charCodeAt(index))) return false
    return true
  }

  #take(byte: number): boolean {
    if (this.#peek() !== byte) return false
    this.#at++
    return true
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#peek()
      if (byte !== space && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at++
    }
  }

  /** -1 at the end, which no part of the grammar is. */
  #peek(): number {
    return this.#at < this.#end ? (this.#bytes[this.#at] ?? -1) : -1
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
