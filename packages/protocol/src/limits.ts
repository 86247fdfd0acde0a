/** Every bound of the wire, with its reason. What an operator may change is an option of the server that starts from these. */
export const limits = {
  /** One message of a client. A 10 MB document arrives whole with room to spare; who sends more is told 4413 and stops. */
  maxFrameBytes: 16 * 1024 * 1024,
  /** Names come from the path of a URL; the longest seen in other Yjs apps are well under this. */
  maxDocumentNameBytes: 256,
  /** More than so many clients take, whatever their ids and clocks. */
  maxStateVectorBytes: 8 * 1024 * 1024,
  /**
   * Yjs draws an id for each page that is opened, and a document never forgets one that wrote: it may have 100,000, and who
   * asks may have kept as many that were never taken.
   */
  maxStateVectorClients: 200_000,
  /** Clients and gaps in one update: each is remembered while it is read, and a client for as long as the document lives. */
  maxUpdateRuns: 100_000,
  /** The value of a formatting mark. Editors copy the marks around what is typed, so a large one would be copied with every edit. */
  maxFormatBytes: 64 * 1024,
  /** A name, a colour and a few carets are under 1 KiB; other apps put selections of objects here. Counted in UTF-16 units. */
  maxPresenceStateBytes: 8 * 1024,
  /** Stock clients echo every state they are told of in one frame, so this bounds the people in a room as well. */
  maxPresenceEntries: 4096,
  /** Yjs counts a clock per renewal; nobody renews a billion times. */
  maxPresenceClock: 2 ** 31 - 1,
  /** Clocks count characters one client ever typed. Past this, other Yjs implementations overflow. */
  maxClock: 2 ** 31 - 1,
  /** Yjs 13 draws ids of 32 bits, Yjs 14 of 53; higher ones could not be written into a state vector. */
  maxClientId: Number.MAX_SAFE_INTEGER,
  /** Arrays and objects inside one value. Readers descend by recursion, and a browser's stack holds thousands. */
  maxValueDepth: 100,
  /** A JWT of a host application with a few claims. */
  maxTokenBytes: 4096,
} as const
