/** Every text of the interface. A key is the part of the interface and what the text says or does there. */
export const english = {
  'app.untitled': 'Untitled',

  'preview.open': 'Preview',
  'preview.close': 'Back to the text',
  'preview.title': 'Preview of the text',
  'preview.failed': 'The preview cannot be shown just now. Your text is not affected.',
  'preview.retry': 'Try again',
  'preview.pictureFrom': 'Picture from {site}',
  'preview.showPictures': 'Show pictures',
  'preview.diagramFailed': 'This diagram cannot be drawn.',
} as const
