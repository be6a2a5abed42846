import type { Core } from '../../../platform/core.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { TodoAppSettings } from './settings-store.ts'
import * as store from './settings-store.ts'

/** What is set for to-dos, in memory. */
export type TodoSettings = {
  reload(corpId?: string): Promise<void>
  /** An app that nobody has set anything for reminds of nothing, and what is to do in it may be passed on. */
  of(appId: string): TodoAppSettings
  /** The apps of a corp whose to-dos may be delegated and passed on. */
  passingOn(corpId: string): string[]
  /** The apps of a corp whose numbers WeCom's workbench shows. */
  inWecom(corpId: string): string[]
  /** Whether people read in WeChat, which shows no cards that can change. */
  inWechat(corpId: string): boolean
}

export const nothingSet: TodoAppSettings = {
  remindMinutes: [],
  escalateMinutes: null,
  mayPassOn: true,
  inWecom: false,
  notify: false,
}

export function createTodoSettings(ctx: Core, { ofCorp }: Pick<Apps, 'ofCorp'>): TodoSettings {
  const apps = new Map<string, TodoAppSettings & { corpId: string }>()
  const wechat = new Set<string>()
  const of = (appId: string): TodoAppSettings => apps.get(appId) ?? nothingSet
  const idsWhere = (corpId: string, is: (one: TodoAppSettings) => boolean) =>
    ofCorp(corpId).flatMap(({ id }) => (is(of(id)) ? [id] : []))
  return {
    async reload(corpId) {
      const [ofApps, inWechat] = await Promise.all([
        store.allAppSettings(ctx.db, corpId),
        store.corpsInWechat(ctx.db, corpId),
      ])
      for (const [id, one] of apps) if (corpId === undefined || one.corpId === corpId) apps.delete(id)
      for (const { appId, ...settings } of ofApps) apps.set(appId, settings)
      for (const id of wechat) if (corpId === undefined || id === corpId) wechat.delete(id)
      for (const id of inWechat) wechat.add(id)
    },
    of,
    passingOn: corpId => idsWhere(corpId, one => one.mayPassOn),
    inWecom: corpId => idsWhere(corpId, one => one.inWecom),
    inWechat: corpId => wechat.has(corpId),
  }
}
