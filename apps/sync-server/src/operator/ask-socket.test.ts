import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { askSocket, NoAnswer } from './ask-socket.ts'
import { socketName } from './socket-path.ts'

const asked = { method: 'GET', path: '/api/admin/server' }

test('a server that has stopped working is not waited for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quire-'))
  // As the system does for a process that is stopped: it lets anybody in, and nobody comes to the door.
  const silent = createServer((socket) => void socket.resume())
  silent.listen(join(folder, socketName))
  onTestFinished(() => {
    silent.close()
    rmSync(folder, { recursive: true })
  })
  await once(silent, 'listening')
  await expect(askSocket(folder, asked, 20)).rejects.toThrow(NoAnswer)
})
