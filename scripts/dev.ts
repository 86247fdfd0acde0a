/** Server and editor together for development: both restart on change; open the URL that Vite prints. */
import { spawn } from 'node:child_process'

const processes = [
  spawn('node', ['--watch', 'apps/sync-server/src/main.ts', 'serve'], {
    stdio: 'inherit',
    // Vite serves the page, so its origin is the one that connects.
    env: { QUIRE_ORIGINS: 'http://localhost:5173,http://127.0.0.1:5173', ...process.env },
  }),
  spawn('vite', ['--config', 'apps/editor/vite.config.ts'], { stdio: 'inherit' }),
]

for (const child of processes) child.on('exit', stopAll)
process.on('SIGINT', stopAll)
process.on('SIGTERM', stopAll)

function stopAll(): void {
  for (const child of processes) child.kill()
}
