/** For tests in Chromium: what a person, or a disk that is short of room, does to the storage of this site. */
import { devTools } from './dev-tools.ts'
import { openRaw } from './raw-database.ts'

/** Takes every database away, and lets the site store so many bytes from now on. */
export async function limitStorage(quotaSize: number): Promise<void> {
  await devTools().send('Storage.overrideQuotaForOrigin', { origin: location.origin, quotaSize })
  // Chromium remembers for a while how much room there was, but not across this.
  await clearStorage()
}

/** The site may store as much as before. */
export async function liftLimit(): Promise<void> {
  await devTools().send('Storage.overrideQuotaForOrigin', { origin: location.origin })
}

/** Takes every database away, also from under those who have it open: they hear of it sooner or later. */
export async function clearStorage(): Promise<void> {
  await devTools().send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb' })
  // Whoever asks for a database before the page has heard of it is turned away.
  while (!(await canOpen()));
}

async function canOpen(): Promise<boolean> {
  try {
    const database = await openRaw('any')
    database.close()
    return true
  } catch {
    return false
  }
}
