/**
 * The page in the frame: shows what the page around it hands over, and says what people do. It has an origin of its own, so
 * that nothing here can read a link's key, and is handed all it is made of: an opaque origin has no worker to keep things for it.
 */
import { assertNever } from '@quire/protocol'
import tokens from '../../look/tokens.css?inline'
import { isToFrame, type FromFrame, type Purpose, type ToFrame } from '../messages.ts'
import { Blocks } from './blocks.ts'
import type * as diagramsPart from './diagrams.ts'
import frameStyles from './frame.css?inline'
import { readCode, readMarkdown } from './markdown.ts'
import type * as mathPart from './math.ts'
import { Parts } from './parts.ts'
import { idPrefix, sanitised, sanitisedHtml } from './sanitise.ts'

const host = window.parent
const text = document.createElement('main')
const parts = new Parts((part) => tell({ type: 'part-wanted', part }))
const awaitingColours = new Map<
  number,
  { readonly element: HTMLElement; readonly coloured: PromiseWithResolvers<void> }
>()
let dress: Extract<ToFrame, { type: 'dress' }> | undefined
/** The person acts here, and not in the text: then it is from here that both scroll. */
let isLeading = false
let lastId = 0
let drawing = Promise.resolve()
/** What is drawn or coloured just now. */
const underWay = new Set<Promise<void>>()
const adopted = new Set<string>()

const blocks = new Blocks(text, {
  make(html) {
    const block = document.createElement('div')
    block.append(sanitised(html))
    for (const formula of block.querySelectorAll<HTMLElement>('.math')) begin(drawMath(formula))
    return block
  },
  placed(block) {
    for (const code of block.querySelectorAll<HTMLElement>('pre.code')) colourInTime(code)
    for (const diagram of block.querySelectorAll<HTMLElement>('pre.diagram')) drawDiagram(diagram)
  },
  async pause() {
    tell({ type: 'busy' })
    await nextTurn()
  },
})

// Opened by itself it is an empty page.
if (host !== window) {
  adoptStyles(tokens)
  adoptStyles(frameStyles)
  document.body.append(text)
  listen()
  tell({ type: 'ready' })
}

function tell(message: FromFrame): void {
  // Whoever is around it: the server lets only its own pages be that.
  host.postMessage(message, '*')
}

function listen(): void {
  addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    if (source === host && isToFrame(data)) void receive(data)
  })
  for (const type of ['pointermove', 'touchstart', 'wheel'] as const)
    addEventListener(type, () => (isLeading = true), { passive: true })
  addEventListener('keydown', keyPressed)
  addEventListener('scroll', scrolled, { passive: true })
  addEventListener('click', clicked)
  addEventListener('auxclick', clicked)
}

/** Whoever has something more urgent to do does it first. A timer would wait for four milliseconds each time. */
function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(undefined)
  })
}

async function receive(message: ToFrame): Promise<void> {
  switch (message.type) {
    case 'dress':
      putOn(message)
      return
    case 'faces':
      for (const { data, ...descriptors } of message.faces)
        document.fonts.add(new FontFace('iA Writer Quattro', data, descriptors))
      return
    case 'show':
      await show(message)
      return
    case 'scroll':
      isLeading = false
      scrollTo({ top: blocks.topOf(message.line), behavior: 'instant' })
      return
    case 'part':
      parts.arrived(message.part, message.code)
      return
    case 'part-missing':
      parts.missing(message.part)
      return
    case 'colours':
      takeColours(message)
      return
    case 'html-wanted':
      await allDone()
      tell({ type: 'html', id: message.id, html: await forPaper(() => writtenOut(message.purpose)) })
      return
    case 'print':
      await forPaper(() => printOut(message.title))
      tell({ type: 'printed' })
      return
    default:
      assertNever(message)
  }
}

function putOn(message: Extract<ToFrame, { type: 'dress' }>): void {
  const wasDark = isDark()
  dress = message
  text.ariaLabel = message.words.title
  document.documentElement.style.colorScheme = message.theme === 'system' ? 'light dark' : message.theme
  if (isDark() !== wasDark)
    for (const diagram of text.querySelectorAll<HTMLElement>('.diagram')) drawDiagram(diagram)
}

