/**
 * How connections end that speak no HTTP, or take too long over it. Those who took too long go a few at a time: Node finds
 * all of them at once, and thousands who came together would hold up everyone else for as long as it takes to end them.
 */
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** 4,000 a second, for a quarter of the loop's time: some 60 µs each. */
const endedAtOnce = 20
const restMs = 5

const tookTooLong = 'ERR_HTTP_REQUEST_TIMEOUT'
const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  [tookTooLong]: '408 Request Timeout',
}

/** `isAnswered`: has it begun to be answered, so that a status would come in the midst of something else? */
export function sayFarewells(server: Server, isAnswered: (socket: Duplex) => boolean): void {
  const end = (socket: Duplex, code = ''): void => {
    if (socket.writable && !isAnswered(socket))
      socket.write(`HTTP/1.1 ${statuses[code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`)
    socket.destroy()
  }

  const waiting: Duplex[] = []
  let timer: NodeJS.Timeout | undefined
  const endSome = (): void => {
    for (const socket of waiting.splice(0, endedAtOnce)) end(socket, tookTooLong)
    if (waiting.length > 0) return
    clearInterval(timer)
    timer = undefined
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code !== tookTooLong) return end(socket, error.code)
    waiting.push(socket)
    timer ??= setInterval(endSome, restMs).unref()
  })
}
