import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../examples/languages.ts'
import { isDue, noteAtEnd, type Proof } from '../proved/proved.ts'
import { soak } from '../soak.ts'
import { faultOf } from './compare.ts'
import { startDocsWorld } from './docs-world.ts'
import { isRun, readPages } from './pages.ts'
import { prepareFolder, runPage } from './run-page.ts'

let world: Awaited<ReturnType<typeof startDocsWorld>>
const folders: string[] = []
beforeAll(async () => {
  world = await startDocsWorld()
})
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
  await world.close()
})

// The English pages have the same blocks (pages.test.ts).
const pages = readPages('zh').filter(page => page.blocks.some(isRun))
/** They make calls of the sandbox's control too. */
const proof: Proof = {
  name: 'docs/guides',
  inputs: [
    ...['test/docs/*.ts', 'sdk/*.*', 'sdk/server/*.ts'],
    ...['scripts/demo/**/*.ts', 'sandbox/control/**/*.ts'],
  ],
  text: JSON.stringify(pages.map(({ name, blocks }) => [name, blocks.map(one => ({ ...one, line: 0 }))])),
  versions: languages.flatMap(one =>
    ['curl', 'typescript', 'python'].includes(one.folder) ? [one.version] : [],
  ),
}
noteAtEnd([proof], pages.length)

describe.runIf(soak(isDue(proof), true))('the snippets of the page', () => {
  it.each(pages)('$name do what it says', async page => {
    const folder = mkdtempSync(join(tmpdir(), 'wisp-docs-'))
    folders.push(folder)
    prepareFolder(folder, world.demo)
    const { ran, failed } = await runPage(page, folder, world.env)
    const faults = ran.flatMap(({ block, shows, answers, out }) => {
      const got = answers.length > 0 ? answers : shows ? [out] : []
      return got.flatMap((answer, n) => {
        const fault = faultOf(answer, n === got.length - 1 ? shows?.text : undefined)
        return fault ? `line ${block.line}: ${fault}` : []
      })
    })
    expect([failed, ...faults].filter(Boolean)).toEqual([])
    expect(ran).toHaveLength(page.blocks.filter(isRun).length)
  })
})
