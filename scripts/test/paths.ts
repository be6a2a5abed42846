import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
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
  'server/features/channels/',
  'server/organisation/corps/doctor/',
  'test/authorisation',
  'server/features/backup/',
  'server/features/messages/deliver/',
  'server/features/alerts/check-alerts',
  'server/organisation/sync/sync',
  'server/features/webhooks/webhooks',
  'test/rules-everywhere',
  'test/docs/',
  'test/sdk/packed',
  'test/release',
]

/**
 * What waits for processes, deadlines and vendors that are silent more than it computes; so much of it that both runs end together
 * (scripts/test.ts).
 */
export const waiting = [
  'test/journeys/',
  'test/attacks/',
  'test/examples/',
  'test/quiet/',
  'test/release',
  'server/cli/',
  'server/features/backup/',
  'server/platform/storage/embedded/',
  'server/platform/storage/ways/',
  'server/features/channels/',
  'server/features/alerts/check-alerts',
  'server/features/messages/deliver/',
  'server/features/webhooks/silent-receivers',
  'server/features/webhooks/webhooks',
  'server/organisation/corps/doctor/',
  'server/organisation/sync/outage',
  'server/organisation/sync/runs/',
  'server/organisation/sync/sync',
  'server/callers/sign-in/sms-code/',
]

/** Puts the longest first. */
export function inOrder<T>(files: readonly T[], pathOf: (file: T) => string): T[] {
  const rankOf = (file: T) => {
    const found = longest.findIndex(path => pathOf(file).includes(path))
    return found < 0 ? longest.length : found
  }
  return files.toSorted((a, b) => rankOf(a) - rankOf(b))
}

/** vitest's argument that leaves out whatever has this in its path. */
export const without = (path: string) => `--exclude=**/${path}${path.endsWith('/') ? '**' : '*'}`

/** The rules of the tree, which hold for a change of anything. */
export const rules = [
  'test/rules.test.ts',
  'test/storeys.test.ts',
  'test/terms.test.ts',
  'test/citations.test.ts',
  'test/paths.test.ts',
  'test/packaging.test.ts',
  'test/rules-everywhere.test.ts',
]

/** What `npm run test:quick` leaves out of the server: what takes longest. */
export const quickExcludes = [
  ...[...longest, ...waiting].filter(path => path.startsWith('server/')),
  'server/features/oidc/many-corps',
  'server/features/oidc/nodes',
  'server/features/payments/orders/orders',
  'server/features/payments/refunds/refunds',
  'server/organisation/directory/read/large',
  'server/organisation/directory/search/search-index',
  'server/upstream/transport/credentials',
]

/** What SQL sorts, compares, copies and locks: runs on the system's PostgreSQL too, in `npm run soak`. */
export const storageTests = [
  'server/platform/storage/',
  'server/features/backup/',
  'server/callers/audit/',
  'server/organisation/directory/write/writer',
  'server/platform/queue/',
  'server/features/messages/accept/',
  'server/features/messages/deliver/records',
  'server/features/messages/mine/my-messages',
]

/** What runs through PgBouncer too, in `npm run soak`. */
export const poolerTests = [
  'server/platform/storage/',
  'server/platform/queue/',
  'server/platform/inbox/',
  'server/features/backup/',
  'server/features/messages/',
  'server/features/channels/',
  'server/features/cards/',
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
  const asks = (path: string) =>
    /from '[./]+\/(test\/)?soak\.ts'/.test(readFileSync(join(root, path), 'utf8'))
  return findTests().filter(path => path.startsWith('test/soak/') || asks(path))
}

/**
 * The tests of what was changed, paths from the root: a changed test; all that are in the folder of a changed file or below, or
 * in the nearest folder above that has some (not the whole of `server/`, `sandbox/` or `test/`); of the pages those of `test/browser/`
 * whose name begins as a part of the path does. What imports a file does not tell: every test imports the harness, and that all of wisp.
 */
export function testsNear(changed: readonly string[], tests: readonly string[] = findTests()): string[] {
  const near = (path: string): readonly string[] => {
    if (tests.includes(path)) return [path]
    const parts = path.split('/')
    if (parts[0] === 'web') {
      const names = parts.slice(1).flatMap(part => (part === 'console' ? [] : [part.replace(/\.tsx?$/, '')]))
      return tests.filter(
        test => test.startsWith('test/browser/') && names.some(name => basename(test).startsWith(name)),
      )
    }
    for (let depth = parts.length - 1; depth > 1; depth--) {
      const folder = `${parts.slice(0, depth).join('/')}/`
      const found = tests.filter(test => test.startsWith(folder))
      if (found.length > 0) return found
    }
    return []
  }
  return [...new Set(changed.flatMap(near))].filter(test => !test.startsWith('test/soak/')).sort()
}
