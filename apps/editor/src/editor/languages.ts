/** What a whole text is written in: Markdown, plain words, or code in a language that is fetched for it. */
import { syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { Compartment } from '@codemirror/state'
import { ViewPlugin } from '@codemirror/view'
import { codeHighlight, codeLook } from './code-colours.ts'
import { hangingCode } from './hanging-code.ts'
import { useLazily } from './lazily.ts'
import { markdown } from './markdown.ts'

/** Code stands there plain until its language has come, and stays so if there is none of this name. */
export function languageOf(name: string): Extension {
  if (name === 'markdown') return markdown()
  if (name === 'text') return []
  const support = new Compartment()
  return [
    support.of([]),
    syntaxHighlighting(codeHighlight),
    codeLook(),
    hangingCode(),
    ViewPlugin.define((view) => {
      void useLazily(
        view,
        async () => {
          const [{ loadLanguage }, { codeEditing }] = await Promise.all([
            import('./code-languages.ts'),
            import('./code-editing.ts'),
          ])
          return [codeEditing(), (await loadLanguage(name)) ?? []]
        },
        (fetched) => {
          // By then it may be written in another.
          if (support.get(view.state)) view.dispatch({ effects: support.reconfigure(fetched) })
        },
      )
      return {}
    }),
  ]
}
