/**
 * The least a server can do: whatever a member sends goes to all other members of the room, as it came. Knows nothing of Yjs,
 * keeps nothing, answers nobody. It is the floor that costs are held against.
 *
 *     PORT=… node bench/compare/peers/relay.ts
 */
import { WebSocketServer, type WebSocket } from 'ws'

const rooms = new Map<string, Set<WebSocket>>()
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.env['PORT']),
  perMessageDeflate: false,
})

server.on('connection', (socket, { url = '/' }) => {
  const room = rooms.get(url) ?? new Set()
  rooms.set(url, room.add(socket))
  socket.on('message', (data) => {
    for (const member of room) if (member !== socket) member.send(data)
  })
  socket.on('close', () => {
    room.delete(socket)
    if (room.size === 0) rooms.delete(url)
  })
})
server.on('listening', () => console.log('listening'))
process.once('SIGTERM', () => process.exit())
