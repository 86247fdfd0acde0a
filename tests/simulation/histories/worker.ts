/** A thread of the fleet that plays histories. Time and chance come first, before any library has taken hold of them. */
import './globals.ts'
import { parentPort } from 'node:worker_threads'
import { playAll, type Errand } from '../fleet.ts'
import { breakings } from './breakings.ts'
import { playHistory } from './history.ts'

parentPort?.on('message', (errand: Errand) => {
  const { breaking } = errand
  const options = breaking === undefined ? {} : breakings[breaking]?.()
  void playAll(errand, (seed) => playHistory(seed, options)).then((summary) =>
    parentPort?.postMessage(summary),
  )
})
