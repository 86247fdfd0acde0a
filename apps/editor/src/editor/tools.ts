/**
 * What a text is written with: keys, commands, folding, search, links, pasting. Fetched as soon as the text is on the page,
 * so that the text need not wait for it; until then one reads and types.
 */
import { bracketMatching, indentUnit } from '@codemirror/language'
import type { Extension, StateEffect } from '@codemirror/state'
import { Compartment } from '@codemirror/state'
import { dropCursor, lineNumbers } from '@codemirror/view'
import { droppedTexts } from './dropped-texts.ts'
import { folding, foldMarks } from './folding.ts'
import { openedMarks } from './inline-markup.ts'
import { keysOf } from './keys.ts'
import { links } from './links.ts'
import { pastedHtml } from './pasted-html.ts'
import { search } from './search.ts'
import { selections } from './selections.ts'
import { isCode, type Setup } from './setup.ts'
import { tabKey } from './tab-key.ts'
import { tasks } from './tasks.ts'
import { wrapSelection } from './wrap-selection.ts'

export { editorCommands } from './commands.ts'
export { pastedWords } from './pasted-html.ts'

export function toolsFor(setup: Setup): Extension {
  return [
    keys.of(keysOf(setup.settings.keys)),
    choices.of(choicesOf(setup)),
    selections(),
    folding(),
    tasks(),
    openedMarks,
    links(),
    wrapSelection(),
    pastedHtml(),
    droppedTexts(),
    search(),
    dropCursor(),
  ]
}

/** What has not changed goes on as it was, such as a half typed command. */
export function changeTools(before: Setup, after: Setup): StateEffect<unknown>[] {
  const effects = [choices.reconfigure(choicesOf(after))]
  if (before.settings.keys !== after.settings.keys)
    effects.push(keys.reconfigure(keysOf(after.settings.keys)))
  return effects
}

const keys = new Compartment()
const choices = new Compartment()

function choicesOf(setup: Setup): Extension {
  const { settings } = setup
  const showsNumbers = settings.lineNumbers === 'code' ? isCode(setup) : settings.lineNumbers
  return [
    indentUnit.of(settings.indentUnit === 'tab' ? '\t' : ' '.repeat(settings.indentUnit)),
    showsNumbers ? lineNumbers() : [],
    settings.foldGutter ? foldMarks() : [],
    tabKey(settings.tabIndents || isCode(setup) ? 'everywhere' : 'lists and code'),
    isCode(setup) ? bracketMatching() : [],
  ]
}
