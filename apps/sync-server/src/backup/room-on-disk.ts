/** Is there room for what is to be written? To be asked before anything is. */
import { statfsSync } from 'node:fs'
import { CommandFailure } from '../cli/command.ts'
import { sizeInWords } from './words.ts'

export function demandRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free >= bytes) return
  throw new CommandFailure(
    'busy',
    'no-room',
    `${folder} has room for ${sizeInWords(free)}, and ${sizeInWords(bytes)} are needed.`,
  )
}
