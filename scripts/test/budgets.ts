export type Group = {
  name: string
  /** How the paths of its files begin; the first group that fits takes a file. */
  paths: readonly string[]
  /** CPU seconds of its workers and of the processes that they start. */
  budget: number
}

/**
 * What `npm test` may take. A group that is over its budget by half fails (`costs.ts`): it became slow, or grew and gets more.
 * They were set on a machine that did other work beside.
 */
export const groups: readonly Group[] = [
  { name: 'browser', paths: ['test/browser/'], budget: 735 },
  { name: 'journeys', paths: ['test/journeys/'], budget: 330 },
  { name: 'features', paths: ['server/features/'], budget: 225 },
  { name: 'organisation', paths: ['server/organisation/'], budget: 95 },
  { name: 'callers', paths: ['server/callers/'], budget: 40 },
  { name: 'platform', paths: ['server/platform/'], budget: 68 },
  { name: 'upstream', paths: ['server/upstream/'], budget: 20 },
  { name: 'cli', paths: ['server/cli/'], budget: 34 },
  { name: 'sandbox', paths: ['sandbox/'], budget: 30 },
  {
    name: 'docs, examples, sdk',
    paths: ['test/docs/', 'test/examples/', 'test/sdk/', 'test/sdk.test.ts', 'test/packets/'],
    budget: 65,
  },
  { name: 'others', paths: [''], budget: 95 },
]
