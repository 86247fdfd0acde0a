export { openDocument } from './document-session.ts'
export type { DocumentSession, Person, Refusal, SessionOptions, SessionState, Trouble } from './session.ts'
