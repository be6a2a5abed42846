import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Demo } from '../../scripts/demo/demo-file.ts'
import { programEnv } from '../program-env.ts'

const root = resolve(import.meta.dirname, '../..')
const isReady = /wisp 已就绪（([\d.]+) 秒）/

export type Start = {
  child: ChildProcess
  output(): string
  demo(): Demo
  ended: Promise<number | null>
}

/** Runs `npm start` as a process of its own, on free ports with a small corp. */
export function start(dataDir: string, env: Record<string, string> = {}): Start {
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: root,
    env: {
      ...programEnv,
      WISP_DATA_DIR: dataDir,
      WISP_PORT: '0',
      WISP_SANDBOX_PORT: '0',
      WISP_SANDBOX_SMTP_PORT: '0',
      WISP_SANDBOX_MEMBERS: '60',
      ...env,
    },
  })
  let text = ''
  const collect = (part: Buffer) => {
    text += part.toString()
    child.emit('words')
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  return {
    child,
    output: () => text,
    demo: () => JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as Demo,
    ended: once(child, 'close').then(([code]) => code as number | null),
  }
}

export async function ready(one: Start): Promise<Start> {
  while (!isReady.test(one.output())) {
    const isOver = await Promise.race([
      one.ended.then(() => true),
      once(one.child, 'words').then(() => false),
    ])
    if (isOver && !isReady.test(one.output())) throw new Error(`start ended: ${one.output()}`)
  }
  return one
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  await ended
}
