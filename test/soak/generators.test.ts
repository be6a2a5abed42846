import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentedCalls } from '../../server/features.ts'
import { openapiDocument } from '../../server/platform/http/openapi.ts'

// Programs that others make clients with read our document. They are too large for a devDependency of every installation.
const packages = ['@redocly/cli@2.77.0', 'openapi-typescript@7.13.0', '@hey-api/openapi-ts@0.95.0']

const ownBin = resolve(import.meta.dirname, '../../node_modules/.bin')
const dir = mkdtempSync(join(tmpdir(), 'wisp-generators-'))
const env = {
  ...process.env,
  PATH: [join(dir, 'node_modules/.bin'), ownBin, process.env['PATH']].join(delimiter),
  REDOCLY_TELEMETRY: 'off',
}

async function run(program: string, ...args: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: dir, env })
    return stdout + stderr
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${program}: ${stdout}${stderr}`, { cause: error })
  }
}

/** The generated client and what a program would write with it, under the strictest usual settings. */
function compile(file: string): Promise<string> {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: 'esnext',
    module: 'preserve',
    moduleResolution: 'bundler',
    allowImportingTsExtensions: true,
    types: [],
    lib: ['esnext', 'dom', 'dom.iterable'],
  }
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
  return run('tsc', '--project', 'tsconfig.json')
}

beforeAll(async () => {
  writeFileSync(join(dir, 'package.json'), '{"private":true,"type":"module"}')
  for (const language of ['zh', 'en'] as const)
    writeFileSync(
      join(dir, `${language}.json`),
      JSON.stringify(openapiDocument(documentedCalls, 'https://wisp.example.com', language)),
    )
  await run('npm', 'install', '--no-audit', '--no-fund', ...packages)
}, 300_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

it.each(['zh', 'en'])('redocly finds no error in the document (%s)', async language => {
  expect(await run('redocly', 'lint', `${language}.json`, '--format=summary')).not.toMatch(/^error/m)
})

it('openapi-typescript makes types that a program compiles with', async () => {
  await run('openapi-typescript', 'zh.json', '--output', 'types.ts')
  writeFileSync(
    join(dir, 'use-types.ts'),
    `import type { paths } from "./types.ts"
type Send = paths['/api/message/send']['post']['requestBody']['content']['application/json']
export const joined: Send = { toUser: 'zhangsan|lisi', sendType: '0', msgType: '03', agentName: 'a', content: 'b' }
export const listed: Send = { ...joined, toUser: ['zhangsan'] }
type Bill = paths['/api/pay/bill/create']['post']['requestBody']['content']['application/json']
export const bill: Bill = { billNo: '1', userId: 'zhangsan', title: 'c', amount: 1, notify: true }
type Status = NonNullable<paths['/api/message/status']['get']['responses']['200']['content']['application/json']['body']>['status']
export const status: Record<Status, true> = { sent: true, queued: true, failed: true, unknown: true, cancelled: true }
`,
  )
  await compile('use-types.ts')
}, 120_000)

it('hey-api makes a client that a program compiles with', async () => {
  await run('openapi-ts', '--input', 'zh.json', '--output', 'client')
  writeFileSync(
    join(dir, 'use-client.ts'),
    `import { getApiUserGet } from "./client/sdk.gen"
export const found = await getApiUserGet({ baseUrl: 'https://wisp.example.com', query: { userId: 'zhangsan' } })
export const name: string | undefined = found.data?.body?.userName
`,
  )
  await compile('use-client.ts')
}, 120_000)
