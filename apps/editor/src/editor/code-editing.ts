/** What only code needs while it is typed, fetched with its language. */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { indentOnInput } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { keymap } from '@codemirror/view'

export function codeEditing(): Extension {
  return [closeBrackets(), indentOnInput(), keymap.of(closeBracketsKeymap)]
}
