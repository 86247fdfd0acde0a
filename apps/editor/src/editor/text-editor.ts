/**
 * The editor as people meet it: a shared text, its own undo, everyone's carets, Markdown and the page. This is the one
 * list of what is loaded; it stands in for `basicSetup`, whose history would undo other people's text.
 */
import { defaultKeymap } from '@codemirror/commands'
import { search, searchKeymap } from '@codemirror/search'
import type { Extension } from '@codemirror/state'
import { Compartment, EditorState } from '@codemirror/state'
import { dropCursor, EditorView, keymap, placeholder } from '@codemirror/view'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { following } from './following.ts'
import { invisibles } from './invisibles.ts'
import { markdown } from './markdown.ts'
import { phrases } from './phrases.ts'
import { yPresence, type PresenceOptions } from './presence.ts'
import { ySync } from './sync.ts'
import { theme } from './theme.ts'
import { yUndo } from './undo.ts'
import { t } from '../words/index.ts'

export interface TextEditorOptions {
  readonly text: Y.Text
  readonly awareness: Awareness
  readonly readOnly: boolean
  /** Stands in an empty text. */
  readonly placeholder?: string
  /** How a screen reader announces the editor. */
  readonly label?: string
  readonly onCaretsChange?: PresenceOptions['onCaretsChange']
  /** We did something in the text, and now follow nobody. */
  readonly onFollowEnd?: (() => void) | undefined
}

export function textEditor(options: TextEditorOptions): Extension {
  const { text, readOnly } = options
  return [
    yUndo(text),
    ySync(text),
    yPresence(options),
    following(options.onFollowEnd ?? (() => undefined)),
    markdown(),
    theme(),
    access.of(accessExtension(readOnly)),
    // The browser draws our own caret and selection: that is what phones and screen readers understand.
    EditorView.lineWrapping,
    invisibles(),
    dropCursor(),
    EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/gu, '\n')),
    search({ top: true }),
    phrases(),
    keymap.of([...searchKeymap, ...defaultKeymap].filter(isWelcome)),
    EditorView.contentAttributes.of({
      'aria-label': options.label ?? t('document.text'),
      spellcheck: 'true',
      autocorrect: 'on',
      autocapitalize: 'sentences',
    }),
    options.placeholder === undefined ? [] : placeholder(options.placeholder),
  ]
}

/** For when the server changes what we may do. Edits of others go on arriving either way. */
export function setReadOnly(view: EditorView, readOnly: boolean): void {
  if (view.state.readOnly === readOnly) return
  view.dispatch({ effects: access.reconfigure(accessExtension(readOnly)) })
}

const access = new Compartment()

function accessExtension(readOnly: boolean): Extension {
  if (!readOnly) return []
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    // A reader still scrolls, searches and selects with the keyboard.
    EditorView.contentAttributes.of({ tabindex: '0', 'aria-readonly': 'true' }),
  ]
}

/** There is one selection here, and Mod-i means italic to whoever writes. */
const unwelcomeKeys = new Set(['Mod-d', 'Mod-Shift-l', 'Mod-Alt-ArrowUp', 'Mod-Alt-ArrowDown', 'Mod-i'])

function isWelcome({ key }: { readonly key?: string }): boolean {
  return key === undefined || !unwelcomeKeys.has(key)
}
