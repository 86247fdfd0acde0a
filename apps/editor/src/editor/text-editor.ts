/**
 * The editor as people meet it: a shared text, its own undo, everyone's carets, Markdown and the page. This is the one
 * list of what is loaded; it stands in for `basicSetup`, whose history would undo other people's text.
 */
import type { Extension } from '@codemirror/state'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, placeholder } from '@codemirror/view'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { following } from './following.ts'
import { invisibles } from './invisibles.ts'
import { lineDirection } from './line-direction.ts'
import { notices } from './notices.ts'
import { phrases } from './phrases.ts'
import { yPresence, type PresenceOptions } from './presence.ts'
import { defaultSettings, setUp, type EditorSettings } from './setup.ts'
import { ySync } from './sync.ts'
import { theme } from './theme.ts'
import { yUndo } from './undo.ts'
import { wholeTextKeys } from './whole-text-keys.ts'
import { t } from '../words/index.ts'

/** What whoever shows the text says of it, which may change while it is open. */
export interface Terms {
  readonly readOnly: boolean
  /** Stands in an empty text. */
  readonly placeholder?: string
  /** How a screen reader announces the editor. */
  readonly label?: string
}

export interface TextEditorOptions extends Terms {
  readonly text: Y.Text
  readonly awareness: Awareness
  /** As `Setup` has it; Markdown unless told otherwise. */
  readonly language?: string
  readonly settings?: EditorSettings
  /** There is something to say, such as that a part of the editor cannot be fetched. */
  readonly onNotice?: ((words: string) => void) | undefined
  readonly onCaretsChange?: PresenceOptions['onCaretsChange']
  /** We did something in the text, and now follow nobody. */
  readonly onFollowEnd?: (() => void) | undefined
}

export function textEditor(options: TextEditorOptions): Extension {
  const { text } = options
  return [
    yUndo(text),
    ySync(text),
    yPresence(options),
    following(options.onFollowEnd ?? (() => undefined)),
    setUp({ language: options.language ?? 'markdown', settings: options.settings ?? defaultSettings }),
    theme(),
    terms.of(termsExtension(options)),
    lineDirection(),
    invisibles(),
    wholeTextKeys(),
    phrases(),
    EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/gu, '\n')),
    options.onNotice ? notices.of(options.onNotice) : [],
  ]
}

/** For when the server changes what we may do, say. Edits of others go on arriving either way. */
export function changeTerms(view: EditorView, next: Terms): void {
  view.dispatch({ effects: terms.reconfigure(termsExtension(next)) })
}

const terms = new Compartment()

function termsExtension(said: Terms): Extension {
  return [
    EditorView.contentAttributes.of({ 'aria-label': said.label ?? t('document.text') }),
    said.placeholder ? placeholder(said.placeholder) : [],
    said.readOnly ? reading : [],
  ]
}

const reading: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.editorAttributes.of({ class: 'cm-readOnly' }),
  EditorView.contentAttributes.of({ 'aria-readonly': 'true' }),
]
