/**
 * People who connect and never say who they are, in a process of their own so that whoever measures is not slowed down
 * by them: some say nothing, some one letter of a header a second.
 *
 *     node tests/support/strangers.ts <host> <port> <silent> <dribbling>
 *
 * Prints `here` once all are connected, and ends when the server has closed them all.
 */
import { connect, type Socket } from 'node:net'

const openedAtOnce = 250
const turns = 50

const [host = '', ...numbers] = process.argv.slice(2)
const [port = 0, silent = 0, dribbling = 0] = numbers.map(Number)

const allGone = Promise.withResolvers<void>()
let gone = 0
const sockets: Socket[] = []
while (sockets.length < silent + dribbling) {
  const batch = Math.min(openedAtOnce, silent + dribbling - sockets.length)
  sockets.push(...(await Promise.all(Array.from({ length: batch }, () => open()))))
}
const dribblers = sockets.slice(0, dribbling)
for (const socket of dribblers) socket.write('GET / HTTP/1.1\r\nX: ')
// Each in its own part of the second, as people are who know nothing of each other.
let turn = 0
const timer = setInterval(() => {
  for (const [index, socket] of dribblers.entries())
    if (index % turns === turn && !socket.destroyed) socket.write('x')
  turn = (turn + 1) % turns
}, 1000 / turns)
process.stdout.write('here\n')
await allGone.promise
clearInterval(timer)

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.off('error', reject)
      // One that ends while something is being said to it is closed all the same.
      socket.on('error', () => undefined)
      resolve(socket)
    })
    socket.once('error', reject)
    socket.once('close', () => {
      if (++gone === silent + dribbling) allGone.resolve()
    })
    socket.resume()
  })
}
