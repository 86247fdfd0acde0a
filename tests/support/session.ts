/** Documents opened as a page opens them: with the editor's own session, over the socket class of `ws`. */
import {
  MemoryDocument,
  openDocument,
  type DocumentSession,
  type MemoryDevice,
  type SessionOptions,
} from '@quire/editor/session'
import { onTestFinished } from 'vitest'
import type { TestDocument } from './documents.ts'
import { Socket } from './stock-client.ts'
import { untilSession } from './until.ts'

export interface OpenOptions {
  readonly syncUrl: string
  readonly document: TestDocument
  readonly name?: string
  /** Of the document's link to edit, unless said otherwise. */
  readonly key?: string
  readonly Socket?: typeof WebSocket
  /** The browser this is a tab of; without one nothing is kept. */
  readonly device?: MemoryDevice
  readonly openLocal?: SessionOptions['openLocal']
}

/** Closed with the test. */
export function beginSession({ name = 'Ada', document, device, ...options }: OpenOptions): DocumentSession {
  const session = openDocument({
    syncUrl: options.syncUrl,
    documentId: document.id,
    key: options.key ?? document.keys.edit,
    guest: { name, secret: `the device of ${name}` },
    Socket: options.Socket ?? Socket,
    ...(device && { openLocal: async () => new MemoryDocument(device, document.id) }),
    ...(options.openLocal && { openLocal: options.openLocal }),
  })
  onTestFinished(() => session.close())
  return session
}

/** Resolves once everything the server had is here. */
export async function openSession(options: OpenOptions): Promise<DocumentSession> {
  const session = beginSession(options)
  await untilLive(session)
  return session
}

export function untilLive(session: DocumentSession): Promise<void> {
  return untilSession(session, () => {
    const { state } = session
    if (state.type === 'refused' || state.type === 'gone')
      throw new Error(`the server refused: ${state.type === 'gone' ? 'gone' : state.refusal}`)
    return session.state.type === 'live'
  })
}

export function untilSaved(session: DocumentSession): Promise<void> {
  return untilSession(session, () => session.unsaved === 0)
}
