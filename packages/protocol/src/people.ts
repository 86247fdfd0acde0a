/**
 * How people appear to each other: a name and a colour. Both come from other clients, so both are read
 * through a grammar before anything shows them.
 */

export interface User {
  /** Stable for one person in one document; not a secret and not an address. */
  readonly id: string
  readonly name: string
  /** One of `palette`. */
  readonly colour: string
}

/** What ids begin with that somebody gave themselves. No token may hold such a one, so that nobody takes on a user's. */
export const strangerPrefix = 'stranger:'

/** Twelve colours, each at least 4.5:1 under white text (checked in `people.test.ts`), in an order that keeps neighbours apart. */
export const palette = [
  '#1f6fb5',
  '#a8481c',
  '#2b7a3f',
  '#8d3fa8',
  '#8a6100',
  '#0f7577',
  '#b8336a',
  '#5457c9',
  '#5d7012',
  '#9c3b3b',
  '#3d6b8e',
  '#75553a',
] as const

export const maxNameCodePoints = 64

/** Control characters, line breaks, and the marks that turn the direction of the text around them. */
const unprintable = /[\p{Cc}\u2028\u2029\p{Bidi_Control}\ufeff]/gu

/** What leaves ink: anything but space and the characters that fonts show as nothing. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u

/** A name as it may be shown: NFC, one line, no marks that reorder text, at most 64 code points; '' if there is nothing to see. */
export function cleanName(name: unknown): string {
  if (typeof name !== 'string') return ''
  const spaced = name.slice(0, 1024).toWellFormed().normalize('NFC').replace(unprintable, ' ')
  const oneLine = spaced.replace(/\s+/gu, ' ').trim()
  const cut = Array.from(oneLine).slice(0, maxNameCodePoints).join('').trim()
  return visible.test(cut) ? cut : ''
}

/** The palette colour that belongs to an id: the same on every device. */
export function colourOf(id: string): string {
  let hash = 2166136261
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 16777619)
  return palette[(hash >>> 0) % palette.length] ?? palette[0]
}

/** A colour as another client sent it: itself if it is one of ours, else the one that belongs to `id`. */
export function cleanColour(colour: unknown, id: string): string {
  return palette.find((known) => known === colour) ?? colourOf(id)
}

/** What a person is called who has not said. */
export const unnamed = 'Guest'

/**
 * The field `user` of a presence state (`id`, `name`, `color`), as a stranger wrote it. Without an id, a client is
 * somebody by itself, and nobody who has one.
 */
export function readUser(user: unknown, clientId: number): User {
  const { id: said, name, color } = isRecord(user) ? user : {}
  const id = typeof said === 'string' ? said : `${strangerPrefix}${clientId}`
  return { id, name: cleanName(name) || unnamed, colour: cleanColour(color, id) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
