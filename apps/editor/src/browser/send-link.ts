/** Opens the system's sheet on which people choose where a link goes. What comes of it is told there; to close it is no failure. */
export async function sendLink(link: { readonly title: string; readonly url: string }): Promise<void> {
  await navigator.share(link).catch(() => undefined)
}
