import { withGates } from './test/gates.ts'
import { quickExcludes, rules } from './test/paths.ts'
import { prepareSystem } from './test/system.ts'
import { closingLine } from './test/tally.ts'
import { runTests } from './test/vitest.ts'

/** `npm run test:quick`: types, lint, the server's tests without those that take longest, and the rules of the tree. */
if (!prepareSystem()) process.exit(1)
const excludes = quickExcludes.map(path => `--exclude=${path}${path.endsWith('/') ? '**' : '*'}`)
const tally = await withGates(() => runTests(['server/', ...rules, ...excludes]))
console.log(`\n${closingLine(tally)}`)
process.exit(tally.failed > 0 ? 1 : 0)
