import type { startSandbox } from '../../sandbox/sandbox.ts'
import { addDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { addCorp, putAgent } from '../../server/organisation/corps/corps.ts'
import { requestSync } from '../../server/organisation/sync/request.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { startServer } from '../../server/server.ts'
import { type Answer, callerOf } from '../harness.ts'

export type Developer = { devId: string; devSecret: string }

/** Prepares a synced corp with an agent for messages, and a developer who may send. */
export async function prepareSender(
  env: Record<string, string>,
  sandbox: Awaited<ReturnType<typeof startSandbox>>,
): Promise<Developer> {
  const { ctx, close } = await startServer(readConfig(env), { log: createLog('silent') })
  const { corpId, contactSecret, agents } = sandbox
  await addCorp(ctx, 'test', { corpId, name: '测试企业', contactSecret })
  await putAgent(ctx, 'test', corpId, { ...agents[0]!, name: '消息', uses: ['messages'] })
  await requestSync(ctx, 'test', corpId, 'full')
  await ctx.sync.drain(corpId)
  const developer = await addDeveloper(ctx, 'test', corpId, { name: '测试' })
  await close()
  return developer
}

export type Sender = {
  /** Messages that were answered with 0 and must therefore never be lost. */
  accepted: string[]
  send(id: string): Promise<Answer>
}

export function createSender(url: string, developer: Developer): Sender {
  const caller = callerOf(url, developer)
  const accepted: string[] = []
  return {
    accepted,
    async send(id) {
      const answer = await caller.post('/api/message/send', {
        toUser: 'zhangsan',
        sendType: '0',
        msgType: '03',
        agentName: '消息',
        requestId: id,
        content: id.padEnd(600, '满'),
      })
      if (answer.retCode === '0') accepted.push(answer.body.msgId)
      return answer
    },
  }
}

/** The messages that wisp does not know. */
export async function findLost(url: string, developer: Developer, msgIds: string[]): Promise<string[]> {
  const caller = callerOf(url, developer)
  const lost: string[] = []
  for (const msgId of msgIds) {
    const { retCode } = await caller.get('/api/message/status', { msgId })
    if (retCode !== '0') lost.push(msgId)
  }
  return lost
}
