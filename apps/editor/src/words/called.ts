/** How somebody is called here: who has no name is called that in the language of whoever reads it. */
import { unnamed } from '@quire/protocol'
import { t } from './words.ts'

export function called(name: string): string {
  return name === unnamed ? t('people.unnamed') : name
}
