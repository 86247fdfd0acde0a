/**
 * A Y.Text as the editor reads it: one string in which whatever is not text (an image, a nested type, content
 * of another app) stands as U+FFFC, so that an index means the same in both. Formatting is not read.
 * Knows Yjs's list of items, and no view.
 */
import type { ChangeSpec, Text } from '@codemirror/state'
import * as Y from 'yjs'

// Yjs has no public way to walk a text as it is; `toDelta` and `event.delta` leave things out.
// oxlint-disable no-underscore-dangle

/** OBJECT REPLACEMENT CHARACTER: the place of something that is not text. */
export const objectCharacter = '\ufffc'

/** What Yjs leaves of each half when it cuts a surrogate pair, and UTF-8 of a half that stands alone. */
export const replacementCharacter = '\ufffd'

/** The text as the editor shows it: exactly `text.length` UTF-16 units long. */
export function readText(text: Y.Text): string {
  let read = ''
  for (let item = text._start; item !== null; item = item.right)
    if (item.countable && !item.deleted) read += readItem(item)
  return read
}

/**
 * What an event did to the text, as changes to the document as it was before. Yjs's own `event.delta` hands out
 * embeds as objects, leaves out what a Y.Text is not meant to hold, and does not tell of pairs that were cut.
 */
export function receivedChanges(event: Y.YTextEvent, before: Text): ChangeSpec[] {
  const changes: ChangeSpec[] = []
  let position = 0
  for (let item = event.target._start; item !== null; item = item.right) {
    if (!item.countable) continue
    if (event.adds(item)) {
      if (!item.deleted) changes.push({ from: position, insert: readItem(item) })
    } else if (!item.deleted) {
      changes.push(...cutPairs(item, position, before))
      position += item.length
    } else if (event.deletes(item)) {
      changes.push({ from: position, to: position + item.length })
      position += item.length
    }
  }
  return changes
}

/** The one change that makes `document` say `wanted`, or undefined if it does already. */
export function difference(
  document: Text,
  wanted: string,
): { from: number; to: number; insert: string } | undefined {
  const present = document.toString()
  if (present === wanted) return undefined
  const shorter = Math.min(present.length, wanted.length)
  let start = 0
  while (start < shorter && present.charCodeAt(start) === wanted.charCodeAt(start)) start++
  let end = 0
  while (
    end < shorter - start &&
    present.charCodeAt(present.length - 1 - end) === wanted.charCodeAt(wanted.length - 1 - end)
  )
    end++
  return { from: start, to: present.length - end, insert: wanted.slice(start, wanted.length - end) }
}

/** Whether anything in the text was ever bold, coloured or a link. */
export function hasFormatting(text: Y.Text): boolean {
  return text._hasFormatting
}

/** Whether a surrogate pair reaches across `position`. */
export function splitsPair(document: Text, position: number): boolean {
  if (position === 0 || position === document.length) return false
  const around = document.sliceString(position - 1, position + 1)
  return isHighSurrogate(around.charCodeAt(0)) && isLowSurrogate(around.charCodeAt(1))
}

function readItem(item: Y.Item): string {
  return item.content instanceof Y.ContentString ? item.content.str : objectCharacter.repeat(item.length)
}

/**
 * Yjs replaces both halves of a pair when an edit (even a formatting) cuts through it, and says nothing. The cut is
 * where items now meet, so only the ends of an item can have changed.
 */
function cutPairs(item: Y.Item, position: number, before: Text): ChangeSpec[] {
  if (!(item.content instanceof Y.ContentString)) return []
  const { str } = item.content
  const last = position + str.length - 1
  const changes: ChangeSpec[] = []
  if (str.startsWith(replacementCharacter) && splitsPair(before, position))
    changes.push({ from: position, to: position + 1, insert: replacementCharacter })
  if (str.endsWith(replacementCharacter) && splitsPair(before, last + 1))
    changes.push({ from: last, to: last + 1, insert: replacementCharacter })
  return changes
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
