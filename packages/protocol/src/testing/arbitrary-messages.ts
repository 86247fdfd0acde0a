/** Every message either side can send, made up by fast-check. A new member of a union does not compile until it is here. */
import * as fc from 'fast-check'
import { roles } from '../access.ts'
import type { ClientMessage, ServerMessage, SharedMessage } from '../messages.ts'
import type { PresenceEntry } from '../presence.ts'
import { wireTexts } from './texts.ts'

type Arbitraries<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: fc.Arbitrary<Extract<Message, { readonly type: Type }>>
}

const number = fc.oneof(fc.nat(200), fc.maxSafeNat())
const words = wireTexts({ maxLength: 60 })
const bytes = fc.uint8Array({ maxLength: 200 })
const role = fc.constantFrom(...roles)

export const presenceEntries: fc.Arbitrary<PresenceEntry[]> = fc.array(
  fc.record({
    clientId: number,
    clock: fc.nat(),
    state: fc.oneof(
      fc.constant('null'),
      fc.dictionary(words, fc.jsonValue()).map((state) => JSON.stringify(state)),
    ),
  }),
  { maxLength: 5 },
)

const shared: Arbitraries<SharedMessage> = {
  'sync-step-1': fc.record({ type: fc.constant('sync-step-1'), stateVector: bytes }),
  'sync-step-2': fc.record({ type: fc.constant('sync-step-2'), update: bytes }),
  update: fc.record({ type: fc.constant('update'), update: bytes }),
  presence: fc.record({ type: fc.constant('presence'), entries: presenceEntries }),
}

const fromClient: Arbitraries<ClientMessage> = {
  ...shared,
  'query-presence': fc.record({ type: fc.constant('query-presence') }),
  hello: fc.record({ type: fc.constant('hello'), version: number, name: words, guest: words }),
  refresh: fc.record({ type: fc.constant('refresh'), token: words }),
}

const fromServer: Arbitraries<ServerMessage> = {
  ...shared,
  'permission-denied': fc.record({ type: fc.constant('permission-denied'), reason: words }),
  welcome: fc.record({
    type: fc.constant('welcome'),
    version: number,
    role,
    user: fc.record({ id: words, name: words, colour: words }),
    maxFrameBytes: number,
  }),
  saved: fc.record({ type: fc.constant('saved'), frames: number }),
  access: fc.record({ type: fc.constant('access'), role, expiresAt: number }),
  notice: fc.record({ type: fc.constant('notice'), code: words, text: words }),
}

export const clientMessages: fc.Arbitrary<ClientMessage> = fc.oneof(...Object.values(fromClient))
export const serverMessages: fc.Arbitrary<ServerMessage> = fc.oneof(...Object.values(fromServer))
