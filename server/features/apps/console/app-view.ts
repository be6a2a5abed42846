import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { pinyinOf } from '../../../organisation/directory/search/pinyin.ts'
import type { Core } from '../../../platform/core.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { App, Visibility } from '../app.ts'
import type { AppSettings } from '../apps.ts'
import type { Apps } from '../catalog.ts'
import { whyNotSynced } from '../menus/menu-sync.ts'
import { attemptIn, type LastAttempt } from '../store.ts'
import {
  countVisible,
  type GivenVisibility,
  namesOf,
  toEveryone,
  visibilityNamesSchema,
  visibilityOf,
} from '../visibility.ts'

type Needs = Core & { developers: Developers }

export const appRowSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  category: Type.String(),
  enabled: Type.Boolean(),
  /** Whether wisp itself answers it; its address and what belongs to it cannot be changed. */
  isBuiltin: Type.Boolean(),
  payShortcut: Type.Boolean(),
  devId: Type.Union([Type.String(), Type.Null()]),
  developerName: Type.String(),
  agentId: Type.Union([Type.Number(), Type.Null()]),
  homeUrl: Type.String(),
  mobileUrl: Type.String(),
  iconHash: Type.Union([Type.String(), Type.Null()]),
  sortNo: Type.Number(),
  syncMenu: Type.Boolean(),
  hasMenu: Type.Boolean(),
  lastSync: Type.Union([
    Type.Object({
      outcome: Type.Enum(['new', 'same', 'failed']),
      error: Type.String(),
      at: Type.String(),
    }),
    Type.Null(),
  ]),
  /** How many entries of each kind the visibility has; all zero when everyone sees the app. */
  visible: Type.Object({
    everyone: Type.Boolean(),
    departments: Type.Number(),
    members: Type.Number(),
    tags: Type.Number(),
    groups: Type.Number(),
  }),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
  createdAt: Type.String(),
})
export type AppRow = Static<typeof appRowSchema>

export function appRow(ctx: Needs, app: App, last: LastAttempt | undefined, language: Language): AppRow {
  const { everyone, departments, memberIds, tags, groups = [] } = app.visibility
  return {
    id: app.id,
    name: app.name,
    category: app.category,
    enabled: app.enabled,
    isBuiltin: app.builtin !== null,
    payShortcut: app.payShortcut,
    devId: app.devId,
    developerName: app.devId ? (ctx.developers.get(app.devId)?.name ?? '') : '',
    agentId: app.agentId,
    homeUrl: app.homeUrl,
    mobileUrl: app.mobileUrl,
    iconHash: app.iconHash,
    sortNo: app.sortNo,
    syncMenu: app.syncMenu,
    hasMenu: app.menuN !== null,
    lastSync: last ? { ...attemptIn(language, last), at: last.at.toISOString() } : null,
    visible: everyone
      ? { everyone, departments: 0, members: 0, tags: 0, groups: 0 }
      : {
          everyone,
          departments: departments.length,
          members: memberIds.length,
          tags: tags.length,
          groups: groups.length,
        },
    updatedAt: app.updatedAt.toISOString(),
    updatedBy: app.updatedBy,
    createdAt: app.createdAt.toISOString(),
  }
}

export const appDetailSchema = Type.Object({
  ...appRowSchema.properties,
  version: Type.Number(),
  description: Type.String(),
  openIn: Type.Enum(['top', 'frame']),
  /** `ownOrigins` are the registered ones; `origins` adds those of the home URLs. */
  ownOrigins: Type.Array(Type.String()),
  origins: Type.Array(Type.String()),
  syncUrl: Type.String(),
  /** Why its menu cannot be synced; null when it can. */
  notSynced: Type.Union([Type.String(), Type.Null()]),
  visibility: visibilityNamesSchema,
  visibleTo: Type.Object({
    members: Type.Number(),
    active: Type.Number(),
  }),
})
export type AppDetail = Static<typeof appDetailSchema>

export async function appDetail(
  ctx: Core & { apps: Apps; developers: Developers; mirrors: Mirrors },
  corpId: string,
  id: string,
  language: Language,
): Promise<AppDetail> {
  const app = ctx.apps.get(corpId, id)
  const notSynced = whyNotSynced(app)
  return {
    ...appRow(ctx, app, undefined, language),
    version: app.version,
    description: app.description,
    openIn: app.openIn,
    ownOrigins: [...app.ownOrigins],
    origins: [...app.origins],
    syncUrl: app.syncUrl,
    notSynced: notSynced ? wordsIn(language, notSynced) : null,
    visibility: await namesOf(ctx, corpId, app.visibility),
    visibleTo: countVisible(ctx.mirrors.of(corpId), app.visibility),
  }
}

export type AppFilter = {
  text: string | undefined
  enabled: '1' | '0' | undefined
  developer: string | undefined
  category: string | undefined
}

export function fits(ctx: Needs, app: App, filter: AppFilter): boolean {
  if (filter.enabled !== undefined && app.enabled !== (filter.enabled === '1')) return false
  if (filter.developer !== undefined && (app.devId ?? 'none') !== filter.developer) return false
  if (filter.category !== undefined && app.category !== filter.category) return false
  return filter.text === undefined || isFound(ctx, app, filter.text.toLowerCase())
}

function isFound(ctx: Needs, app: App, wanted: string): boolean {
  const developer = app.devId ? (ctx.developers.get(app.devId)?.name ?? '') : ''
  const texts = [
    app.name,
    app.id,
    app.category,
    String(app.agentId ?? ''),
    app.homeUrl,
    app.mobileUrl,
    developer,
  ]
  return texts.some(one => one.toLowerCase().includes(wanted)) || readsAs(app.name, wanted)
}

/** Whether a name is pronounced as typed: `报销` as baoxiao, bao xiao or bx. */
function readsAs(name: string, typed: string): boolean {
  const wanted = typed.replace(/[\s']/g, '')
  if (!/^[a-z]+$/.test(wanted)) return false
  return pinyinOf(name)
    .split('|')
    .filter(Boolean)
    .some(reading => {
      const syllables = reading.split(' ')
      return (
        syllables.join('').includes(wanted) ||
        syllables
          .map(one => one[0])
          .join('')
          .includes(wanted)
      )
    })
}

type GivenSettings = Omit<AppSettings, 'visibility' | 'icon'> & {
  visibility?: GivenVisibility
  icon?: string | null
}

/** Turns what a form sent into settings. Throws 1007. */
export async function toSettings(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  given: GivenSettings,
  known: Visibility | undefined,
): Promise<AppSettings> {
  const { visibility, icon, ...rest } = given
  return {
    ...rest,
    ...(visibility ? { visibility: await visibilityOf(ctx, corpId, visibility, known ?? toEveryone) } : {}),
    ...(icon === undefined ? {} : { icon: icon === null ? null : Buffer.from(icon, 'base64') }),
  }
}
