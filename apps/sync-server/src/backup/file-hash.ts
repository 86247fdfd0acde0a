/** Files read in pieces, so that a large database takes no memory. */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'

export interface FileSeal {
  readonly bytes: number
  /** In hexadecimal digits. */
  readonly sha256: string
}

const pieceBytes = 1024 * 1024

export function sealOfFile(path: string): FileSeal {
  return readThrough(path, () => undefined)
}

/** Makes `to`, or empties it, readable by its owner only; durable, but for its name, when this returns. */
export function copyFile(from: string, to: string): FileSeal {
  const file = openSync(to, 'w', 0o600)
  try {
    const seal = readThrough(from, (piece) => {
      for (let done = 0; done < piece.length;) done += writeSync(file, piece, done)
    })
    fsyncSync(file)
    return seal
  } finally {
    closeSync(file)
  }
}

function readThrough(path: string, take: (piece: Uint8Array) => void): FileSeal {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(pieceBytes)
  const file = openSync(path, 'r')
  try {
    let bytes = 0
    for (let length = -1; length !== 0; bytes += length) {
      length = readSync(file, buffer, 0, buffer.length, null)
      const piece = buffer.subarray(0, length)
      hash.update(piece)
      take(piece)
    }
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    closeSync(file)
  }
}
