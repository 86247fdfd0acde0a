/** Everything that is compared. */
import type { Scenario } from '../scenario.ts'
import type { ServerName } from '../servers.ts'
import { growDocument, growMembers, growRooms } from './growing.ts'
import { comeBack, openDocuments } from './opening.ts'
import { moveCarets } from './presence.ts'
import { acknowledge, sendOutOfOrder, touchDocuments } from './storing.ts'
import { typeInRooms, type Rooms } from './typing.ts'

const all: readonly ServerName[] = ['quire', 'relay', 'hocuspocus', 'hocuspocus-sqlite', 'y-websocket']
/** Those that know what a document is. */
const yjs = all.filter((name) => name !== 'relay')
/** Where the others differ little from one of these. */
const few: readonly ServerName[] = ['quire', 'relay', 'hocuspocus']

const typing = (tells: string, servers: readonly ServerName[], rooms: Rooms): Scenario => ({
  tells,
  servers,
  run: async (server) => typeInRooms(server, rooms),
})

export const scenarios: Readonly<Record<string, Scenario>> = {
  'typing-room': typing('1 room, 200 members, 100 of them type 20 keys a second each', all, {
    rooms: 1,
    members: 200,
    typing: 100,
    perSecond: 20,
    seconds: 10,
  }),
  crowd: typing('1 room, 1,000 members, 200 of them type 5 keys a second each, with carets', few, {
    rooms: 1,
    members: 1000,
    typing: 200,
    perSecond: 5,
    seconds: 10,
    carets: true,
  }),
  'many-rooms': typing(
    '500 rooms of 4 members, 2 of them type 5 keys a second each',
    [...few, 'storing-relay', 'hocuspocus-sqlite'],
    {
      rooms: 500,
      members: 4,
      typing: 2,
      perSecond: 5,
      seconds: 10,
    },
  ),
  presence: {
    tells: '200 clients that say again what they hear, each moves its caret once a second',
    servers: few,
    run: async (server) => moveCarets(server, { people: 200, seconds: 10 }),
  },
  open: {
    tells: '20 documents with the history of a paper (260,000 keys), 1,000 joins',
    servers: yjs,
    run: async (server) => openDocuments(server, { documents: 20, joins: 1000 }),
  },
  storm: {
    tells: '500 who have that paper come back the moment the server is up again',
    servers: yjs,
    run: async (server) => comeBack(server, { people: 500 }),
  },
  'slow-readers': typing(
    '1 room, 200 members, 50 of them paste 2,000 characters over those before, 4 times a second each, 100 take in nothing',
    few,
    {
      rooms: 1,
      members: 200,
      typing: 50,
      stalled: 100,
      perSecond: 4,
      characters: 2000,
      seconds: 20,
    },
  ),
  'no-slow-readers': typing('the same 100 others without the 100 who take in nothing', few, {
    rooms: 1,
    members: 100,
    typing: 50,
    perSecond: 4,
    characters: 2000,
    seconds: 20,
  }),
  'many-documents': {
    tells: '10,000 documents, each written to once and left',
    // Those that store them.
    servers: ['quire', 'hocuspocus-sqlite'],
    run: async (server) => touchDocuments(server, { documents: 10_000 }),
  },
  'durable-typing': {
    tells:
      '5,000 updates a second, acknowledged once they are on disk: 250 rooms of 4 who type 5 keys a second each',
    servers: ['quire'],
    run: async (server) => acknowledge(server, { rooms: 250, writers: 4, perSecond: 5, seconds: 10 }),
  },
  'durable-room': {
    tells:
      '5,000 updates a second into 1 room, acknowledged once they are on disk: 250 who type 20 keys a second each',
    servers: ['quire'],
    run: async (server) => acknowledge(server, { rooms: 1, writers: 250, perSecond: 20, seconds: 10 }),
  },
  'out-of-order': {
    tells: 'three people’s recorded edits (clownschool), sent without waiting for what they build on',
    servers: ['quire', 'hocuspocus', 'y-websocket'],
    run: async (server) => sendOutOfOrder(server),
  },
  'grow-members': {
    tells: '1 room of ever more members, 25 of them type 10 keys a second each',
    servers: ['quire'],
    run: async (server) => growMembers(server),
  },
  'grow-rooms': {
    tells: 'ever more rooms of 4 members, 2 of them type 5 keys a second each',
    servers: ['quire'],
    run: async (server) => growRooms(server),
  },
  'grow-document': {
    tells: 'joins to an ever longer document, in kilobytes of text, a struct for each twenty characters',
    servers: ['quire'],
    run: async (server) => growDocument(server),
  },
}
