/**
 * Draws other people's carets and selections. They lie in layers above and below the text instead of in it, so that
 * no letter moves, no line breaks elsewhere and no composition is disturbed when someone passes; and only what is
 * in view is drawn. Knows nothing of awareness or Yjs.
 */
import type { Extension } from '@codemirror/state'
import { EditorSelection, StateEffect } from '@codemirror/state'
import type { LayerMarker, ViewUpdate } from '@codemirror/view'
import { EditorView, layer, RectangleMarker } from '@codemirror/view'

export interface DrawnPeer {
  readonly clientId: number
  readonly name: string
  /** Comes from the palette; still it is only ever set through the CSSOM, never as an attribute. */
  readonly colour: string
  readonly place: { readonly anchor: number; readonly head: number } | undefined
  /** Whether it has moved a moment ago, lately, or not for long. */
  readonly liveliness: 'named' | 'awake' | 'idle'
}

/** Says that `peersOf` would answer differently. */
export const peersChanged = StateEffect.define()

export function drawPeers(peersOf: (view: EditorView) => Iterable<DrawnPeer>): Extension {
  return [
    layer({
      above: false,
      class: 'cm-peerSelections',
      update: mayHaveMoved,
      markers: (view) => selectionMarkers(view, peersOf(view)),
    }),
    layer({
      above: true,
      class: 'cm-peerCarets',
      update: mayHaveMoved,
      markers: (view) => [...peersOf(view)].flatMap((peer) => caretMarkers(view, peer)),
    }),
    EditorView.domEventHandlers({ mousemove: nameUnderPointer() }),
    look,
  ]
}

function mayHaveMoved(update: ViewUpdate): boolean {
  return (
    update.docChanged ||
    update.viewportChanged ||
    update.transactions.some(({ effects }) => effects.some((effect) => effect.is(peersChanged)))
  )
}

/** However much is selected, a selection is at most three rectangles, of what is in view. */
function selectionMarkers(view: EditorView, peers: Iterable<DrawnPeer>): LayerMarker[] {
  const { from, to } = view.viewport
  const within = (position: number): number => Math.max(from, Math.min(position, to))
  // Measuring is what costs. Whoever has selected all that is in view has selected the same.
  const measured = new Map<string, readonly RectangleMarker[]>()
  const markers: LayerMarker[] = []
  for (const { place, colour, liveliness } of peers) {
    if (!place) continue
    const range = EditorSelection.range(within(place.anchor), within(place.head))
    if (range.empty) continue
    const key = `${range.from} ${range.to}`
    const boxes = measured.get(key) ?? RectangleMarker.forRange(view, 'cm-peerSelection', range)
    measured.set(key, boxes)
    for (const box of boxes) markers.push(new Wash(box, colour, liveliness === 'idle'))
  }
  return markers
}

function caretMarkers(view: EditorView, peer: DrawnPeer): LayerMarker[] {
  const { place } = peer
  if (!place) return []
  const { viewport, scrollDOM } = view
  const head = Math.min(place.head, view.state.doc.length)
  if (head < viewport.from || head > viewport.to) return []
  const [box] = RectangleMarker.forRange(view, '', EditorSelection.cursor(head))
  if (!box) return []
  const room = scrollDOM.scrollLeft + scrollDOM.clientWidth - box.left
  return [
    new Caret(peer, box, {
      leansLeft: room < labelWidthPx,
      hangsBelow: box.top - scrollDOM.scrollTop < labelHeightPx,
    }),
  ]
}

class Wash implements LayerMarker {
  readonly box: RectangleMarker
  readonly colour: string
  readonly isIdle: boolean

  constructor(box: RectangleMarker, colour: string, isIdle: boolean) {
    this.box = box
    this.colour = colour
    this.isIdle = isIdle
  }

  eq(other: LayerMarker): boolean {
    return (
      other instanceof Wash &&
      other.box.eq(this.box) &&
      other.colour === this.colour &&
      other.isIdle === this.isIdle
    )
  }

  draw(): HTMLElement {
    const element = this.box.draw()
    this.#dress(element)
    return element
  }

  update(element: HTMLElement, previous: LayerMarker): boolean {
    if (!(previous instanceof Wash)) return false
    this.#dress(element)
    return this.box.update(element, previous.box)
  }

  #dress({ style, classList }: HTMLElement): void {
    style.setProperty('--c', this.colour)
    classList.toggle('cm-peerIdle', this.isIdle)
  }
}

class Caret implements LayerMarker {
  readonly peer: DrawnPeer
  readonly box: RectangleMarker
  readonly label: { readonly leansLeft: boolean; readonly hangsBelow: boolean }

  constructor(peer: DrawnPeer, box: RectangleMarker, label: Caret['label']) {
    this.peer = peer
    this.box = box
    this.label = label
  }

