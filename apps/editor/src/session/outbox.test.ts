import { describe, expect, it } from 'vitest'
import { Outbox } from './outbox.ts'

/**
 * A script of what happens: a letter is an edit of that name, `>a` a frame that carries it, `*` an answer that carries all,
 * `0` one that carries nothing of what there is, `|` a new connection; a number acknowledges. Returns what is left.
 */
function leftAfter(script: string): string {
  const outbox = new Outbox()
  for (const step of script.split(' ')) {
    if (step === '|') outbox.connected()
    else if (step === '*') outbox.sent(outbox.edits.map(({ id }) => id))
    else if (step === '0') {
      outbox.withheld()
      outbox.sent([])
    } else if (step.startsWith('>')) outbox.sent(step.slice(1).split(''))
    else if (step.startsWith('-')) outbox.remove(step.slice(1).split(''))
    else if (/\d/.test(step)) outbox.acknowledged(Number(step))
    else outbox.add({ id: step, update: Uint8Array.of(0, 0) })
  }
  return outbox.edits.map(({ id }) => id).join('')
}

describe('the outbox', () => {
  it.each([
    ['is empty when nothing was typed', '| * 1', ''],
    [
      'holds what was typed before the connection until the answer that carries it is stored',
      'a b | *',
      'ab',
    ],
    ['lets go of it then', 'a b | * 1', ''],
    ['holds each edit until its own frame is stored', '| * 1 a >a b >b 2', 'b'],
    ['takes several frames with one acknowledgement', '| * a >a b >b 3', ''],
    ['holds what was sent on a connection that was lost', '| * 1 a >a |', 'a'],
    ['trusts the answer on the next connection for it', '| * 1 a >a | * 1', ''],
    ['does not let an edit sent before the answer vouch for those before it', 'a | b >b * 1', 'a'],
    ['but the answer vouches for all', 'a | b >b * 2', ''],
    ['holds an edit made after the answer had left', 'a | * b >b 1', 'b'],
    ['is not moved by an acknowledgement it has heard', '| * a >a 1 1', 'a'],
    ['nor by one that goes back', '| * a >a 2 b >b 1', 'b'],
    ['holds what the server could not store and did not acknowledge', '| * 1 a >a b >b 1', 'ab'],
    ['lets go of it with the answer to the next question', '| * 1 a >a b >b * 4', ''],
    ['holds what was typed on after that answer', '| * 1 a >a * b >b 3', 'b'],
    ['needs the answer that was stored, not one that failed as well', '| * 1 a >a b >b * c >c * 3', 'c'],
    ['counts an answer that had nothing to say', '| * 1 * 2 a >a 2', 'a'],
    ['forgets what another tab has saved', 'a b | * -a', 'b'],
    ['and is not surprised by its acknowledgement', 'a b | * -a 1', ''],
    ['holds what was sent before an answer that withheld it', '| * 1 a >a 0 3', 'a'],
    ['until an answer carries it again', '| * 1 a >a 0 * 4', ''],
    ['holds an edit that no frame has carried', '| * 1 a b >b 2', 'a'],
  ])('%s', (_, script, left) => {
    expect(leftAfter(script)).toBe(left)
  })

  it('says which edits an acknowledgement has saved, each once', () => {
    const outbox = new Outbox()
    outbox.connected()
    for (const id of ['a', 'b', 'c']) outbox.add({ id, update: Uint8Array.of(0, 0) })
    outbox.sent(['a'])
    outbox.sent(['a', 'b'])
    expect(outbox.acknowledged(2)).toEqual(['a', 'b'])
    expect([outbox.acknowledged(2), outbox.size, outbox.isAwaiting]).toEqual([[], 1, false])
  })
})
