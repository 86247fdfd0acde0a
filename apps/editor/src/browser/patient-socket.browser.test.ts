import { encodeClientMessage } from '@quire/protocol'
import { beforeEach, expect, test, vi } from 'vitest'
import { oncePainted } from './painted.ts'

const said: unknown[] = []

/** In place of the browser's: what is said to it is what would leave the page. */
class Wire extends EventTarget {
  readonly OPEN = 1
  readyState = 1
  send(frame: unknown): void {
    said.push(frame)
  }
  close(): void {
    said.push('closed')
    this.readyState = 2
  }
}
vi.stubGlobal('WebSocket', Wire)
const { PatientSocket } = await import('./patient-socket.ts')

const edit = encodeClientMessage({ type: 'update', update: Uint8Array.of(0, 0) })
const caret = encodeClientMessage({ type: 'presence', entries: [] })
const question = encodeClientMessage({ type: 'query-presence' })

beforeEach(() => void said.splice(0))

/** Resolves after whatever was to wait until now is painted. */
const painted = (): Promise<void> => new Promise(oncePainted)

test('edits and carets leave once they are painted, in their order', async () => {
  const socket = new PatientSocket('ws://anywhere')
  socket.send(edit)
  socket.send(caret)
  await Promise.resolve()
  expect(said).toEqual([])
  await painted()
  expect(said).toEqual([edit, caret])
})

test('whatever else is said leaves at once, and what waits before it', () => {
  const socket = new PatientSocket('ws://anywhere')
  socket.send(question)
  socket.send(edit)
  socket.send(question)
  expect(said).toEqual([question, edit, question])
})

test('what waits leaves before the socket is closed, or the page left', () => {
  const socket = new PatientSocket('ws://anywhere')
  socket.send(edit)
  dispatchEvent(new Event('pagehide'))
  expect(said).toEqual([edit])
  socket.send(caret)
  socket.close()
  expect(said).toEqual([edit, caret, 'closed'])
})

test('a connection that is lost meanwhile takes with it what waited', async () => {
  const socket = new PatientSocket('ws://anywhere')
  socket.send(edit)
  Reflect.set(socket, 'readyState', 3)
  await painted()
  expect(said).toEqual([])
})

/** What whoever listens is told, in words. */
function listening(): { readonly socket: InstanceType<typeof PatientSocket>; readonly heard: string[] } {
  const socket = new PatientSocket('ws://anywhere')
  const heard: string[] = []
  socket.addEventListener('message', ({ data }) => void heard.push(String(data)))
  socket.addEventListener('close', ({ code }) => void heard.push(`closed with ${code}`))
  return { socket, heard }
}

const message = (data: string): Event => new MessageEvent('message', { data })
const lost = (): Event => new CloseEvent('close', { code: 1006 })

test('what others say is heard at once, or once what was typed is painted, and in its order', async () => {
  const { socket, heard } = listening()
  socket.dispatchEvent(message('one'))
  expect(heard).toEqual(['one'])
  socket.send(edit)
  socket.dispatchEvent(message('two'))
  socket.dispatchEvent(message('three'))
  socket.send(question)
  expect(heard).toEqual(['one'])
  await painted()
  socket.dispatchEvent(message('four'))
  expect(heard).toEqual(['one', 'two', 'three', 'four'])
})

test('a connection that is lost before something is painted has said what it said', async () => {
  const { socket, heard } = listening()
  socket.send(edit)
  socket.dispatchEvent(message('one'))
  Reflect.set(socket, 'readyState', 3)
  socket.dispatchEvent(lost())
  expect(heard).toEqual([])
  await painted()
  expect(heard).toEqual(['one', 'closed with 1006'])
})

test('whoever closes it is told nothing more but that it is closed', async () => {
  const { socket, heard } = listening()
  socket.send(edit)
  socket.dispatchEvent(message('one'))
  socket.close()
  socket.dispatchEvent(lost())
  await painted()
  expect(heard).toEqual(['closed with 1006'])
})
