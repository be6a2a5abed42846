import type { Corps } from '../../organisation/corps/corps.ts'
import { perform } from '../../platform/acts/perform.ts'
import { currentActor } from '../../platform/audit/actor.ts'
import { record } from '../../platform/audit/audit.ts'
import { changedFields, type FieldChange } from '../../platform/audit/changes.ts'
import { parseNetworks } from '../../platform/config.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { own, told } from '../../platform/http/told.ts'
import { signal } from '../../platform/storage/bus.ts'
import { checkKnownByAll } from '../../platform/upkeep/known-by-all.ts'
import type { Words } from '../../platform/words.ts'
import { readNetworks } from '../developers/networks.ts'
import { isWithin } from './protection.ts'
import * as store from './protection-store.ts'
import {
  type CorpProtection,
  type InstallationProtection,
  idleAtLeast,
  memberIdleMinutes,
  standardOfCorp,
} from './settings.ts'

/** A node without it would let in whom the others refuse. */
const knownSince = '0178-sign-in-protection.sql'

const networksName: Words = { zh: '允许使用控制台的网段', en: 'consoleNetworks' }

/**
 * Changes what is given of a corp's protection. `version` is that of the form that was filled (form-version.ts). Throws 1000, and 1013
 * while a node lives that does not know these rules.
 */
export async function setCorpProtection(
  ctx: Core & { corps: Corps },
  actor: string,
  corpId: string,
  given: Partial<CorpProtection>,
  version?: string,
): Promise<void> {
  ctx.corps.get(corpId)
  const change = checkChange(given)
  await checkKnownByAll(ctx.db, knownSince)
  await perform(ctx, { act: 'sign-in.protection', actor, corpId }, async tx => {
    const before = await store.lockCorpProtection(tx, corpId, standardOfCorp)
    checkVersion(before, version)
    const after = { ...before, ...change }
    checkRoleIdle(after)
    await store.putCorpProtection(tx, corpId, after)
    return { target: corpId, detail: { changes: changesOf(before, change) }, answer: undefined }
  })
}

/** The same for the installation, whose rules hold for the system super administrator. */
export async function setInstallationProtection(
  ctx: Core,
  actor: string,
  given: Partial<InstallationProtection>,
  version?: string,
): Promise<void> {
  const change = checkChange(given)
  await checkKnownByAll(ctx.db, knownSince)
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockInstallationProtection(tx)
    checkVersion(before, version)
    await store.putInstallationProtection(tx, { ...before, ...change })
    const detail = { changes: changesOf(before, change) }
    await record(tx, ctx, { corpId: null, actor, act: 'sign-in.protection', target: 'wisp', detail })
    await signal(tx, 'wisp_config', '')
  })
  await ctx.reloadConfig()
}

type CommonSettings = { consoleNetworks?: string[]; idleMinutes?: number; adminIdleMinutes?: number }

function checkChange<C extends CommonSettings>(given: C): C {
  for (const [name, minutes] of [
    ['idleMinutes', given.idleMinutes],
    ['adminIdleMinutes', given.adminIdleMinutes],
  ] as const)
    if (minutes !== undefined && minutes !== 0 && minutes < idleAtLeast)
      throw new ApiError('badParameter', {
        zh: told`${own(name)} 至少 ${own(idleAtLeast)} 分钟，0 为默认，收到 ${own(minutes)}`,
        en: told`${own(name)} takes at least ${own(idleAtLeast)} minutes, or 0 for the default; got ${own(minutes)}`,
      })
  if (given.consoleNetworks === undefined) return given
  const consoleNetworks = readNetworks(given.consoleNetworks, networksName)
  checkNotLockedOut(consoleNetworks)
  return { ...given, consoleNetworks }
}

/**
 * Nobody locks themselves out by a page or a call: their own address must be in the networks. Commands are typed on the server, have no
 * address, and are the way back.
 */
function checkNotLockedOut(networks: string[]): void {
  const caller = currentActor()
  if (networks.length === 0 || caller === undefined) return
  if (isWithin(parseNetworks(networks, 'consoleNetworks'), caller.address)) return
  const at = caller.address || '?'
  throw new ApiError('badParameter', {
    zh: told`您当前的地址 ${at} 不在这些网段内，保存后您将无法使用控制台；没有保存。请加入当前地址，或在服务器上用命令设置`,
    en: told`your own address ${at} is not in these networks, so you could not use the console any more; nothing was saved. Add your address, or set them by command on the server`,
  })
}

/** People with a role see more than others, and their sessions do not outlast those of others. */
function checkRoleIdle({ idleMinutes, adminIdleMinutes }: CorpProtection): void {
  const others = idleMinutes || memberIdleMinutes
  if (adminIdleMinutes <= others) return
  throw new ApiError('badParameter', {
    zh: told`adminIdleMinutes（${own(adminIdleMinutes)}）不能大于成员的 ${own(others)} 分钟`,
    en: told`adminIdleMinutes (${own(adminIdleMinutes)}) cannot be more than the ${own(others)} minutes of members`,
  })
}

/** Named so that they do not meet the words of other settings. */
function changesOf(before: object, change: object): FieldChange[] {
  const named = (of: object) =>
    Object.fromEntries(Object.entries(of).map(([field, value]) => [`protection.${field}`, value]))
  return changedFields(named(before), named(change))
}
