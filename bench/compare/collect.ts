/**
 * Loaded into servers whose memory is measured. On SIGUSR2 the server's own thread collects its garbage and writes the bytes
 * then in use, of its heap and of buffers, to the file that MEMORY_FILE names: what the system says a process holds depends on
 * what it once needed, and tells little of so much as a hundred documents.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const rounds = 10
const file = process.env['MEMORY_FILE']
if (isMainThread && file !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // what the flag brings
  process.on('SIGUSR2', () => {
    // Code that has not run lately goes only after several rounds, and is nobody's document.
    for (let round = 0; round < rounds; round++) collect()
    const { heapUsed, external } = process.memoryUsage()
    writeFileSync(`${file}.new`, String(heapUsed + external))
    renameSync(`${file}.new`, file)
  })
}
