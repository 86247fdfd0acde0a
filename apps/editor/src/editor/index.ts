/** The editor: CodeMirror over a shared Yjs text. It has never heard of sockets or pages. */
export { setReadOnly, textEditor, type TextEditorOptions } from './text-editor.ts'
export { readText } from './shared-text.ts'
export { ySync } from './sync.ts'
export { redo, undo, yUndo } from './undo.ts'
export { yPresence } from './presence.ts'
export { follow, jumpTo } from './following.ts'
export { markdown } from './markdown.ts'
export { theme } from './theme.ts'
