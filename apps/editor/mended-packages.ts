/** What some packages do wrong for pages like ours is mended as they are built in; the build fails once they change. */
import type { Plugin } from 'vite'

export function mendedPackages(): Plugin[] {
  return [
    // It marks as pure the calls that make its commands, and a bundler would leave them out.
    mend(/codemirror-emacs\/dist\/index\.js$/, '/*@__PURE__*/EmacsHandler.', 'EmacsHandler.'),
    // It tries at once whether it may parse a string, which our policy forbids and reports. We give it elements.
    mend(
      /turndown\/lib\/turndown\.browser\.es\.js$/,
      'canParseHTMLNatively() ? root.DOMParser : createHTMLParser()',
      'undefined',
    ),
    // Phones whose letters others edit around: a word composed at the end of the text was doubled. What was composed since
    // is not counted in `to`, so nothing of it may be clipped, and the browser's own copy is to stay as the browser made it.
    mend(
      codeMirrorView,
      'contextPos = Math.min(contextPos, clipLen);',
      'if (!this.composing?.drifted) contextPos = Math.min(contextPos, clipLen);',
    ),
    mend(
      codeMirrorView,
      'this.composing.editorBase = update.changes.mapPos(this.composing.editorBase);',
      '$& this.pendingContextChange = null;',
    ),
    // Others may have deleted what is being composed.
    mend(
      codeMirrorView,
      'let from = this.toEditorPos(e.updateRangeStart), to = this.toEditorPos(e.updateRangeEnd);',
      'let [from, to] = [e.updateRangeStart, e.updateRangeEnd].map((at) => Math.min(this.toEditorPos(at), view.state.doc.length));',
    ),
    // Nobody here uses what these calls make, but a bundler cannot know that they do nothing else: a library of schemas comes with them.
    mend(/lib0\/dom\.js$/, '$.$custom(', '/*@__PURE__*/ $.$custom('),
  ]
}

const codeMirrorView = /@codemirror\/view\/dist\/index\.js$/

function mend(file: RegExp, wrong: string, right: string): Plugin {
  return {
    name: `mend ${file.source}`,
    apply: 'build',
    transform: {
      filter: { id: file },
      handler(code) {
        if (!code.includes(wrong)) throw new Error(`${file.source} no longer says ${wrong}`)
        return { code: code.replaceAll(wrong, right), map: null }
      },
    },
  }
}
