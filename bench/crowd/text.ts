/** What the crowd writes in: some 20 KB of Markdown, such as minutes that have grown for a while. */
export const crowdedText = Array.from({ length: 40 }, (_, number) =>
  [
    `## Point ${number}`,
    '',
    'Somebody said **something** about it, and somebody else *disagreed*, with `reasons` that are [elsewhere](https://example.org). '.repeat(
      3,
    ),
    '',
    `- [ ] task ${number}`,
    '- and what else there is to say',
    '',
  ].join('\n'),
).join('\n')
