/** A thread of the fleet: runs the seeds it is given, one errand after the other. */
import { parentPort } from 'node:worker_threads'
import { nothingYet, summaryOf, sumOf, type Errand, type Summary } from './fleet.ts'
import { run } from './run.ts'

parentPort?.on('message', (errand: Errand) => {
  void perform(errand).then((summary) => parentPort?.postMessage(summary))
})

async function perform({ first, seeds, without = [] }: Errand): Promise<Summary> {
  let summary = nothingYet
  for (let seed = first; seed < first + seeds; seed++)
    summary = sumOf(summary, summaryOf(await run(seed, { without })))
  return summary
}
