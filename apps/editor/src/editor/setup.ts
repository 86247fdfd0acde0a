/**
 * What each reader chooses for themselves, and the language that a text is written in. Both can change while the text is
 * open; neither is known to anyone else.
 */
import type { Extension, StateEffect } from '@codemirror/state'
import { Compartment, EditorState, Facet } from '@codemirror/state'
import { EditorView, ViewPlugin } from '@codemirror/view'
import { t } from '../words/index.ts'
import type { EditorCommand } from './commands.ts'
import { useLazily } from './lazily.ts'
import { clipboardOf, pasting } from './pasting.ts'

export interface EditorSettings {
  /** `'code'`: only where a text is code. */
  readonly lineNumbers: boolean | 'code'
  readonly wordWrap: boolean
  /** Never in code. */
  readonly spellCheck: boolean
  /** How many spaces, or a tab. */
  readonly indentUnit: 2 | 4 | 8 | 'tab'
  readonly keys: 'standard' | 'vim' | 'emacs' | 'vscode'
  /** Of prose; code is always mono. */
  readonly font: 'quattro' | 'serif' | 'sans' | 'mono'
  /** In pixels; undefined: what suits the screen. */
  readonly fontSize: number | undefined
  readonly foldGutter: boolean
  /** Whether Tab indents in prose too, rather than leave the text. */
  readonly tabIndents: boolean
}

export const defaultSettings: EditorSettings = {
  lineNumbers: 'code',
  wordWrap: true,
  spellCheck: true,
  indentUnit: 2,
  keys: 'standard',
  font: 'quattro',
  fontSize: undefined,
  foldGutter: false,
  tabIndents: false,
}

export interface Setup {
  /** `'markdown'`, `'text'`, or a language that code is written in, by any name it has. */
  readonly language: string
  readonly settings: EditorSettings
}

export function isCode({ language: name }: Setup): boolean {
  return name !== 'markdown' && name !== 'text'
}

export function setUp(setup: Setup): Extension {
  return [
    pasting,
    pasteLater,
    language.of(languages ? languages.languageOf(setup.language) : languageLater),
    surface.of(surfaceOf(setup)),
    tools.of(fetched ? fetched.toolsFor(setup) : fetchLater),
  ]
}

/** A text in the same language stays parsed. */
export function changeSetup(view: EditorView, after: Setup): void {
  const before = view.state.facet(present)
  if (!before) return
  const effects: StateEffect<unknown>[] = [surface.reconfigure(surfaceOf(after))]
  if (languages && before.language !== after.language)
    effects.push(language.reconfigure(languages.languageOf(after.language)))
  if (fetched) effects.push(...fetched.changeTools(before, after))
  view.dispatch({ effects })
}

/** Everything one can do to a text, for whoever shows commands. Rejects if it cannot be fetched. */
export async function loadCommands(): Promise<readonly EditorCommand[]> {
  const [{ editorCommands }] = await Promise.all([fetchTools(), fetchLanguages()])
  return editorCommands
}

const language = new Compartment()
const surface = new Compartment()
const tools = new Compartment()

const present = Facet.define<Setup, Setup | undefined>({ combine: ([first]) => first })

type Languages = typeof import('./languages.ts')
let languages: Languages | undefined

/**
 * What reads the text, which is some 40 KB of parser: one types without it, and it is there before most texts are. Rejects
 * if it cannot be fetched.
 */
export async function fetchLanguages(): Promise<Languages> {
  languages = await import('./languages.ts')
  return languages
}

const languageLater = ViewPlugin.define((view) => {
  void useLazily(view, fetchLanguages, (fetchedLanguages) => takeLanguage(view, fetchedLanguages))
  return {}
})

/** Whoever has them first brings them: of two who have asked for the same, either may be told first. */
function takeLanguage(view: EditorView, { languageOf }: Languages): void {
  const setup = view.state.facet(present)
  if (setup && language.get(view.state) === languageLater)
    view.dispatch({ effects: language.reconfigure(languageOf(setup.language)) })
}

type Tools = typeof import('./tools.ts')
let fetched: Tools | undefined

async function fetchTools(): Promise<Tools> {
  fetched = await import('./tools.ts')
  return fetched
}

const fetchLater = ViewPlugin.define((view) => {
  void useLazily(view, fetchTools, ({ toolsFor }) => {
    const setup = view.state.facet(present)
    if (setup) view.dispatch({ effects: tools.reconfigure(toolsFor(setup)) })
  })
  return {}
})

/** A page that is pasted before there is anything to read it with waits for that. */
const pasteLater = EditorView.domEventHandlers({
  paste({ clipboardData }, view) {
    const { readOnly, selection } = view.state
    if ((languages && fetched) || !clipboardData || readOnly || selection.ranges.length > 1) return false
    const clipboard = clipboardOf(clipboardData)
    if (clipboard.html === '') return false
    void view.plugin(pasting)?.paste(async (place) => {
      try {
        const [{ pastedWords }, fetchedLanguages] = await Promise.all([fetchTools(), fetchLanguages()])
        takeLanguage(view, fetchedLanguages)
        return await pastedWords(clipboard, view, place)
      } catch {
        return clipboard.plain
      }
    })
    return true
  },
})

function surfaceOf(setup: Setup): Extension {
  const { settings } = setup
  const code = isCode(setup)
  return [
    present.of(setup),
    EditorView.editorAttributes.of({
      class: `cm-font-${code ? 'mono' : settings.font}${code ? ' cm-isCode' : ''}`,
      ...(settings.fontSize !== undefined && { style: `--text-size: ${settings.fontSize}px` }),
    }),
    EditorView.contentAttributes.of({
      // A reader too scrolls, searches and selects with the keyboard.
      tabindex: '0',
      spellcheck: String(settings.spellCheck && !code),
      autocorrect: code ? 'off' : 'on',
      autocapitalize: code ? 'off' : 'sentences',
      'aria-description': t(settings.tabIndents || code ? 'editor.tabIndents' : 'editor.tabLeaves'),
    }),
    settings.wordWrap ? EditorView.lineWrapping : [],
    EditorState.tabSize.of(settings.indentUnit === 'tab' ? 4 : settings.indentUnit),
  ]
}
