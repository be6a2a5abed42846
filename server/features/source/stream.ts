declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    'people-source': true
  }
}

/** Reads sources that are due and writes approved runs. One task per corp, so that one run is written at a time. */
export const sourceStream = 'people-source'
