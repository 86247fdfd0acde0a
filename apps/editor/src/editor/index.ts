/** The editor: CodeMirror over a shared Yjs text. It has never heard of sockets or pages. */
export { changeTerms, textEditor, type TextEditorOptions } from './text-editor.ts'
export { readText } from './shared-text.ts'
export { ySync } from './sync.ts'
export { redo, undo, yUndo } from './undo.ts'
export { yPresence } from './presence.ts'
export { follow, jumpTo } from './following.ts'
export { theme } from './theme.ts'
export type { Heading } from './headings.ts'
export { goToLineNumber, readingPlace, type ReadingPlace } from './reading-place.ts'
export { indexOfPlace, lineLinks, placeOfLine, showLine } from './line-links.ts'
export { useLazily } from './lazily.ts'
export type { Counts } from './word-count.ts'
export { lineAtTop, scrollToLine } from './scroll-lines.ts'
export type { EditorCommand } from './commands.ts'
export {
  changeSetup,
  defaultSettings,
  fetchLanguages,
  loadCommands,
  type EditorSettings,
  type Setup,
} from './setup.ts'
