/** How sizes, times and damage are told to people, and how moments are written in names of files. */
import type { Damage } from '../storage/sqlite/verify.ts'

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']

export function sizeInWords(bytes: number): string {
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${unit === 0 ? bytes : (bytes / 1024 ** unit).toFixed(1)} ${units[unit]}`
}

export function countInWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `2026-11-28T05-00-00Z`: in the order of time, and without what names of files must not hold. */
export function momentInName(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replaceAll(':', '-')}Z`
}

const mostLines = 20

/** A line for each, indented. A damaged name may hold anything, and is quoted. */
export function damageInWords(damage: readonly Damage[]): string {
  const lines = damage
    .slice(0, mostLines)
    .map(({ document, what }) => `  ${document === undefined ? '' : `${JSON.stringify(document)}: `}${what}`)
  if (damage.length > mostLines) lines.push(`  … and ${damage.length - mostLines} more`)
  return lines.join('\n')
}
