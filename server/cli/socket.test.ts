import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { databaseEnv } from '../../test/harness.ts'
import { readConfig, socketPath } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { createLog } from '../operation/log.ts'
import { askServer } from './client.ts'
import type { Event } from './execute.ts'
import { listenForCommands } from './socket.ts'

let ctx: Context
afterEach(() => ctx.close())
const open = async () => {
  ctx = await createContext(readConfig(await databaseEnv('embedded')), { log: createLog('silent') })
  return socketPath(ctx.config)
}
const ask = async (command: string, values = {}) => {
  const events: Event[] = []
  const invocation = { command, values, json: true }
  const isAnswered = await askServer(ctx.config, invocation, new AbortController().signal, event => {
    events.push(event)
  })
  return isAnswered ? events : undefined
}

describe('the command socket', () => {
  it('is never open to others, not even for a moment, and goes with the server', async () => {
    const path = await open()
    expect(await ask('corp list')).toBeUndefined()
    const mask = process.umask(0)
    const listening = listenForCommands(ctx)
    // Nothing was awaited yet: this is the first moment in which the file is there.
    const { mode } = statSync(path)
    expect(process.umask(mask)).toBe(0)
    expect(mode & 0o777).toBe(0o600)
    const commands = await listening
    expect(await ask('corp list')).toEqual([{ out: '[]' }, { exit: 0 }])
    await commands.close()
    expect(existsSync(path)).toBe(false)
    expect(await ask('corp list')).toBeUndefined()
  })

  it('takes the place of what a killed process left', async () => {
    const path = await open()
    writeFileSync(path, '')
    const commands = await listenForCommands(ctx)
    expect(await ask('corp list')).toEqual([{ out: '[]' }, { exit: 0 }])
    await commands.close()
  })

  it('answers what it does not understand, and restores nothing under a running server', async () => {
    await open()
    const commands = await listenForCommands(ctx)
    expect(await ask('no such')).toEqual([{ error: '没有命令 no such' }, { exit: 2 }])
    expect(await ask('sync event', { id: 'x' })).toMatchObject([{ error: expect.any(String) }, { exit: 2 }])
    expect(await ask('restore', { file: '/x' })).toMatchObject([{ error: expect.any(String) }, { exit: 1 }])
    expect(await ask('corp set', { corp: 'nobody', name: 'x' })).toEqual([
      { error: '参数错误: 没有企业 nobody' },
      { exit: 1 },
    ])
    await commands.close()
  })

  it('is not looked for where PostgreSQL is used', async () => {
    ctx = await createContext(readConfig(await databaseEnv('postgres')), { log: createLog('silent') })
    await (await listenForCommands(ctx)).close()
    expect(existsSync(socketPath(ctx.config))).toBe(false)
  })

  it('lets wisp serve where no socket can be made', async () => {
    const path = await open()
    ctx.config.dataDir = join(ctx.config.dataDir, 'absent')
    await (await listenForCommands(ctx)).close()
    expect(existsSync(path)).toBe(false)
  })
})