function isDark(): boolean {
  return (
    dress?.theme === 'dark' ||
    (dress?.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  )
}

async function show({ text: source, language }: Extract<ToFrame, { type: 'show' }>): Promise<void> {
  if (!dress) return
  const read = language === 'markdown' ? readMarkdown(source, dress) : [readCode(source, language)]
  text.classList.toggle('long', read.length >= longText)
  await blocks.show(read)
  // Laid out by then, since what that takes is part of how long a text takes.
  text.getBoundingClientRect()
  tell({ type: 'shown' })
}

/** What does not come leaves what was written. */
function begin(work: Promise<void>): void {
  const done = work.catch(() => undefined).finally(() => underWay.delete(done))
  underWay.add(done)
}

/** All that is shown is as it will be, however far it is from what is seen. */
async function allDone(): Promise<void> {
  for (const code of text.querySelectorAll<HTMLElement>('pre.code')) if (!asked.has(code)) askForColours(code)
  await Promise.all(underWay)
}

async function drawMath(element: HTMLElement): Promise<void> {
  const formula = element.textContent
  const { drawFormula, styles } = await parts.get<typeof mathPart>('math')
  adoptStyles(styles)
  drawFormula(element, formula)
}

function drawDiagram(element: HTMLElement): void {
  begin(drawInTurn(element, isDark))
}

/** In the order in which they were asked for. */
function drawInTurn(element: HTMLElement, isForDark: () => boolean): Promise<void> {
  const drawn = drawing.then(() => drawNow(element, isForDark()))
  drawing = drawn.catch(() => undefined)
  return drawn
}

/** What is drawn for a dark page is drawn for a white one meanwhile. */
async function forPaper<Value>(act: () => Promise<Value> | Value): Promise<Value> {
  const diagrams = isDark() ? [...text.querySelectorAll<HTMLElement>('.diagram:has(svg)')] : []
  await Promise.all(diagrams.map((diagram) => drawInTurn(diagram, () => false).catch(() => undefined)))
  try {
    return await act()
  } finally {
    for (const diagram of diagrams) drawDiagram(diagram)
  }
}

/** What is not in the page any more is left. */
async function drawNow(element: HTMLElement, isForDark: boolean): Promise<void> {
  const { drawDiagram: draw } = await parts.get<typeof diagramsPart>('diagrams')
  if (!element.isConnected) return
  const source = sources.get(element) ?? element.textContent
  sources.set(element, source)
  const drawn = await draw(source, isForDark)
  element.classList.toggle('failed', !drawn)
  if (drawn) element.replaceChildren(drawn)
  else element.dataset['words'] = dress?.words.diagramFailed ?? ''
}

const sources = new WeakMap<HTMLElement, string>()

/** In blocks. Of a longer text, only what is near is laid out (`.long` in the styles) and coloured. */
const longText = 1000
const isLong = (): boolean => text.classList.contains('long')

/** Of thousands of pieces, only those get their colours that are near what is seen. */
function colourInTime(element: HTMLElement): void {
  if (isLong()) nearView.observe(element)
  else askForColours(element)
}

/** Whoever wants all of a text has their colours asked for before they come near. */
const asked = new WeakSet<HTMLElement>()

const nearView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue
      askForColours(target)
    }
  },
  { rootMargin: '100%' },
)

/** The page around knows the editor's parsers. It is handed code and hands back places, so that neither trusts the other with HTML. */
function askForColours(element: HTMLElement): void {
  nearView.unobserve(element)
  if (asked.has(element)) return
  asked.add(element)
  const { language } = element.dataset
  if (!language) return
  const id = ++lastId
  const coloured = Promise.withResolvers<void>()
  awaitingColours.set(id, { element, coloured })
  begin(coloured.promise)
  tell({ type: 'code', id, language, code: element.textContent })
}

type Colours = Extract<ToFrame, { type: 'colours' }>

const arrived: Colours[] = []
const gatherMs = 250

/** In a long text, several pieces at once. */
function takeColours(colours: Colours): void {
  if (!isLong()) putColours(colours)
  else if (arrived.push(colours) === 1) setTimeout(() => arrived.splice(0).forEach(putColours), gatherMs)
}

function putColours({ id, spans }: Colours): void {
  const awaited = awaitingColours.get(id)
  awaitingColours.delete(id)
  awaited?.coloured.resolve()
  const code = awaited?.element.querySelector('code')
  if (!code) return
  const source = code.textContent
  const coloured = document.createDocumentFragment()
  let end = 0
  for (const [from, to, classes] of spans) {
    if (from < end || to > source.length) return
    const span = document.createElement('span')
    span.className = classes
    span.append(source.slice(from, to))
    coloured.append(source.slice(end, from), span)
    end = to
  }
  coloured.append(source.slice(end))
  code.replaceChildren(coloured)
}

