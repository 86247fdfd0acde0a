/** Where people come over TLS: for a year their browsers ask this host in no other way. */
export const strictTransport: Readonly<Record<string, string>> = {
  'Strict-Transport-Security': 'max-age=31536000',
}
