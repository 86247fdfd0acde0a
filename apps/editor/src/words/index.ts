export type { Catalogue, Translation } from './catalogue.ts'
export { english } from './english.ts'
export { speak, spokenLanguage, t, type WordKey } from './words.ts'
