export type Group = {
  name: string
  /** How the paths of its files begin; the first group that fits takes a file. */
  paths: readonly string[]
  /** CPU seconds of its workers and of the processes that they start. */
  budget: number
}

/**
 * What `npm test` may take. A group that is over its budget by half fails (`costs.ts`): it became slow, or grew and gets more.
 * They are what a run alone took on 2026-12-01, and a quarter more. Features, organisation and others have grown since: theirs are
 * what a run took on 2026-12-02, divided by the usual share (`costs.ts`) of that run, 1.58 and, for others, 1.23.
 */
export const groups: readonly Group[] = [
  { name: 'browser', paths: ['test/browser/'], budget: 540 },
  { name: 'journeys', paths: ['test/journeys/'], budget: 290 },
  { name: 'features', paths: ['server/features/'], budget: 285 },
  { name: 'organisation', paths: ['server/organisation/'], budget: 85 },
  { name: 'callers', paths: ['server/callers/'], budget: 30 },
  { name: 'platform', paths: ['server/platform/'], budget: 45 },
  { name: 'upstream', paths: ['server/upstream/'], budget: 12 },
  { name: 'cli', paths: ['server/cli/'], budget: 28 },
  { name: 'sandbox', paths: ['sandbox/'], budget: 25 },
  {
    name: 'docs, examples, sdk',
    paths: ['test/docs/', 'test/examples/', 'test/sdk/', 'test/sdk.test.ts', 'test/packets/'],
    budget: 78,
  },
  { name: 'others', paths: [''], budget: 117 },
]
