import { randomBytes } from 'node:crypto'
import { record } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Developer } from '../developers/developers.ts'
import { ApiError } from '../errors.ts'
import * as store from './store.ts'

/** A developer's own, enabled app, by wisp's id or its WeCom agentId. Throws 1000. */
export async function findAppOf(ctx: Context, developer: Developer, appId: string): Promise<store.AppRow> {
  const app =
    (await store.findApp(ctx.db, developer.corpId, appId)) ??
    (/^\d{1,9}$/.test(appId)
      ? await store.findAppByAgent(ctx.db, developer.corpId, developer.devId, Number(appId))
      : undefined)
  if (app?.devId !== developer.devId) throw new ApiError('badParameter', `没有应用 ${appId}`)
  if (!app.enabled) throw new ApiError('badParameter', `应用 ${appId} 已停用`)
  return app
}

/**
 * The WeCom agent that an agentId or app id of a call means; without one, `fallback`, or else the only agent there is
 * for messages. Throws 1000.
 */
export async function agentOf(
  ctx: Context,
  developer: Developer,
  id: string | undefined,
  fallback: number | null,
): Promise<number | null> {
  const { agents } = ctx.corps.get(developer.corpId)
  if (!id) {
    const usable = agents.filter(agent => agent.uses.includes('messages'))
    return fallback ?? (usable.length === 1 ? (usable[0]?.agentId ?? null) : null)
  }
  const agent = agents.find(one => String(one.agentId) === id)
  if (agent) return agent.agentId
  const app = await store.findApp(ctx.db, developer.corpId, id)
  if (app?.agentId === undefined || app.agentId === null) throw new ApiError('badParameter', `没有应用 ${id}`)
  return app.agentId
}

export type AppSettings = { name?: string; devId?: string | null; agentId?: number | null; enabled?: boolean }

export async function addApp(
  ctx: Context,
  actor: string,
  corpId: string,
  settings: AppSettings & { name: string },
): Promise<{ id: string }> {
  ctx.corps.get(corpId)
  checkSettings(ctx, corpId, settings)
  const id = `app${randomBytes(6).toString('hex')}`
  await ctx.db.transaction().execute(async tx => {
    await store.insertApp(tx, {
      id,
      corpId,
      name: settings.name,
      devId: settings.devId ?? null,
      agentId: settings.agentId ?? null,
      createdAt: new Date(ctx.now()),
    })
    await record(tx, ctx, { corpId, actor, act: 'app.add', target: id, detail: settings })
  })
  return { id }
}

export async function setApp(
  ctx: Context,
  actor: string,
  corpId: string,
  id: string,
  settings: AppSettings,
): Promise<void> {
  if (!(await store.findApp(ctx.db, corpId, id))) throw new ApiError('badParameter', `没有应用 ${id}`)
  checkSettings(ctx, corpId, settings)
  await ctx.db.transaction().execute(async tx => {
    await store.updateApp(tx, id, settings)
    await record(tx, ctx, { corpId, actor, act: 'app.set', target: id, detail: settings })
  })
}

export async function listApps(ctx: Context, corpId: string): Promise<store.AppRow[]> {
  ctx.corps.get(corpId)
  return store.appsOfCorp(ctx.db, corpId)
}

function checkSettings(ctx: Context, corpId: string, settings: AppSettings): void {
  if (settings.devId && ctx.developers.get(settings.devId)?.corpId !== corpId) {
    throw new ApiError('unknownDeveloper', settings.devId)
  }
}
