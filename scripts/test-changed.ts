import { execFileSync } from 'node:child_process'
import { rules, testsNear } from './test/paths.ts'
import { root } from './test/run.ts'
import { prepareSystem } from './test/system.ts'
import { closingLine } from './test/tally.ts'
import { runTests } from './test/vitest.ts'

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(line => line !== '')

/**
 * `npm run test:changed`: the tests of what was changed since the last commit, and the rules of the tree; `-- main` of what a branch
 * has changed since it left main.
 */
if (!prepareSystem()) process.exit(1)
const [base] = process.argv.slice(2)
const since = base === undefined ? 'HEAD' : (git('merge-base', base, 'HEAD')[0] ?? base)
const changed = [
  ...git('diff', '--name-only', '--relative', since),
  ...git('ls-files', '--others', '--exclude-standard'),
]
const tally = await runTests([{ args: [...new Set([...testsNear(changed), ...rules])] }])
console.log(`\n${closingLine(tally)}`)
process.exit(tally.failed > 0 ? 1 : 0)
