import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { findSoakTests, inOrder, soakOnly, testFiles } from './scripts/test/paths.ts'
import { isSoak, soak } from './test/soak.ts'

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return inOrder(await super.sort(files), ({ moduleId }) => moduleId)
  }
}

/** A gigabyte or so for each worker: its modules, its Chromium, the programs that its tests start. */
const workersInMemory = Math.max(2, Math.floor(process.availableMemory() / 1.2e9))

export default defineConfig({
  test: {
    include: isSoak ? findSoakTests() : testFiles,
    exclude: isSoak ? configDefaults.exclude : [...configDefaults.exclude, soakOnly],
    globalSetup: 'test/global-setup.ts',
    setupFiles: 'test/setup.ts',
    testTimeout: soak(60_000, 20 * 60_000),
    hookTimeout: 120_000,
    pool: 'forks',
    // Worlds make much that lives for a test: with 16 MB for what is new, collecting it takes a tenth of the processor time.
    execArgv: ['--max-semi-space-size=64'],
    // The files that one worker runs share their modules: loading all of wisp anew for each takes longer than most tests.
    isolate: false,
    // What is polled for is waited for: a second, which is usual, is not enough beside other work.
    expect: { poll: { timeout: 20_000 } },
    // For two processors: many tests wait, for deadlines, processes and pages. scripts/test.ts says how many in `npm test`.
    maxWorkers: soak(Math.min(4, workersInMemory), 2),
    sequence: { sequencer: LongestFirst },
  },
})
