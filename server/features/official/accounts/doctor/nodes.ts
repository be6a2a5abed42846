import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../../../platform/core.ts'
import { describeError } from '../../../../platform/operation/log.ts'
import { aliveNodes } from '../../../../platform/storage/alive-nodes.ts'
import { signal } from '../../../../platform/storage/bus.ts'
import { OfficialError, OfficialUnavailable } from '../../../../upstream/official/errors.ts'
import type { Account, Accounts } from '../accounts.ts'
import * as store from './store.ts'

const othersWithinMs = 5000
const lookMs = 50

/** Makes every node ask WeChat for a token when any of them examines an account, because WeChat judges each node's own address. */
export async function followNodeTests(ctx: Core & { accounts: Accounts }): Promise<void> {
  const onSignal = (payload: string) => {
    const [originalId = '', askedBy] = payload.split(' ')
    const account = ctx.accounts.find(originalId)
    if (!account || askedBy === ctx.nodeId) return
    askAsNode(ctx, account).catch(error => ctx.log.warn(describeError(error), 'account not examined here'))
  }
  await ctx.bus.listen('wisp_official', onSignal, () => {})
}

/** Whether WeChat gives this node a token, and stores the answer. What is not WeChat's answer is thrown. */
async function askAsNode(ctx: Core, account: Account): Promise<void> {
  const self = { nodeId: ctx.nodeId, node: `${hostname()}:${ctx.config.port}` }
  const put = (errcode: number | null, address = '', rid = '') =>
    store.putNodeAnswer(ctx.db, account, { ...self, errcode, address, rid })
  try {
    await account.askForToken()
    await put(0)
  } catch (error) {
    if (error instanceof OfficialError) await put(error.errcode, error.fromIp, error.rid)
    else if (error instanceof OfficialUnavailable) await put(null)
    else throw error
  }
}

/** What WeChat answered each node just now, this one first. Nodes that do not answer within 5 s are left out. */
export async function askAsAllNodes(ctx: Core, account: Account): Promise<store.NodeAnswer[]> {
  const since = await store.databaseTime(ctx.db)
  await signal(ctx.db, 'wisp_official', `${account.originalId} ${ctx.nodeId}`)
  await askAsNode(ctx, account)
  const end = performance.now() + othersWithinMs
  for (;;) {
    const answers = await store.nodeAnswers(ctx.db, account, since)
    const others = (await aliveNodes(ctx.db)).filter(name => !name.endsWith(`node-${ctx.nodeId}`))
    const isAll = answers.filter(one => one.nodeId !== ctx.nodeId).length >= others.length
    if (isAll || performance.now() > end)
      return answers.sort((a, b) => Number(b.nodeId === ctx.nodeId) - Number(a.nodeId === ctx.nodeId))
    await delay(lookMs, undefined, { signal: ctx.stopping })
  }
}
