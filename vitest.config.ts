import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { findSoakTests, longest, soakOnly, testFiles } from './scripts/test/paths.ts'
import { isSoak, soak } from './test/soak.ts'

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
    include: isSoak ? findSoakTests() : testFiles,
    exclude: isSoak ? configDefaults.exclude : [...configDefaults.exclude, soakOnly],
    globalSetup: 'test/global-setup.ts',
    setupFiles: 'test/setup.ts',
    testTimeout: soak(60_000, 20 * 60_000),
    hookTimeout: 120_000,
    pool: 'forks',
    // The files that one worker runs share their modules: loading all of wisp anew for each takes longer than most tests.
    isolate: false,
    // Two processors: many tests wait, for deadlines, processes and pages.
    maxWorkers: soak(4, 2),
    sequence: { sequencer: LongestFirst },
  },
})
