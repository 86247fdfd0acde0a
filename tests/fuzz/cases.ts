/** From a seed to a case, and always the same one; neighbouring seeds share a document, since making one takes longer than a case. */
import { assertNever } from '@quire/protocol'
import { seededRandom, type Random } from '../support/random.ts'
import { isOneIn, pick, weighted } from './chance.ts'
import type { Examination } from './examine.ts'
import { inventedUpdate } from './grammar.ts'
import { mutated } from './mutations.ts'
import { makeScene, type Scene } from './scenes.ts'

const casesPerScene = 128

let current: { readonly number: number; readonly scene: Scene } | undefined

export function caseOf(seed: number): Examination {
  const number = Math.floor(seed / casesPerScene)
  if (current?.number !== number) current = { number, scene: makeScene(seededRandom(number)) }
  const { scene } = current
  return { scene, ...updateFor(scene, seededRandom(seed)) }
}

function updateFor(scene: Scene, random: Random): Omit<Examination, 'scene'> {
  const kind = weighted(random, { honest: 2, mutated: 10, invented: 6, both: 2 })
  switch (kind) {
    case 'honest':
      return { update: pick(random, scene.honest), isHonest: scene.isHonest }
    case 'mutated':
      return { update: mutatedUpTo(pick(random, scene.honest), scene, random), isHonest: false }
    case 'invented':
      return { update: inventedUpdate(scene.vector, random), isHonest: false }
    case 'both':
      return { update: mutatedUpTo(inventedUpdate(scene.vector, random), scene, random), isHonest: false }
    default:
      return assertNever(kind)
  }
}

/** Once, and now and then once more; not any more when it can no longer be taken apart as an update. */
function mutatedUpTo(update: Uint8Array, scene: Scene, random: Random): Uint8Array {
  let changed = update
  try {
    do changed = mutated(changed, pick(random, scene.honest), random)
    while (isOneIn(random, 3))
  } catch {
    return changed
  }
  return changed
}
