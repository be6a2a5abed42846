import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isThere, languages } from '../../examples/languages.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import type { CallRequest } from '../../web/docs/shared/call.ts'
import { snippets } from '../../web/docs/shared/snippets/snippets.ts'
import { startWorld, type World } from '../harness.ts'
import { isDue, noteAtEnd, type Proof } from '../proved/proved.ts'
import { soak } from '../soak.ts'

/** How each language runs one file. C# needs a newer compiler than Debian has. */
const runs: Record<string, { file: string; command: readonly string[] }> = {
  curl: { file: 'call.sh', command: ['sh', 'call.sh'] },
  typescript: { file: 'call.mts', command: [process.execPath, 'call.mts'] },
  java: { file: 'Example.java', command: ['java', 'Example.java'] },
  php: { file: 'call.php', command: ['php', 'call.php'] },
  python: { file: 'call.py', command: ['python3', 'call.py'] },
  go: { file: 'main.go', command: ['go', 'run', 'main.go'] },
}
const there = languages.filter(one => one.folder in runs && isThere(one))
const here = there.map(one => one.folder)

const proofOf = (id: string): Proof => ({
  name: `docs/calls/${id}`,
  inputs: ['web/docs/shared/**/*.ts', 'test/docs/snippets-of-calls.test.ts'],
  versions: there.flatMap(one => (one.folder === id ? [one.version] : [])),
})
const always = ['typescript']
const due = here.filter(id => always.includes(id) || soak(isDue(proofOf(id)), true))
noteAtEnd(due.filter(id => !always.includes(id)).map(proofOf), due.length)

let world: World
const dir = mkdtempSync(join(tmpdir(), 'wisp-snippets-'))
beforeAll(async () => {
  world = await startWorld({ members: 10, departments: 3, tags: 1 })
  await connectMerchant(world)
})
afterAll(async () => {
  await world.close()
  rmSync(dir, { recursive: true, force: true })
})

async function run(id: string, ask: CallRequest): Promise<string> {
  const { file, command } = runs[id]!
  writeFileSync(join(dir, file), snippets.find(one => one.id === id)?.write(ask) ?? '')
  const [program = '', ...args] = command
  const env = { ...process.env, DEV_TOKEN: await world.dev.token() }
  return (await promisify(execFile)(program, args, { cwd: dir, env })).stdout
}

it.each(due)(
  'the request in %s reads and searches as it stands',
  async id => {
    const { url } = world.server
    const read = { method: 'GET', url: `${url}/api/user/get?userId=zhangsan`, needsToken: true } as const
    expect(await run(id, read)).toContain('张三')
    // Quotes, backslashes and dollars mean something to each of them.
    const body = {
      searchName: '张三',
      note: `it's "\\n" $HOME {x} \`y\` %s #{z}`,
      list: ['a', 1, true, { b: '' }],
    }
    const search = { method: 'POST', url: `${url}/api/user/search`, body, needsToken: true } as const
    expect(await run(id, search)).toContain('zhangsan')
    if (!snippets.find(one => one.id === id)?.writesForms) return
    const file = { input: 'file', name: 'list.csv', text: "userId,note\nzhangsan,it's $HOME %s\n" }
    const upload = { method: 'POST', url: `${url}/api/message/list`, file, needsToken: true } as const
    expect(await run(id, upload)).toMatch(/rows"?: ?1/)
  },
  120_000,
)
