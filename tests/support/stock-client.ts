/** Unmodified y-websocket clients, as other Yjs apps use them. */
import { onTestFinished } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

/** The class of `ws` in the place of the browser's: providers and sessions use what both have. */
export const Socket = NodeWebSocket as unknown as typeof WebSocket

/** What all versions of y-websocket have in common. */
export interface Provider {
  readonly synced: boolean
  ws: WebSocket | null
  on(event: 'sync', listener: (isSynced: boolean) => void): unknown
  disconnect(): void
  connect(): void
  destroy(): void
}

export type ProviderClass = new (
  serverUrl: string,
  room: string,
  doc: Y.Doc,
  options: {
    awareness: Awareness
    params: Record<string, string>
    WebSocketPolyfill: typeof WebSocket
    disableBc: boolean
  },
) => Provider

export interface StockOptions {
  /** What y-websocket calls the server's URL: the room name is put after it. */
  readonly serverUrl: string
  readonly room: string
  readonly token?: string
  /** So that someone can come back as who they were. */
  readonly doc?: Y.Doc
  readonly awareness?: Awareness
  readonly Provider?: ProviderClass
}

export interface StockClient {
  readonly doc: Y.Doc
  /** The root `content`. */
  readonly text: Y.Text
  readonly awareness: Awareness
  readonly provider: Provider
  /** The first sync with the server. */
  readonly synced: Promise<void>
  /** Safe to call twice. */
  close(): void
}

/** Connects at once; closed with the test. */
export function openStockClient(options: StockOptions): StockClient {
  const doc = options.doc ?? new Y.Doc()
  const awareness = options.awareness ?? new Awareness(doc)
  const Provider: ProviderClass = options.Provider ?? WebsocketProvider
  const provider = new Provider(options.serverUrl, options.room, doc, {
    awareness,
    params: options.token === undefined ? {} : { token: options.token },
    WebSocketPolyfill: Socket,
    disableBc: true,
  })
  const synced = new Promise<void>((resolve) => {
    provider.on('sync', (isSynced) => {
      if (isSynced) resolve()
    })
  })
  let isClosed = false
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    provider.destroy()
    awareness.destroy()
  }
  onTestFinished(close)
  return { doc, text: doc.getText('content'), awareness, provider, synced, close }
}
