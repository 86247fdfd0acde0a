/** For tests: a database as any other program of this site sees it. */

/** Opens it, in the version it has unless told, and without any courtesy to others. */
export function openRaw(
  name: string,
  options: {
    readonly version?: number
    readonly stores?: Readonly<Record<string, IDBObjectStoreParameters>>
  } = {},
): Promise<IDBDatabase> {
  const { version, stores = {} } = options
  const request = version === undefined ? indexedDB.open(name) : indexedDB.open(name, version)
  request.addEventListener('upgradeneeded', () => {
    for (const [store, parameters] of Object.entries(stores))
      request.result.createObjectStore(store, parameters)
  })
  return answered(request)
}

export async function rowsOf(
  name: string,
  store: string,
): Promise<readonly (readonly [key: IDBValidKey, value: unknown])[]> {
  const database = await openRaw(name)
  const objects = database.transaction(store).objectStore(store)
  const [keys, values] = await Promise.all([
    answered(objects.getAllKeys()),
    answered<unknown[]>(objects.getAll()),
  ])
  database.close()
  return keys.map((key, index) => [key, values[index]])
}

export async function putRow(name: string, store: string, value: unknown, key?: IDBValidKey): Promise<void> {
  const database = await openRaw(name)
  await answered(database.transaction(store, 'readwrite').objectStore(store).put(value, key))
  database.close()
}

/** Rejects if somebody has it open and keeps it so. */
export function deleteRaw(name: string): Promise<unknown> {
  return answered(indexedDB.deleteDatabase(name))
}

function answered<Result>(request: IDBRequest<Result> | IDBOpenDBRequest): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result as Result))
    request.addEventListener('error', () => reject(request.error ?? new Error('it failed')))
    request.addEventListener('blocked', () => reject(new Error('it is held open')))
  })
}
