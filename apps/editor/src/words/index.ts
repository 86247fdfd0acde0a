export { called } from './called.ts'
export type { Catalogue, Translation } from './catalogue.ts'
export { english } from './english.ts'
export { speak, spokenLanguage, t, tParts, type WordKey } from './words.ts'
