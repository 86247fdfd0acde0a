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
    // Nobody here uses what these calls make, but a bundler cannot know that they do nothing else: a library of schemas comes with them.
    mend(/lib0\/dom\.js$/, '$.$custom(', '/*@__PURE__*/ $.$custom('),
  ]
}

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
