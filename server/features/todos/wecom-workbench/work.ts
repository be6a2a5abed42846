import { type Agent, type Corp, type Corps, publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { explainErrcode, WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import { isLimit } from '../../../upstream/wecom/passing.ts'
import type { KeyData } from '../../../upstream/wecom/workbench.ts'
import type { Apps } from '../../apps/catalog.ts'
import { todoListPath } from '../links.ts'
import * as store from './workbench-store.ts'

type Needs = Core & { apps: Apps; corps: Corps; mirrors: Mirrors }

const appsAtOnce = 4
const callsAtOnce = 4
const readAtOnce = 100
/** After WeCom refused a template, or gave no answer. */
const laterMs = 600_000
const limitMs = 60_000

/** Tells WeCom's workbench how many to-dos people have; the queue gives each app to one node at a time. */
export function handleWorkbench(ctx: Needs & { queue: Queue }): void {
  ctx.queue.handle({
    name: 'todo-workbench',
    atOnce: appsAtOnce,
    async work({ corpId, key: appId, signal }) {
      const corp = ctx.corps.find(corpId)
      const app = ctx.apps.find(appId)
      if (!corp || !app) return undefined
      const agent = corp.agents.find(one => one.agentId === app.agentId)
      if (!(await store.isWanted(ctx.db, corpId, appId))) return leave(ctx, corp, appId)
      if (!agent) {
        const failure = `应用 ${app.agentId ?? ''} 没有添加到 wisp / the agent ${app.agentId ?? ''} is not connected to wisp`
        return refusedPlace(ctx, corpId, appId, failure)
      }
      const again = await takePlace(ctx, corp, appId, agent)
      if (again) return again
      return ctx.mirrors.during(corpId, () => tellNumbers(ctx, corp, appId, agent, signal))
    },
  })
}

/** The template first. Returns when to try again where WeCom refused it. */
async function takePlace(ctx: Needs, corp: Corp, appId: string, agent: Agent): Promise<Date | undefined> {
  const { corpId } = corp
  const place = await store.placeOf(ctx.db, corpId, appId)
  if (place?.templateAt && place.agentId === agent.agentId) return undefined
  try {
    const items = itemsOf(ctx, corp, { todo: 0, read: 0 })
    await agent.workbench.setTemplate(agent.agentId, { type: 'keydata', items })
  } catch (error) {
    return refusedPlace(ctx, corpId, appId, failureOf(error))
  }
  const at = new Date(ctx.now())
  const taken = { agentId: agent.agentId, templateAt: at, failure: null, triedAt: at }
  await store.putPlace(ctx.db, corpId, appId, taken)
  return undefined
}

async function refusedPlace(ctx: Needs, corpId: string, appId: string, failure: string): Promise<Date> {
  const place = { agentId: null, templateAt: null, failure, triedAt: new Date(ctx.now()) }
  await store.putPlace(ctx.db, corpId, appId, place)
  return new Date(ctx.now() + laterMs)
}

/** Both languages, as what a person has done about it is told in either. Throws what is no refusal of WeCom's. */
function failureOf(error: unknown): string {
  if (!(error instanceof WecomError || error instanceof WecomUnavailable)) throw error
  if (error instanceof WecomUnavailable) return '企业微信没有响应 / WeCom does not answer'
  const { text } = explainErrcode(error.errcode)
  return `${error.errcode} ${text.zh} / ${text.en}`
}

/** The icon alone again. Whether WeCom takes it or not, wisp shows nothing there any more. */
async function leave(ctx: Needs, corp: Corp, appId: string): Promise<Date | undefined> {
  const place = await store.placeOf(ctx.db, corp.corpId, appId)
  const agent = corp.agents.find(one => one.agentId === place?.agentId)
  if (place?.templateAt && agent) {
    try {
      await agent.workbench.setTemplate(agent.agentId, { type: 'normal' })
    } catch (error) {
      if (error instanceof WecomUnavailable) return new Date(ctx.now() + laterMs)
      if (!(error instanceof WecomError)) throw error
    }
  }
  await store.deletePlace(ctx.db, corp.corpId, appId)
  return undefined
}

async function tellNumbers(
  ctx: Needs,
  corp: Corp,
  appId: string,
  agent: Agent,
  signal: AbortSignal,
): Promise<Date | undefined> {
  const { corpId } = corp
  const { members } = ctx.mirrors.of(corpId)
  for (;;) {
    const due = await store.dueNumbers(ctx.db, corpId, appId, new Date(ctx.now()), readAtOnce)
    const worker = async () => {
      for (let one = due.shift(); one && !signal.aborted; one = due.shift()) {
        const userId = members.byId(one.memberId)?.userId
        const told = userId
          ? await tellOne(ctx, corp, agent, userId, one)
          : { count: undefined, againAt: undefined }
        await store.noteTold(ctx.db, corpId, appId, one, { at: new Date(ctx.now()), ...told })
      }
    }
    const isLast = due.length < readAtOnce
    await Promise.all(Array.from({ length: callsAtOnce }, worker))
    if (isLast || signal.aborted) return store.nextDue(ctx.db, corpId, appId)
  }
}

/** Whom WeCom refuses, such as somebody outside of the agent's visible range, is tried again at the next change. */
async function tellOne(
  ctx: Needs,
  corp: Corp,
  agent: Agent,
  userId: string,
  number: store.DueNumber,
): Promise<{ count: number | undefined; againAt: Date | undefined }> {
  try {
    await agent.workbench.setData(agent.agentId, userId, itemsOf(ctx, corp, number))
    return { count: number.todo + number.read, againAt: undefined }
  } catch (error) {
    if (error instanceof WecomUnavailable) return { count: undefined, againAt: new Date(ctx.now() + limitMs) }
    if (!(error instanceof WecomError)) throw error
    const againAt = isLimit(error.errcode) ? new Date(ctx.now() + limitMs) : undefined
    return { count: undefined, againAt }
  }
}

function itemsOf(ctx: Needs, corp: Corp, { todo, read }: { todo: number; read: number }): KeyData[] {
  const jump_url = publicUrlOf(ctx, corp) + todoListPath
  return [
    { key: '待办', data: String(todo), jump_url },
    { key: '待阅', data: String(read), jump_url },
  ]
}
