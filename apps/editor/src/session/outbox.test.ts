import { describe, expect, it } from 'vitest'
import { Outbox } from './outbox.ts'

/** A script of what happens, one letter each: e edit, c connect, a answer, s send an edit's frame; a number acknowledges. */
function unsavedAfter(script: string): number {
  const outbox = new Outbox()
  for (const step of script.split(' ')) {
    if (step === 'e') outbox.edited()
    else if (step === 'c') outbox.connected()
    else if (step === 'a') outbox.answered()
    else if (step === 's') outbox.sent()
    else outbox.acknowledged(Number(step))
  }
  return outbox.unsaved
}

describe('the outbox', () => {
  it.each([
    ['is empty when nothing was typed', 'c a 1', 0],
    ['holds what was typed before the connection until the answer that carries it is stored', 'e e c a', 2],
    ['lets go of it then', 'e e c a 1', 0],
    ['counts each edit until its own frame is stored', 'c a 1 e s e s 2', 1],
    ['takes several frames with one acknowledgement', 'c a e s e s 3', 0],
    ['holds what was sent on a connection that was lost', 'c a 1 e s c', 1],
    ['trusts the answer on the next connection for it', 'c a 1 e s c a 1', 0],
    ['does not let an edit sent before the answer vouch for those before it', 'e c e s a 1', 2],
    ['but the answer vouches for all', 'e c e s a 2', 0],
    ['holds an edit made after the answer had left', 'e c a e s 1', 1],
    ['is not moved by an acknowledgement it has heard', 'c a e s 1 1', 1],
    ['holds what the server could not store and did not acknowledge', 'c a 1 e s e s 1', 2],
    ['lets go of it with the answer to the next question', 'c a 1 e s e s a 4', 0],
    ['holds what was typed on after that answer', 'c a 1 e s a e s 3', 1],
    ['until its own frame is stored too', 'c a 1 e s a e s 4', 0],
    ['needs the answer that was stored, not one that failed as well', 'c a 1 e s a e s a 1', 2],
    ['which vouches for all that the other answers did', 'c a 1 e s a e s a 5', 0],
    ['counts an answer that had nothing to say', 'c a 1 a 2 e s 2', 1],
  ])('%s', (_, script, unsaved) => {
    expect(unsavedAfter(script)).toBe(unsaved)
  })
})
