import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { programEnv } from '../program-env.ts'
import { type Block, endingOf, isRun, type Page } from './pages.ts'

/** What a block did: the bodies that each curl of it got, in order, and what it printed. */
export type BlockRun = { block: Block; shows: Block | undefined; answers: string[]; out: string }
export type Run = { ran: BlockRun[]; failed: string | undefined }

/** Keeps what it got, in a file per call, and behaves like curl. */
const curl = `#!/bin/sh
file="$DOCS_ANSWERS/$(printf %05d "$(cat "$DOCS_BLOCK")")-$(printf %05d "$(ls "$DOCS_ANSWERS" | wc -l)")"
: >"$file"
"$DOCS_CURL" "$@" >"$file"
code=$?
cat "$file"
exit $code
`

const runWithinMs = 50_000

/**
 * Runs the blocks of a page in order, in one shell that ends at the first failure, as somebody would who pastes them.
 * `folder` is empty but for what the reader has; `env` is what the pages say that is set.
 */
export async function runPage(page: Page, folder: string, env: Record<string, string>): Promise<Run> {
  const own = join(folder, '.run')
  const [answers, bin] = [join(own, 'answers'), join(own, 'bin')]
  for (const one of [answers, bin]) mkdirSync(one, { recursive: true })
  writeFileSync(join(bin, 'curl'), curl)
  chmodSync(join(bin, 'curl'), 0o755)
  writeFileSync(join(own, 'script.sh'), scriptOf(page, folder))
  const path = `${bin}:${join(import.meta.dirname, '../../node_modules/.bin')}:${programEnv.PATH}`
  const known = { DOCS_ANSWERS: answers, DOCS_BLOCK: join(own, 'block'), DOCS_CURL: await curlOf(path, bin) }
  const port = String(await freePort())
  const failed = await runScript(join(own, 'script.sh'), folder, {
    ...programEnv,
    ...env,
    ...known,
    PATH: path,
    PORT: port,
  })
  const reached = existsSync(known.DOCS_BLOCK) ? Number(readFileSync(known.DOCS_BLOCK, 'utf8')) : 0
  return { ran: resultsOf(page, own), failed: failed && `line ${page.blocks[reached]?.line} ${failed}` }
}

/** What went wrong, in words. A snippet may have started programs, and none of them may outlive its page. */
async function runScript(
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<string | undefined> {
  const child = spawn('sh', [script], { cwd, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  const killAll = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // None of them is left.
    }
  }
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    killAll()
  }, runWithinMs)
  let told = ''
  child.stderr.on('data', (text: Buffer) => {
    told += text
  })
  const [code] = await once(child, 'exit')
  clearTimeout(timer)
  killAll()
  if (isLate) return `not done in time: ${told}`
  return code === 0 ? undefined : `failed: ${told}`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function scriptOf(page: Page, folder: string): string {
  const lines = ['set -e']
  for (const [index, block] of page.blocks.entries()) {
    const ending = endingOf(block)
    if (block.file) writeFileSync(join(folder, block.file), block.text)
    if (!isRun(block)) continue
    const name = `block-${index}.${ending}`
    if (ending) writeFileSync(join(folder, name), block.text)
    const command = ending ? `${ending === 'py' ? 'python3' : 'node'} ${name}\n` : block.text
    lines.push(`echo ${index} >"$DOCS_BLOCK"`, `{\n${command}} >"${outOf(join(folder, '.run'), index)}"`)
  }
  return `${lines.join('\n')}\n`
}

const outOf = (own: string, index: number) => join(own, `out-${index}`)

function resultsOf(page: Page, own: string): BlockRun[] {
  const files = readdirSync(join(own, 'answers')).sort()
  return page.blocks.flatMap((block, index) => {
    if (!isRun(block) || !existsSync(outOf(own, index))) return []
    const mine = files.filter(name => Number(name.split('-')[0]) === index)
    const next = page.blocks[index + 1]
    return {
      block,
      shows: next?.language === 'json' && !next.file ? next : undefined,
      answers: mine.map(name => readFileSync(join(own, 'answers', name), 'utf8')),
      out: readFileSync(outOf(own, index), 'utf8'),
    }
  })
}

async function curlOf(path: string, own: string): Promise<string> {
  const found = path.split(':').find(folder => folder !== own && existsSync(join(folder, 'curl')))
  if (!found) throw new Error('there is no curl on this machine')
  return join(found, 'curl')
}

/** What readers of the pages have beside them: the demo's file and the SDK, as `npm install @wisp/sdk` brings it. */
export function prepareFolder(folder: string, demo: object): void {
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(join(folder, 'data/demo.json'), JSON.stringify(demo))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  cpSync(join(import.meta.dirname, '../../sdk'), join(folder, 'node_modules/@wisp/sdk'), { recursive: true })
}
