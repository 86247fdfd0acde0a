/** A thread of the fleet: runs the seeds it is given, one errand after the other. */
import { parentPort } from 'node:worker_threads'
import { playAll, type Errand } from './fleet.ts'
import { run } from './run.ts'

parentPort?.on('message', (errand: Errand) => {
  const { without = [] } = errand
  void playAll(errand, (seed) => run(seed, { without })).then((summary) => parentPort?.postMessage(summary))
})
