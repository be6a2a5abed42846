import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.ts'

export const testFiles = ['server/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/**/*.test.ts']

/** Tests that only `npm run soak` runs. */
export const soakOnly = 'test/soak/**'

/** Those that take longest, in this order: begun last, they would be all that runs at the end. */
export const longest = [
  'test/journeys/sms-and-mail',
  'server/cli/cli',
  'test/attacks/fuzz',
  'test/examples/',
  'test/journeys/',
  'test/browser/',
  'test/plans/',
  'server/platform/storage/embedded/',
  'server/features/messages/channels/',
  'server/organisation/corps/doctor/',
  'test/authorisation',
  'server/features/backup/',
  'server/features/messages/deliver/',
]

/** What SQL sorts, compares, copies and locks: runs on the system's PostgreSQL too. */
export const storageTests = [
  'server/platform/storage/',
  'server/features/backup/',
  'server/callers/audit/',
  'server/organisation/directory/write/writer',
  'server/platform/queue/',
  'server/features/messages/accept/',
  'server/features/messages/fate/my-messages',
]

/** What runs through PgBouncer too, in `npm run soak`. */
export const poolerTests = [
  'server/platform/storage/',
  'server/platform/queue/',
  'server/platform/inbox/',
  'server/features/backup/',
  'server/features/messages/',
  'server/features/payments/',
  'server/features/official/mass/',
  'test/journeys/two-nodes',
  'test/journeys/messages',
  'test/journeys/to-the-fen',
  'test/journeys/crash',
]

/** The embedded PostgreSQL's tests bring their own, and the others here are about memory and time. */
export const notAboutSql = [
  'server/platform/storage/embedded/',
  'server/platform/storage/availability.test.ts',
  'server/platform/storage/batcher.test.ts',
  'server/features/backup/unpacked-sizes.test.ts',
]

/** The paths of all test files. */
export function findTests(): string[] {
  return globSync(testFiles, { cwd: root }).sort()
}

/** The files that `npm run soak` runs: those whose tests ask test/soak.ts how much to do, and those that are only for it. */
export function findSoakTests(): string[] {
  const asks = (path: string) => /from '[./]+\/soak\.ts'/.test(readFileSync(join(root, path), 'utf8'))
  return findTests().filter(path => path.startsWith('test/soak/') || asks(path))
}