function keyPressed(event: KeyboardEvent): void {
  isLeading = true
  const wanted = wantedBy(event)
  if (!wanted) return
  tell({ type: wanted })
  event.preventDefault()
}

/** What is asked of the page around, which hears no key that is pressed in here. */
function wantedBy({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent) {
  if (key === 'F1') return 'palette-wanted'
  if (key === 'Escape') return 'escape'
  if (!ctrlKey && !metaKey) return undefined
  switch (key.toLowerCase()) {
    case 'p':
      return shiftKey ? 'palette-wanted' : 'print-wanted'
    case 'e':
      return shiftKey ? 'leave' : undefined
    default:
      return undefined
  }
}

function scrolled(): void {
  if (isLeading) tell({ type: 'scrolled', line: blocks.lineAt(scrollY) })
}

/** Nothing that is clicked leads this frame elsewhere: links of the text are followed here, others by the page around. */
function clicked(event: MouseEvent): void {
  const { target } = event
  if (!(target instanceof Element)) return
  if (target.closest('.show-pictures')) tell({ type: 'pictures-wanted' })
  const href = target.closest('a')?.getAttribute('href')
  if (href === undefined || href === null) return
  event.preventDefault()
  if (href.startsWith('#')) placeOf(href.slice(1))?.scrollIntoView()
  else tell({ type: 'open', href })
}

function placeOf(fragment: string): Element | null {
  try {
    return document.getElementById(idPrefix + decodeURIComponent(fragment))
  } catch {
    return null
  }
}

async function printOut(title: string): Promise<void> {
  // What the file is called that is printed to, and what stands at the edge of the paper.
  document.title = title
  const isOver = new Promise((resolve) => addEventListener('afterprint', resolve, { once: true }))
  print()
  await isOver
}

/** Formulas as MathML, which needs no style sheet, pictures whether or not they are shown here, and nothing that only works here. */
function writtenOut(purpose: Purpose): string {
  // In a document that is not shown nothing is fetched: what pictures are for is up to whoever reads this.
  const elsewhere = document.implementation.createHTMLDocument()
  const copy = elsewhere.createElement('div')
  copy.append(...[...text.children].map((block) => elsewhere.importNode(block, true)))
  for (const placeholder of copy.querySelectorAll<HTMLElement>('.picture[data-source]')) {
    const picture = elsewhere.createElement('img')
    picture.src = placeholder.dataset['source'] ?? ''
    picture.alt = placeholder.dataset['alt'] ?? ''
    if (placeholder.title) picture.title = placeholder.title
    placeholder.replaceWith(picture)
  }
  for (const formula of copy.querySelectorAll('.katex')) {
    const mathMl = formula.querySelector('.katex-mathml > math')
    // What was written, which is not to be read beside what it means.
    mathMl?.querySelector('annotation')?.remove()
    if (mathMl) formula.replaceWith(mathMl)
  }
  for (const element of copy.querySelectorAll('[data-line], [data-language]')) {
    element.removeAttribute('data-line')
    element.removeAttribute('data-language')
  }
  for (const element of copy.querySelectorAll('[id], a[href^="#"]')) {
    const place = element.getAttribute('href')
    if (place?.startsWith('#')) element.setAttribute('href', `#${idPrefix}${place.slice(1)}`)
  }
  if (purpose === 'clipboard') makePastable(copy)
  return sanitisedHtml([...copy.children].map((block) => block.innerHTML).join(''))
}

/** Where it is pasted are no drawings, and of a place in the text a browser makes the address of this page. */
function makePastable(copy: HTMLElement): void {
  const drawn = [...text.querySelectorAll<HTMLElement>('.diagram')]
  for (const [index, diagram] of copy.querySelectorAll('.diagram').entries()) {
    const code = document.createElement('code')
    const original = drawn[index]
    code.textContent = (original && sources.get(original)) ?? diagram.textContent
    diagram.replaceChildren(code)
  }
  for (const element of copy.querySelectorAll('[style]')) element.removeAttribute('style')
  for (const back of copy.querySelectorAll('.footnote-backref')) back.remove()
  for (const link of copy.querySelectorAll('a'))
    if (!/^(?:https?|mailto):/iu.test(link.getAttribute('href') ?? '')) link.replaceWith(...link.childNodes)
}

function adoptStyles(styles: string): void {
  if (adopted.has(styles)) return
  adopted.add(styles)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(styles)
  document.adoptedStyleSheets.push(sheet)
}
