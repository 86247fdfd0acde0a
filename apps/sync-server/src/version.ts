/** Of Quire: a test holds it against `package.json`, which is not beside the code everywhere. */
export const quireVersion = '0.1.0'
