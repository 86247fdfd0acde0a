/** Every text of the interface. A key is the part of the interface and what the text says or does there. */
export const english = {
  'app.untitled': 'Untitled',
  'embed.incomplete': 'There is no whole link here, so nothing can be opened.',
  'embed.required': 'Write something here.',
  'document.text': 'Text',
  'document.opening': 'Opening…',
  'document.waiting':
    'The server cannot be reached, so the text is not here yet. It opens by itself once you are connected.',
  'document.showText': 'Show my text',
  'document.unreadable': 'x',
} as const
