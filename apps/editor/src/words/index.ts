export { called } from './called.ts'
export { bestLanguage, isEnglish, languages, learn } from './languages.ts'
export { bring, spokenLanguage, t, tParts, type WordKey } from './words.ts'
