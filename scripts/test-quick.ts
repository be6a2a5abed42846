import { withGates } from './test/gates.ts'
import { quickExcludes, rules, without } from './test/paths.ts'
import { prepareSystem } from './test/system.ts'
import { closingLine } from './test/tally.ts'
import { runTests } from './test/vitest.ts'

/** `npm run test:quick`: types, lint, the server's tests without those that take longest, and the rules of the tree. */
if (!prepareSystem()) process.exit(1)
const tally = await withGates(() =>
  runTests([{ args: ['server/', ...rules, ...quickExcludes.map(without)] }]),
)
console.log(`\n${closingLine(tally)}`)
process.exit(tally.failed > 0 ? 1 : 0)
