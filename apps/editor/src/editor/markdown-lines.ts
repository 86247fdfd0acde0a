/**
 * Gives the lines of a Markdown text their shape: headings their size, with the `#` hung out into the margin where
 * there is room; lists and quotes a hanging indent as wide as their marks; code blocks their face. Only what is in
 * view is looked at, and nothing depends on where the caret is.
 */
import { syntaxTree } from '@codemirror/language'
import type { Extension, Line, Range } from '@codemirror/state'
import type { DecorationSet, ViewUpdate } from '@codemirror/view'
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view'

export function markdownLines(): Extension {
  return [lineShapes, look]
}

/** A wider prefix (a list seven levels deep) just keeps this indent. */
const widestPrefix = 16

const lineShapes = ViewPlugin.define(
  (view) => ({
    decorations: shapeLines(view),
    update({ docChanged, viewportChanged, startState, state, view: updated }: ViewUpdate) {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state))
        this.decorations = shapeLines(updated)
    },
  }),
  { decorations: (plugin): DecorationSet => plugin.decorations },
)

function shapeLines(view: EditorView): DecorationSet {
  const { doc } = view.state
  const decorations: Range<Decoration>[] = []
  const tree = syntaxTree(view.state)
  for (const visible of view.visibleRanges) {
    /** By line start: how far its list and quote marks reach. */
    const prefixes = new Map<number, { readonly line: Line; readonly end: number }>()
    const shapeWhole = (from: number, to: number, shape: Decoration): void => {
      const end = Math.min(to, visible.to)
      for (let line = doc.lineAt(Math.max(from, visible.from)); ; line = doc.line(line.number + 1)) {
        decorations.push(shape.range(line.from))
        if (line.to >= end) return
      }
    }
    tree.iterate({
      ...visible,
      enter({ name, from, to, node }) {
        const heading = headings[name]
        if (heading) shapeWhole(from, to, heading)
        else if (name === 'FencedCode' || name === 'CodeBlock') shapeWhole(from, to, codeLine)
        else if (name === 'HeaderMark' && node.parent?.name.startsWith('ATX')) {
          const line = doc.lineAt(from)
          if (from === line.from) decorations.push(hungMark.range(from, endOfSpace(line, to)))
        } else if (name === 'ListMark' || name === 'QuoteMark') {
          const line = doc.lineAt(from)
          prefixes.set(line.from, { line, end: endOfSpace(line, to) })
        }
      },
    })
    for (const { line, end } of prefixes.values()) {
      const width = Math.min(Math.max(end - line.from, 2), widestPrefix)
      decorations.push(Decoration.line({ class: `cm-hanging cm-hanging-${width}` }).range(line.from))
      decorations.push(prefixMark.range(line.from, end))
    }
  }
  return Decoration.set(decorations, true)
}

/** One space after a mark belongs to it. */
function endOfSpace(line: Line, end: number): number {
  return line.text[end - line.from] === ' ' ? end + 1 : end
}

const headings: Readonly<Record<string, Decoration>> = Object.fromEntries(
  ['ATXHeading', 'SetextHeading'].flatMap((kind) =>
    [1, 2, 3, 4, 5, 6].map((level) => [
      `${kind}${level}`,
      Decoration.line({ class: `cm-heading cm-heading-${level}` }),
    ]),
  ),
)

const codeLine = Decoration.line({ class: 'cm-codeLine' })
const hungMark = Decoration.mark({ class: 'cm-hungMark' })
const prefixMark = Decoration.mark({ class: 'cm-prefix' })

const hangingIndents = Object.fromEntries(
  Array.from({ length: widestPrefix - 1 }, (_, index) => index + 2).flatMap((width) => [
    [
      `.cm-line.cm-hanging-${width}`,
      { paddingInlineStart: `calc(var(--gutter, 0px) + ${width}ch)`, textIndent: `-${width}ch` },
    ],
    [`.cm-hanging-${width} .cm-prefix`, { minWidth: `${width}ch` }],
  ]),
)

const look = EditorView.theme({
  '.cm-heading': { lineHeight: '1.3', letterSpacing: '-0.01em' },
  '.cm-heading-1': { fontSize: 'var(--step-3)', lineHeight: '1.2', letterSpacing: '-0.015em' },
  '.cm-heading-2': { fontSize: 'var(--step-2)', paddingTop: '0.45em' },
  '.cm-heading-3': { fontSize: '1.12em', paddingTop: '0.4em' },
  '.cm-prefix': { display: 'inline-block', textIndent: '0', textAlign: 'end', whiteSpace: 'pre' },
  ...hangingIndents,
  '.cm-code': {
    fontFamily: 'var(--mono)',
    fontSize: '0.88em',
    background: 'var(--rule)',
    borderRadius: '4px',
  },
  // Code is read from the left, whatever its words.
  '.cm-codeLine': { fontFamily: 'var(--mono)', fontSize: '0.88em', direction: 'ltr' },
  '.cm-codeLine .cm-code': { fontSize: '1em', background: 'none' },
  '@container (min-width: 900px)': {
    // As wide as any mark, and taken back by the margin: the heading begins where the text begins.
    '.cm-hungMark': {
      display: 'inline-block',
      width: '6ch',
      marginInlineStart: '-6ch',
      textAlign: 'end',
      whiteSpace: 'pre',
    },
    // There the margin is taken.
    '.cm-gutters + .cm-content .cm-hungMark': { display: 'inline', marginInlineStart: '0' },
  },
  '@media (max-width: 600px)': {
    '.cm-heading-1': { fontSize: '1.625rem' },
  },
})
