/**
 * The page's side of a preview: hands the text to the frame, no faster than it can show it, and answers what it asks for. Of
 * what the frame says it believes nothing: it may name places in the text, code to be coloured and links to be opened by a click.
 */
import { assertNever } from '@quire/protocol'
import bold from '@fontsource/ia-writer-quattro/files/ia-writer-quattro-latin-700-normal.woff2?url'
import italic from '@fontsource/ia-writer-quattro/files/ia-writer-quattro-latin-400-italic.woff2?url'
import regular from '@fontsource/ia-writer-quattro/files/ia-writer-quattro-latin-400-normal.woff2?url'
import { diagrams, math, page } from 'virtual:preview-frame'
import {
  isFromFrame,
  type Face,
  type FrameWords,
  type FromFrame,
  type Purpose,
  type Theme,
  type ToFrame,
} from './messages.ts'

/** Scripts, and printing. Not our origin, no windows, no forms, no leading the page elsewhere. */
export const frameRights = 'allow-scripts allow-modals'

/** The server lets pictures from elsewhere through to a frame that is asked for like this. */
export function frameAddress(pictures: boolean): string {
  return pictures && !page.startsWith('data:') ? `${page}?pictures` : page
}

export interface FrameListener {
  /** The text stands in the frame. */
  shown(): void
  scrolled(line: number): void
  picturesWanted(): void
  left(): void
  escaped(): void
  paletteWanted(): void
  /** It did not come, or shows nothing any more. */
  failed(): void
}

export interface FrameOptions {
  readonly element: HTMLIFrameElement
  readonly readText: () => string
  /** As `show` has it. */
  readonly readLanguage: () => string
  readonly theme: Theme
  readonly pictures: boolean
  readonly words: FrameWords
  readonly listener: FrameListener
}

/** Often enough to be followed with the eyes. */
const pauseMs = 120
/** A text that takes long to show is shown less often, so that most of the time is left for typing it. */
const restShare = 3
/** A frame that is silent for longer than this will not speak any more. */
const patienceMs = 15_000

export class PreviewFrame {
  readonly #options: FrameOptions
  #state: 'loading' | 'idle' | 'showing' | 'closed' = 'loading'
  #isStale = true
  #theme: Theme
  #line = 0
  #sentAt = 0
  #shownAt = 0
  #nextShow: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setTimeout> | undefined
  #lastId = 0
  #colouring = Promise.resolve()
  readonly #written = new Map<number, PromiseWithResolvers<string>>()
  /** How often a text was handed over. */
  #shows = 0
  #printed: PromiseWithResolvers<void> | undefined
  /** Of what is to be written out, by its id: the showing that has to be done before. */
  readonly #waiting = new Map<number, { readonly purpose: Purpose; readonly show: number }>()

