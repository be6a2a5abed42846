import { randomInt } from 'node:crypto'
import { notAboutSql, poolerTests, storageTests, without } from './test/paths.ts'
import { languagesMissing, prepareSystem } from './test/system.ts'
import { closingLine, notRunLine } from './test/tally.ts'
import { run, runTests } from './test/vitest.ts'

const throughPooler = [...poolerTests, ...notAboutSql.map(without)]
const onSystem = [...storageTests, ...notAboutSql.map(without)]

/**
 * `npm run soak` runs the long versions of tests (test/soak.ts) and those that are only for it (test/soak/), with a new
 * seed each time, then storage, queue, messages and payments through PgBouncer, what rests on SQL on the system's PostgreSQL, and the
 * pages with axe on each state. Arguments are passed to vitest; the last lines say the seed and the count.
 */
if (!prepareSystem({ forSoak: true })) process.exit(1)
const seed = process.env['WISP_TEST_SEED'] ?? String(randomInt(1_000_000))
const hasPages = await run('node', ['scripts/build-pages.ts'])
const chosen = process.argv.slice(2)
const long = { args: chosen, env: { WISP_TEST_SOAK: '1', WISP_TEST_SEED: seed } }
const pooled = { args: throughPooler, env: { WISP_TEST_POOLER: '1' } }
// Each state of each page, where `npm test` looks at each page.
const looked = { args: ['test/browser/'], env: { WISP_TEST_LOOKS: 'all' } }
const older = { args: onSystem, env: { WISP_TEST_POSTGRES: 'system' } }
const tally = await runTests(chosen.length > 0 ? [long] : [long, pooled, older, looked])
if (!hasPages) console.log('the build of the pages failed; it counts as one failure.')
const failed = tally.failed + (hasPages ? 0 : 1)
for (const language of languagesMissing()) console.log(notRunLine(language))
console.log(`\nWISP_TEST_SEED=${seed} npm run soak begins with the same random choices.`)
console.log(`\n${closingLine({ ...tally, failed })}`)
process.exit(failed > 0 ? 1 : 0)
