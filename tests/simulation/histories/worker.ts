/** A thread of the fleet that plays histories. Time and chance come first, before any library has taken hold of them. */
import './globals.ts'
import { parentPort } from 'node:worker_threads'
import { playAll, type Errand } from '../fleet.ts'
import { playHistory } from './history.ts'
import { optionsOf } from './variants.ts'

parentPort?.on('message', (errand: Errand) => {
  const options = optionsOf(errand.variant)
  void playAll(errand, (seed) => playHistory(seed, options)).then((summary) =>
    parentPort?.postMessage(summary),
  )
})
