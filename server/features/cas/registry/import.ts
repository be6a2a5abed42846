import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { AppSignIns } from '../../app-sign-in/catalog.ts'
import { setSignIn } from '../../app-sign-in/set-sign-in.ts'
import type { SignInSettings } from '../../app-sign-in/setting/settings.ts'
import { addApp, listApps } from '../../apps/apps.ts'
import type { Apps } from '../../apps/catalog.ts'
import { importedApps, putImport } from './import-store.ts'
import { type PlanOptions, planService, type ServicePlan } from './plan.ts'
import { type RegistryFile, readRegistry } from './registry.ts'

type Needs = Core & {
  apps: Apps
  appSignIns: AppSignIns
  corps: Corps
  developers: Developers
  mirrors: Pick<Mirrors, 'load'>
}

/** The result for a service; `appId` is '' if the service has no app. */
export type ImportedService = ServicePlan & { appId: string; isKnown: boolean }

export type ImportOptions = Omit<PlanOptions, 'now' | 'prefixes'> & {
  isTrial: boolean
  approves: boolean
  /** Each is `id=address`; several of one id are all its services. */
  prefixes: readonly string[]
}

/**
 * Makes an app of each service of the registry. One that was imported before stays as it is, whatever was changed since. In a trial
 * nothing is written.
 */
export async function importRegistry(
  ctx: Needs,
  actor: string,
  corpId: string,
  directory: string,
  { isTrial, approves, prefixes: given, ...options }: ImportOptions,
): Promise<ImportedService[]> {
  const files = await readRegistry(directory)
  const prefixes = readPrefixes(given, files)
  const known = await importedApps(ctx.db, corpId)
  // A wrong prefix is found before anything is written.
  const plans = files.map(file => planService(file, { ...options, prefixes, now: new Date(ctx.now()) }))
  const imported: ImportedService[] = []
  for (const planned of plans) {
    const before = known.get(planned.id)
    const isKnown = before !== undefined && ctx.appSignIns.of(before) !== undefined
    if (isTrial || isKnown || !planned.settings) {
      imported.push({ ...planned, appId: before ?? '', isKnown })
      continue
    }
    const appId = before ?? (await appFor(ctx, actor, corpId, planned))
    await putImport(ctx.db, corpId, planned.id, appId)
    await setSignIn(ctx, { actor, approves: true }, corpId, appId, waiting(planned.settings, approves))
    imported.push({ ...planned, appId, isKnown })
  }
  return imported
}

/** Returns the addresses by id. Throws 1000. */
function readPrefixes(
  given: readonly string[],
  files: readonly RegistryFile[],
): ReadonlyMap<string, readonly string[]> {
  const read = given.map(one => {
    const [, id = '', address = ''] = /^(\d+)=(.+)$/.exec(one) ?? []
    if (id === '')
      throw new ApiError('badParameter', {
        zh: told`--prefix 应为 编号=地址，收到 ${one}`,
        en: told`--prefix should be id=address, got ${one}`,
      })
    if (!files.some(file => file.id === id))
      throw new ApiError('badParameter', {
        zh: told`--prefix: 登记里没有编号 ${id}`,
        en: told`--prefix: the registry has no id ${id}`,
      })
    return { id, address }
  })
  return new Map([...Map.groupBy(read, one => one.id)].map(([id, all]) => [id, all.map(one => one.address)]))
}

/** Claims and attributes wait for the approval of a super administrator, unless the import approves them. */
function waiting(settings: SignInSettings, approve: boolean): SignInSettings {
  const { claims = [], attributes = [], ...rest } = settings
  return {
    ...rest,
    claims: claims.map(one => ({ ...one, approve })),
    attributes: attributes.map(one => ({ ...one, approve })),
  }
}

/** Reuses the app that an interrupted import made. */
async function appFor(
  ctx: Needs,
  actor: string,
  corpId: string,
  { name, isOff, path }: ServicePlan,
): Promise<string> {
  const description = `由 Apereo CAS 的 ${path} 导入`
  const taken = new Set((await importedApps(ctx.db, corpId)).values())
  const left = (await listApps(ctx, corpId)).find(
    app => app.name === name && app.description === description && !taken.has(app.id),
  )
  return left?.id ?? (await addApp(ctx, actor, corpId, { name, description, enabled: !isOff })).id
}
