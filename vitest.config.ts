import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take longest, in this order: begun last, they would be all that runs at the end. */
const longest = [
  ...[
    'journeys/sms-and-mail',
    'server/cli/cli',
    'attacks/fuzz',
    'test/examples/',
    'test/journeys/',
    'test/browser/',
  ],
  ...['storage/embedded/', 'messages/channels/', 'corps/doctor/', 'test/authorisation', 'server/backup/'],
  'messages/deliver/',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex(folder => moduleId.includes(folder))
      return found < 0 ? longest.length : found
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['server/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    setupFiles: 'test/setup.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // The files that one worker runs share their modules: loading all of wisp anew for each takes longer than most tests.
    isolate: false,
    // Two processors: many tests wait, for deadlines, processes and pages.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
  },
})