  constructor(options: FrameOptions) {
    this.#options = options
    this.#theme = options.theme
    addEventListener('message', this.#heard)
    this.#watchOver()
  }

  close(): void {
    this.#state = 'closed'
    removeEventListener('message', this.#heard)
    clearTimeout(this.#nextShow)
    clearTimeout(this.#watch)
    for (const awaited of [...this.#written.values(), this.#printed])
      awaited?.reject(new Error('the preview was closed'))
  }

  /** The text has changed, or what it is written in. */
  refresh(): void {
    this.#isStale = true
    if (this.#state !== 'idle' || this.#nextShow !== undefined) return
    const tookMs = this.#shownAt - this.#sentAt
    const dueAt = this.#shownAt + Math.max(pauseMs, tookMs * restShare)
    this.#nextShow = setTimeout(() => this.#show(), Math.max(0, dueAt - performance.now()))
  }

  dress(theme: Theme): void {
    this.#theme = theme
    if (this.#state !== 'loading') this.#sayDress()
  }

  scrollTo(line: number): void {
    this.#line = line
    if (this.#state !== 'loading') this.#say({ type: 'scroll', line })
  }

  /** The text as it is now, with all that is drawn in it; resolves when the browser is done with that, rejects if it is closed before. */
  async print(): Promise<void> {
    await this.html('page')
    this.#printed ??= Promise.withResolvers()
    this.#say({ type: 'print', title: document.title })
    await this.#printed.promise
  }

  /** The text as it is now, with all that is drawn in it, as HTML without scripts or anything that needs this page; rejects if it is closed before. */
  html(purpose: Purpose): Promise<string> {
    const id = ++this.#lastId
    const written = Promise.withResolvers<string>()
    this.#written.set(id, written)
    this.#waiting.set(id, { purpose, show: this.#isStale ? this.#shows + 1 : this.#shows })
    this.#askForWritten()
    return written.promise
  }

  /** Of a text that changes all the while, one that is no older than the question. */
  #askForWritten(): void {
    if (this.#state !== 'idle') return
    for (const [id, { purpose, show }] of this.#waiting) {
      if (show > this.#shows) continue
      this.#waiting.delete(id)
      this.#say({ type: 'html-wanted', id, purpose })
    }
    if (this.#waiting.size > 0) this.#show()
  }

  readonly #heard = ({ source, data }: MessageEvent<unknown>): void => {
    if (source === this.#options.element.contentWindow && isFromFrame(data)) this.#receive(data)
  }

  #receive(message: FromFrame): void {
    const { listener } = this.#options
    switch (message.type) {
      case 'ready':
        this.#sayDress()
        void this.#bringFaces()
        this.#show()
        return
      case 'busy':
        if (this.#state === 'showing') this.#watchOver()
        return
      case 'shown':
        this.#shown()
        return
      case 'scrolled':
        this.#line = message.line
        listener.scrolled(message.line)
        return
      case 'open':
        openElsewhere(message.href)
        return
      case 'pictures-wanted':
        listener.picturesWanted()
        return
      case 'part-wanted':
        void this.#bringPart(message)
        return
      case 'code':
        this.#colouring = this.#colour(message, this.#colouring)
        return
      case 'html':
        this.#written.get(message.id)?.resolve(message.html)
        this.#written.delete(message.id)
        return
      case 'print-wanted':
        void this.print().catch(() => undefined)
        return
      case 'printed':
        this.#printed?.resolve()
        this.#printed = undefined
        return
      case 'leave':
        listener.left()
        return
      case 'escape':
        listener.escaped()
        return
      case 'palette-wanted':
        listener.paletteWanted()
        return
      default:
        assertNever(message)
    }
  }

  #show(): void {
    clearTimeout(this.#nextShow)
    this.#nextShow = undefined
    this.#isStale = false
    this.#shows++
    this.#state = 'showing'
    this.#sentAt = performance.now()
    this.#watchOver()
    const { readText, readLanguage } = this.#options
    this.#say({ type: 'show', text: readText(), language: readLanguage() })
  }

  #shown(): void {
    if (this.#state !== 'showing') return
    clearTimeout(this.#watch)
    this.#state = 'idle'
    this.#shownAt = performance.now()
    this.#say({ type: 'scroll', line: this.#line })
    this.#options.listener.shown()
    this.#askForWritten()
    if (this.#isStale) this.refresh()
  }

  #watchOver(): void {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => this.#options.listener.failed(), patienceMs)
  }

  #sayDress(): void {
    const { pictures, words } = this.#options
    this.#say({ type: 'dress', theme: this.#theme, pictures, words })
  }

  async #bringFaces(): Promise<void> {
    const faces = await Promise.all(
      [
        { url: regular, weight: '400', style: 'normal' },
        { url: italic, weight: '400', style: 'italic' },
        { url: bold, weight: '700', style: 'normal' },
      ].map(async ({ url, ...face }): Promise<Face> => ({
        ...face,
        data: await (await fetch(url)).arrayBuffer(),
      })),
    ).catch(() => []) // the system's face stands in
    this.#say({ type: 'faces', faces })
  }

  /** What cannot be had stays as it was written. */
  async #bringPart({ part }: Extract<FromFrame, { type: 'part-wanted' }>): Promise<void> {
    const code = await fetch(part === 'math' ? math : diagrams)
      .then((response) => (response.ok ? response.text() : undefined))
      .catch(() => undefined)
    this.#say(code === undefined ? { type: 'part-missing', part } : { type: 'part', part, code })
  }

  async #colour(
    { id, language, code }: Extract<FromFrame, { type: 'code' }>,
    earlier: Promise<void>,
  ): Promise<void> {
    await earlier
    if (this.#state === 'closed') return
    // Parsers are fetched with the first code there is; one that cannot be had leaves its code plain.
    const spans = await import('./colour-code.ts')
      .then(({ colourCode }) => colourCode(language, code))
      .catch(() => [])
    this.#say({ type: 'colours', id, spans })
    // One piece of code at a time, with room for typing between.
    await new Promise((resolve) => setTimeout(resolve))
  }

  #say(message: ToFrame): void {
    if (this.#state === 'closed') return
    // It has no origin that could be named. What is not one of the server's pages does not get into the frame.
    this.#options.element.contentWindow?.postMessage(message, '*')
  }
}

const schemes = new Set(['https:', 'http:', 'mailto:'])

/** A link that says where it leads is opened in another tab, which learns nothing of this one. Browsers let that happen on a click. */
function openElsewhere(href: string): void {
  if (!URL.canParse(href) || !schemes.has(new URL(href).protocol)) return
  if (!navigator.userActivation.isActive) return
  const link = document.createElement('a')
  link.href = href
  link.target = '_blank'
  link.rel = 'noopener noreferrer'
  link.click()
}
