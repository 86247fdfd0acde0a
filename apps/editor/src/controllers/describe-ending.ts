/** Why a document does not open, and what a person can do about it. */
import { assertNever } from '@quire/protocol'
import type { Ending } from '../session/session.ts'

export function describeEnding(ending: Ending): { readonly heading: string; readonly words: string } {
  switch (ending) {
    case 'gone':
      return {
        heading: 'This link opens nothing',
        words:
          'It may be mistyped, or it may have been taken back. Ask the person who sent it for a new one.',
      }
    case 'not-allowed':
      return {
        heading: 'This link does not let you in',
        words: 'It is no longer allowed to open this document. Ask the person who sent it for a new one.',
      }
    case 'access-ended':
      return {
        heading: 'Your access has ended',
        words: 'It was given for a while only. Open this document again from the application it came from.',
      }
    case 'access-refused':
      return {
        heading: 'You have no access to this document',
        words:
          'The application it came from did not let you in, or does not any more. Open it again from there, or ask whoever runs it.',
      }
    case 'unacceptable-update':
    case 'too-large':
      return {
        heading: 'This document does not open',
        words: 'The server could not take what this page sent. Nothing in the document has changed.',
      }
    case 'version':
      return {
        heading: 'This page is out of date',
        words: 'The server has moved on since it was loaded. Reload it, and the document opens.',
      }
    default:
      return assertNever(ending)
  }
}
