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
  { name: 'browser', paths: ['test/browser/'], budget: 750 },
  { name: 'journeys', paths: ['test/journeys/'], budget: 330 },
  { name: 'features', paths: ['server/features/'], budget: 400 },
  { name: 'organisation', paths: ['server/organisation/'], budget: 160 },
  { name: 'callers', paths: ['server/callers/'], budget: 80 },
  { name: 'platform', paths: ['server/platform/'], budget: 110 },
  { name: 'upstream', paths: ['server/upstream/'], budget: 60 },
  { name: 'cli', paths: ['server/cli/'], budget: 130 },
  { name: 'sandbox', paths: ['sandbox/'], budget: 80 },
  {
    name: 'docs, examples, sdk',
    paths: ['test/docs/', 'test/examples/', 'test/sdk/', 'test/sdk.test.ts', 'test/packets/'],
    budget: 200,
  },
  { name: 'others', paths: [''], budget: 250 },
]
