/** Every text of the interface. A key is the part of the interface and what the text says or does there. */
export const english = {
  'app.untitled': 'Untitled',
} as const
