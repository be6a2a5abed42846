import { randomBytes } from 'node:crypto'
import type { Developers } from '../../callers/developers/developers.ts'
import { countTicketsOfApp, endTicketsOfApp } from '../../callers/tickets/tickets.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirror } from '../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { nameGroups } from '../../organisation/groups/groups.ts'
import { perform } from '../../platform/acts/perform.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { keepDeleted } from '../../platform/deleted/deleted.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkText, readName, readSet } from '../../platform/http/rules.ts'
import { own, type ToldWords, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import type { App, Visibility } from './app.ts'
import { checkOrigin, checkWebUrl } from './app-urls.ts'
import { withAddress } from './builtin.ts'
import { type Apps, noApp } from './catalog.ts'
import { deleteIcon, putIcon } from './icon-store.ts'
import { type Icon, readIcon } from './icons.ts'
import * as store from './store.ts'
import { checkVisibility, toEveryone } from './visibility.ts'

/** An enabled app of this developer, by wisp's id or its WeCom agentId. Throws 1000. */
export async function findAppOf(ctx: Core, developer: Caller, appId: string): Promise<App> {
  const app =
    (await store.findApp(ctx.db, developer.corpId, appId)) ??
    (/^\d{1,9}$/.test(appId)
      ? await store.findAppByAgent(ctx.db, developer.corpId, developer.devId, Number(appId))
      : undefined)
  if (app?.devId !== developer.devId) throw noApp(appId)
  checkEnabled(app, appId)
  return app
}

/** `called`: as the caller named it. Throws 1000. */
export function checkEnabled(app: App, called: string): void {
  if (!app.enabled)
    throw new ApiError('badParameter', {
      zh: told`应用 ${called} 已停用，请管理员在应用中心启用`,
      en: told`the app ${called} is disabled: an administrator can enable it in the app centre`,
    })
}

/** What an administrator sets for an app; absent values stay unchanged. */
export type AppSettings = {
  name?: string
  devId?: string | null
  agentId?: number | null
  enabled?: boolean
  payShortcut?: boolean
  homeUrl?: string
  mobileUrl?: string
  category?: string
  description?: string
  sortNo?: number
  openIn?: App['openIn']
  /** Origins in addition to those of the home URLs; any URL of an origin may be given for it. */
  origins?: string[]
  syncMenu?: boolean
  syncUrl?: string
  visibility?: Visibility
  /** The bytes of the file; null removes the icon. */
  icon?: Buffer | null
}

/** The address book is read only where a visibility is given. */
type Checks = Core & { developers: Developers; mirrors: Pick<Mirrors, 'load'> }

/**
 * Everyone may see the app unless `visibility` says otherwise. `also` writes what belongs to the new app, in the same transaction.
 * Throws 1000, 1001, 1002, 1005, 1006, 1007.
 */
export async function addApp(
  ctx: Checks & { corps: Corps },
  actor: string,
  corpId: string,
  settings: AppSettings & { name: string },
  also?: (tx: Db, id: string) => Promise<void>,
): Promise<{ id: string }> {
  ctx.corps.get(corpId)
  const { change, icon } = checked(ctx, corpId, settings, undefined, await mirrorFor(ctx, corpId, settings))
  const id = `app${randomBytes(6).toString('hex')}`
  const by = { actor, at: new Date(ctx.now()) }
  return perform(ctx, { act: 'app.add', actor, corpId }, async tx => {
    await store.insertApp(tx, { id, corpId, name: readName(settings.name), ...by }, change)
    await nameGroups(tx, corpId, change.visibility?.groups)
    if (icon) await putIcon(tx, id, { type: icon.type, bytes: icon.bytes })
    await also?.(tx, id)
    const { icon: _icon, ...detail } = settings
    return { target: id, detail, answer: { id } }
  })
}

/**
 * `version` is the one that the administrator's page showed; if somebody else has saved since, this save is refused.
 * @throws ApiError 1000 (409 for a stale `version`).
 */
export async function setApp(
  ctx: Checks & { apps: Apps },
  actor: string,
  corpId: string,
  id: string,
  settings: AppSettings,
  version?: number,
): Promise<App> {
  const by = { actor, at: new Date(ctx.now()) }
  const mirror = await mirrorFor(ctx, corpId, settings)
  await perform(ctx, { act: 'app.set', actor, corpId }, async tx => {
    const before = await locked(tx, corpId, id)
    if (version !== undefined && version !== before.version)
      throw new ApiError('badParameter', staleWords(ctx, before.updatedBy, before.updatedAt), {
        status: 409,
      })
    if (before.builtin) checkBuiltin(settings)
    const { change, icon } = checked(ctx, corpId, settings, before, mirror)
    await nameGroups(tx, corpId, change.visibility?.groups, before.visibility.groups)
    await store.updateApp(tx, id, change, by)
    if (icon) await putIcon(tx, id, { type: icon.type, bytes: icon.bytes })
    if (icon === null) await deleteIcon(tx, id)
    if (before.enabled && settings.enabled === false) await endTicketsOfApp(tx, id)
    const changes = changesOf({ ...before }, { ...change, ...(icon === undefined ? {} : { icon: '' }) }, [
      'icon',
    ])
    return { target: id, targetName: change.name ?? before.name, detail: { changes }, answer: undefined }
  })
  return ctx.apps.get(corpId, id)
}

/**
 * Removes an app together with its tickets and to-dos; it can be brought back for 30 days with its menu, icon and sign-in.
 * @throws ApiError 1000 for an unknown or a built-in app.
 */
export async function removeApp(
  ctx: Core & { offered: FeatureOffers },
  actor: string,
  corpId: string,
  id: string,
): Promise<void> {
  await perform(ctx, { act: 'app.remove', actor, corpId }, async tx => {
    const { name, builtin } = await locked(tx, corpId, id)
    if (builtin)
      throw new ApiError('badParameter', {
        zh: told`“${name}”是内置应用，不能删除，可以停用`,
        en: told`“${name}” is a built-in app: it cannot be removed, but it can be disabled`,
      })
    await keepDeleted(ctx, tx, { corpId, kind: 'app', id, name, actor })
    await store.deleteApp(tx, id)
    return { target: id, targetName: name, detail: {}, answer: undefined }
  })
}

/** What would be lost by disabling or removing the app. */
export async function whatDependsOn(
  ctx: Core,
  app: App,
): Promise<{ liveTickets: number; menuVersions: number }> {
  const [liveTickets, versions] = await Promise.all([
    countTicketsOfApp(ctx.db, app.id, new Date(ctx.now())),
    store.menuVersions(ctx.db, app.id),
  ])
  return { liveTickets, menuVersions: versions.length }
}

export async function listApps(ctx: Core & { corps: Corps }, corpId: string): Promise<App[]> {
  ctx.corps.get(corpId)
  return (await store.allApps(ctx.db, corpId)).map(app => withAddress(ctx, app))
}

/** Locks the app's row. Throws 1000 when there is no such app. */
export async function locked(tx: Db, corpId: string, id: string): Promise<App> {
  const app = await store.lockApp(tx, corpId, id)
  if (!app) throw noApp(id)
  return app
}

export function staleWords(ctx: Core, savedBy: string, savedAt: Date): ToldWords {
  const minutes = Math.round((ctx.now() - savedAt.getTime()) / 60_000)
  const ago = agoWords(minutes)
  return {
    zh: told`${savedBy || '他人'} ${own(ago.zh)}保存过，您的修改没有保存。请重新打开后再改`,
    en: told`${savedBy || 'another administrator'} saved this ${own(ago.en)}, so your change was not saved: open it again and redo the change`,
  }
}

function agoWords(minutes: number): Words {
  const hours = Math.round(minutes / 60)
  if (minutes < 1) return { zh: '刚刚', en: 'just now' }
  if (minutes < 60) return { zh: `${minutes} 分钟前`, en: `${minutes} min ago` }
  return { zh: `${hours} 小时前`, en: `${hours} h ago` }
}

/** What wisp itself decides about a built-in app. */
const ofWisp = ['devId', 'homeUrl', 'mobileUrl', 'openIn', 'origins', 'syncMenu', 'syncUrl'] as const

function checkBuiltin(settings: AppSettings): void {
  const wrong = ofWisp.find(name => settings[name] !== undefined)
  if (wrong)
    throw new ApiError('badParameter', {
      zh: `内置应用的 ${wrong} 不能修改`,
      en: `${wrong} of a built-in app cannot be changed`,
    })
}

type AppInput = { change: store.AppChange; icon: Icon | null | undefined }

const originsAtMost = 20

function mirrorFor(ctx: Checks, corpId: string, settings: AppSettings): Promise<Mirror> | undefined {
  return settings.visibility && ctx.mirrors.load(corpId)
}

function checked(
  ctx: Core & { developers: Developers },
  corpId: string,
  settings: AppSettings,
  before: App | undefined,
  mirror: Mirror | undefined,
): AppInput {
  const { icon: given, origins, name, devId, visibility, ...rest } = settings
  if (devId !== undefined && devId !== null && ctx.developers.get(devId)?.corpId !== corpId)
    throw new ApiError('unknownDeveloper', told`${devId}`)
  if (rest.category !== undefined) checkText(rest.category, 'category', 32)
  if (rest.description !== undefined) checkText(rest.description, 'description', 500, true)
  for (const name of ['homeUrl', 'mobileUrl', 'syncUrl'] as const) {
    const url = rest[name]
    if (url === undefined) continue
    checkText(url, name, 2000)
    if (url) checkWebUrl(url, name)
  }
  if ((rest.syncMenu ?? before?.syncMenu) && !(rest.syncUrl ?? before?.syncUrl))
    throw new ApiError('missingParameter', {
      zh: 'syncUrl：同步菜单需要填写同步地址',
      en: 'syncUrl, which an app that syncs its menu needs',
    })
  if (visibility && mirror) checkVisibility(mirror, visibility, before?.visibility ?? toEveryone)
  const icon = given ? readIcon(given) : given
  const change: store.AppChange = {
    ...rest,
    ...(name === undefined ? {} : { name: readName(name) }),
    ...(devId === undefined ? {} : { devId }),
    ...(visibility ? { visibility } : {}),
    ...(origins ? { origins: readOrigins(origins) } : {}),
    ...(icon === undefined ? {} : { iconHash: icon?.hash ?? null }),
  }
  return { change, icon }
}

function readOrigins(given: readonly string[]): string[] {
  const origins = given.map((one, at) => {
    checkText(one, `origins[${at}]`, 300)
    return checkOrigin(one, `origins[${at}]`)
  })
  return readSet(origins, 'origins', originsAtMost)
}
