/**
 * What a page and the frame of its preview say to each other. The frame holds what strangers wrote, so that neither
 * side takes anything for a message that is not shaped like one.
 */

export type Theme = 'light' | 'dark' | 'system'

/** What is fetched only for a text that needs it. */
export type Part = 'math' | 'diagrams'

/** What is written out is to stand by itself, or to be pasted somewhere, where there are no drawings and no places to lead to. */
export type Purpose = 'page' | 'clipboard'

/** From where to where in a piece of code, and the classes that this part of it gets. */
export type ColouredSpan = readonly [from: number, to: number, classes: string]

/** What the frame says to people; `{site}` stands for where a picture would come from. */
export interface FrameWords {
  readonly pictureFrom: string
  readonly showPictures: string
  readonly diagramFailed: string
  /** What a page that has other main parts calls this one. */
  readonly title: string
}

export interface Face {
  readonly weight: string
  readonly style: string
  readonly data: ArrayBuffer
}

export type ToFrame =
  | { readonly type: 'dress'; readonly theme: Theme; readonly words: FrameWords; readonly pictures: boolean }
  | { readonly type: 'faces'; readonly faces: readonly Face[] }
  /** `language` is `'markdown'`, `'text'`, or the name of one that code is written in. */
  | { readonly type: 'show'; readonly text: string; readonly language: string }
  /** The line of the text that stands at the upper edge; a fraction is how far it has been scrolled past. */
  | { readonly type: 'scroll'; readonly line: number }
  /** The code of a part, as it was asked for. */
  | { readonly type: 'part'; readonly part: Part; readonly code: string }
  | { readonly type: 'part-missing'; readonly part: Part }
  | { readonly type: 'colours'; readonly id: number; readonly spans: readonly ColouredSpan[] }
  | { readonly type: 'html-wanted'; readonly id: number; readonly purpose: Purpose }
  /** `title` is what is printed is called. */
  | { readonly type: 'print'; readonly title: string }

export type FromFrame =
  | { readonly type: 'ready' }
  /** It works on the text; a frame that has said nothing for long hangs. */
  | { readonly type: 'busy' }
  /** All of the text is there; another may come. */
  | { readonly type: 'shown' }
  /** Somebody scrolled. */
  | { readonly type: 'scrolled'; readonly line: number }
  | { readonly type: 'open'; readonly href: string }
  | { readonly type: 'pictures-wanted' }
  | { readonly type: 'part-wanted'; readonly part: Part }
  | { readonly type: 'code'; readonly id: number; readonly language: string; readonly code: string }
  | { readonly type: 'html'; readonly id: number; readonly html: string }
  /** The key for that was pressed in it. */
  | { readonly type: 'print-wanted' }
  /** Whether or not anything was, nothing is any more. */
  | { readonly type: 'printed' }
  /** The key that opened the preview was pressed in it. */
  | { readonly type: 'leave' }
  /** So was the one that leads back. */
  | { readonly type: 'escape' }
  /** So was one by which commands are found. */
  | { readonly type: 'palette-wanted' }

export function isToFrame(value: unknown): value is ToFrame {
  return isOneOf(toFrame, value)
}

export function isFromFrame(value: unknown): value is FromFrame {
  return isOneOf(fromFrame, value)
}

type Check = (value: unknown) => boolean
type Shapes<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: {
    readonly [Field in Exclude<keyof Extract<Message, { type: Type }>, 'type'>]: Check
  }
}

const isText: Check = (value) => typeof value === 'string'
const isFlag: Check = (value) => typeof value === 'boolean'
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0
const isPart: Check = (value) => value === 'math' || value === 'diagrams'
const isPurpose: Check = (value) => value === 'page' || value === 'clipboard'
const isTheme: Check = (value) => value === 'light' || value === 'dark' || value === 'system'
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]))
const isSpan: Check = (value) =>
  Array.isArray(value) &&
  value.length === 3 &&
  isNumber(value[0]) &&
  isNumber(value[1]) &&
  typeof value[2] === 'string' &&
  /^[a-z][a-z -]*$/u.test(value[2])

const toFrame: Shapes<ToFrame> = {
  dress: {
    theme: isTheme,
    words: record({ pictureFrom: isText, showPictures: isText, diagramFailed: isText, title: isText }),
    pictures: isFlag,
  },
  faces: {
    faces: listOf(record({ weight: isText, style: isText, data: (value) => value instanceof ArrayBuffer })),
  },
  show: { text: isText, language: isText },
  scroll: { line: isNumber },
  part: { part: isPart, code: isText },
  'part-missing': { part: isPart },
  colours: { id: isNumber, spans: listOf(isSpan) },
  'html-wanted': { id: isNumber, purpose: isPurpose },
  print: { title: isText },
}

const fromFrame: Shapes<FromFrame> = {
  ready: {},
  busy: {},
  shown: {},
  scrolled: { line: isNumber },
  open: { href: isText },
  'pictures-wanted': {},
  'part-wanted': { part: isPart },
  code: { id: isNumber, language: isText, code: isText },
  html: { id: isNumber, html: isText },
  'print-wanted': {},
  printed: {},
  leave: {},
  escape: {},
  'palette-wanted': {},
}

function isOneOf(shapes: Readonly<Record<string, Readonly<Record<string, Check>>>>, value: unknown): boolean {
  if (!isObject(value) || typeof value['type'] !== 'string') return false
  const { type } = value
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined
  return shape !== undefined && record(shape)(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
