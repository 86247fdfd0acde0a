/** Quire's editor for other pages: the text as an element, the whole page as an element, and the session behind both. */
export { QuireApp } from './components/quire-app.ts'
export { QuireEditor } from './embed/quire-editor.ts'
export type { Surroundings } from './controllers/surroundings.ts'
export { openDocument } from './session/index.ts'
export type {
  DocumentSession,
  Person,
  Refusal,
  SessionOptions,
  SessionState,
  Trouble,
} from './session/session.ts'