  eq(other: LayerMarker): boolean {
    return (
      other instanceof Caret &&
      other.box.eq(this.box) &&
      other.peer.clientId === this.peer.clientId &&
      other.peer.name === this.peer.name &&
      other.peer.colour === this.peer.colour &&
      other.peer.liveliness === this.peer.liveliness &&
      other.label.leansLeft === this.label.leansLeft &&
      other.label.hangsBelow === this.label.hangsBelow
    )
  }

  draw(): HTMLElement {
    const element = document.createElement('div')
    element.className = 'cm-peerCaret'
    element.append(document.createElement('b'))
    this.#dress(element)
    return element
  }

  update(element: HTMLElement, previous: LayerMarker): boolean {
    if (!(previous instanceof Caret) || previous.peer.clientId !== this.peer.clientId) return false
    this.#dress(element)
    return true
  }

  #dress(element: HTMLElement): void {
    const { style, classList, firstElementChild: label } = element
    style.left = `${this.box.left}px`
    style.top = `${this.box.top}px`
    style.height = `${this.box.height}px`
    style.setProperty('--c', this.peer.colour)
    classList.toggle('cm-peerNamed', this.peer.liveliness === 'named')
    classList.toggle('cm-peerIdle', this.peer.liveliness === 'idle')
    classList.toggle('cm-peerLeansLeft', this.label.leansLeft)
    classList.toggle('cm-peerHangsBelow', this.label.hangsBelow)
    if (label && label.textContent !== this.peer.name) label.textContent = this.peer.name
  }
}

/** How near the pointer must come to a caret for its name to show. */
const reachPx = 5

/**
 * The layer lets every click through to the text, so it cannot hear the pointer itself. A browser also says that the pointer
 * moved when something moved beneath it, which is with everything that others write.
 */
function nameUnderPointer(): (event: MouseEvent, view: EditorView) => void {
  let last = { x: Number.NaN, y: Number.NaN }
  return ({ clientX: x, clientY: y }, view) => {
    if (x === last.x && y === last.y) return
    last = { x, y }
    for (const caret of view.scrollDOM.querySelectorAll('.cm-peerCaret')) {
      const { left, top, bottom } = caret.getBoundingClientRect()
      const isNear = Math.abs(x - left) <= reachPx && y >= top - reachPx && y <= bottom
      caret.classList.toggle('cm-peerHovered', isNear)
    }
  }
}

/** No label is larger than this (see `max-width` and `font` below). */
const labelWidthPx = 160
const labelHeightPx = 20

/** Palette colours are made to stand under white text; on dark paper a thin line of them needs more light. */
const lineColour = 'light-dark(var(--c), color-mix(in oklab, var(--c) 62%, white))'

const look = EditorView.baseTheme({
  // Whose they are is told by their colour, whatever other colours somebody has chosen.
  '.cm-peerSelections, .cm-peerCarets': { pointerEvents: 'none', forcedColorAdjust: 'none' },
  '.cm-peerSelection': {
    '--line': lineColour,
    background: 'color-mix(in oklab, var(--line) 20%, transparent)',
    borderRadius: '3px',
  },
  '.cm-peerIdle:not(.cm-peerHovered)': { opacity: 0.4 },
  '.cm-peerCaret': {
    '--line': lineColour,
    borderLeft: '2px solid var(--line)',
    marginLeft: '-1px',
  },
  '.cm-peerCaret::before': {
    content: '""',
    position: 'absolute',
    left: '-4px',
    top: '-3px',
    width: '6px',
    height: '6px',
    borderRadius: '50%',
    background: 'var(--line)',
  },
  '.cm-peerCaret b': {
    position: 'absolute',
    left: '-2px',
    bottom: 'calc(100% - 3px)',
    maxWidth: `${labelWidthPx - 12}px`,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    padding: '3px 5px',
    borderRadius: '4px 4px 4px 0',
    background: 'var(--c)',
    color: '#fff',
    font: '600 10.5px/1 var(--sans, sans-serif)',
    opacity: 0,
  },
  '.cm-peerCaret.cm-peerNamed b, .cm-peerCaret.cm-peerHovered b': { opacity: 1 },
  '.cm-peerLeansLeft b': { left: 'auto', right: '0', borderRadius: '4px 4px 0 4px' },
  '.cm-peerHangsBelow b': { bottom: 'auto', top: 'calc(100% - 3px)', borderRadius: '0 4px 4px 4px' },
  '@media (prefers-reduced-motion: no-preference)': {
    '.cm-peerCaret, .cm-peerSelection, .cm-peerCaret b': { transition: 'opacity 140ms ease-out' },
  },
  '@media print': {
    '.cm-peerSelections, .cm-peerCarets': { display: 'none' },
  },
})
