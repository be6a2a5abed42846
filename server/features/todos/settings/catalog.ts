import type { Core } from '../../../platform/core.ts'
import type { QuietHours, TodoAppSettings } from './settings-store.ts'
import * as store from './settings-store.ts'

/** What is set for to-dos, in memory. */
export type TodoSettings = {
  reload(corpId?: string): Promise<void>
  /** An app that nobody has set anything for reminds of nothing and passes nothing on. */
  of(appId: string): TodoAppSettings
  /** The apps of a corp whose to-dos may be delegated and passed on. */
  passingOn(corpId: string): string[]
  /** The apps of a corp whose numbers WeCom's workbench shows. */
  inWecom(corpId: string): string[]
  quietHours(corpId: string): QuietHours | null
  /** Whether people read in WeChat, which shows no cards that can change. */
  inWechat(corpId: string): boolean
}

export const nothingSet: TodoAppSettings = {
  remindMinutes: [],
  escalateMinutes: null,
  mayPassOn: false,
  inWecom: false,
  notify: false,
}

export function createTodoSettings(ctx: Core): TodoSettings {
  const apps = new Map<string, TodoAppSettings & { corpId: string }>()
  const quiet = new Map<string, QuietHours | null>()
  const wechat = new Set<string>()
  const idsWhere = (corpId: string, is: (one: TodoAppSettings) => boolean) =>
    [...apps].flatMap(([id, one]) => (one.corpId === corpId && is(one) ? [id] : []))
  return {
    async reload(corpId) {
      const [ofApps, ofCorps] = await Promise.all([
        store.allAppSettings(ctx.db, corpId),
        store.allCorpSettings(ctx.db, corpId),
      ])
      for (const [id, one] of apps) if (corpId === undefined || one.corpId === corpId) apps.delete(id)
      for (const { appId, ...settings } of ofApps) apps.set(appId, settings)
      for (const id of quiet.keys()) if (corpId === undefined || id === corpId) quiet.delete(id)
      for (const one of ofCorps) quiet.set(one.corpId, store.quietOf(one))
      for (const id of wechat) if (corpId === undefined || id === corpId) wechat.delete(id)
      for (const one of ofCorps) if (one.inWechat) wechat.add(one.corpId)
    },
    of: appId => apps.get(appId) ?? nothingSet,
    passingOn: corpId => idsWhere(corpId, one => one.mayPassOn),
    inWecom: corpId => idsWhere(corpId, one => one.inWecom),
    quietHours: corpId => quiet.get(corpId) ?? null,
    inWechat: corpId => wechat.has(corpId),
  }
}
