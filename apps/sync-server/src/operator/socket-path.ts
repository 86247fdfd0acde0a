/** Where the operator's socket is, and how to name it. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const socketName = 'quire.sock'

/** The shortest bound there is: 104 bytes with the NUL at the end, on macOS and the BSDs; Linux has four more. */
const maxPathBytes = 103

/** A socket's path is short by law of the system; one that is too long is reached through a link in a shorter place. */
export async function withShortPath<Result>(
  folder: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, socketName)
  if (Buffer.byteLength(path) <= maxPathBytes) return use(path)
  const place = mkdtempSync(join(tmpdir(), 'quire-'))
  try {
    symlinkSync(folder, join(place, 'data'))
    return await use(join(place, 'data', socketName))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
