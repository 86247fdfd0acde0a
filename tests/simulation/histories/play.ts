/**
 * Histories of the real document session, for as long as one likes:
 *
 *     pnpm histories                       10,000 seeds from a random one on
 *     QUIRE_SEEDS=100000 pnpm histories    as many as that
 *     QUIRE_FIRST=1 pnpm histories         from this seed on
 *     QUIRE_SEED=42 pnpm histories         this seed alone, told event by event
 *
 * Ends with what was done and which promises were broken, and with exit code 1 if any was.
 */
import './globals.ts'
import { command } from '../command.ts'
import { playHistory } from './history.ts'

await command({ run: playHistory, program: new URL('worker.ts', import.meta.url) })
