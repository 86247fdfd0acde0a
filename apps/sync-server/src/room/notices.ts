/** What a room tells people beside the document itself. The codes are stable; the texts are English, for logs. */
export const notices = {
  'storage-failed': 'The server cannot write to its disk. Nothing is acknowledged until it can.',
  'storage-recovered': 'The server can write again, and asks for what it is missing.',
  'document-full': 'The document has reached its limit. What you send is not stored; reading goes on.',
  'document-writable': 'The document has room again.',
  'storage-full': 'The server has no room for more. What you send is not stored; reading goes on.',
  'storage-writable': 'The server has room again.',
} as const

export type NoticeCode = keyof typeof notices
