import type { Corps } from '../../organisation/corps/corps.ts'
import { zoneOf } from '../../organisation/corps/corps.ts'
import { perform } from '../../platform/acts/perform.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { nextTime } from '../../platform/cron-line.ts'
import { points } from '../../platform/http/admin/points.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { checkText, readName } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { wordsToStore } from '../../platform/words.ts'
import { isWritten, refusePreviews } from './runs/run-store.ts'
import { sourceSecret } from './sealed.ts'
import { checkSettings, initialSettings, type SourceKind, type SourceSettings } from './settings.ts'
import * as store from './source-store.ts'
import { sourceStream } from './stream.ts'

export type SourceNeeds = Core & { corps: Corps; outbound: Outbound }

/** What is given of it is changed. `secret` is clear; '' takes it away. */
export type SourceChange = Partial<SourceSettings> & {
  name?: string | undefined
  secret?: string | undefined
}

const sourcesAtMost = 10

/** Throws 1000. */
export async function knownSource(db: Core['db'], corpId: string, id: number): Promise<store.SourceRow> {
  const source = await store.findSource(db, corpId, id)
  if (!source) throw noSource(id)
  return source
}

function noSource(id: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有人事源 ${String(id)}`,
    en: told`there is no source of people ${String(id)}`,
  })
}

/** What a form was filled with, for `checkVersion`. */
export const formOf = ({ name, kind, settings, secret }: store.SourceRow): object => [
  name,
  kind,
  settings,
  secret,
]

/** Adds a source and returns its number. Throws 1000. */
export async function addSource(
  ctx: SourceNeeds,
  actor: string,
  corpId: string,
  kind: SourceKind,
  { name = '', secret = '', ...given }: SourceChange,
  { mayApprove = true }: { mayApprove?: boolean } = {},
): Promise<number> {
  const usual = kind === 'ldap' ? ldapSettings : initialSettings
  const settings = complete(usual, given)
  checkApprover(settings, mayApprove)
  const checkedName = readName(name)
  checkSettings(ctx, kind, settings)
  checkText(secret, 'secret', 500)
  return perform(ctx, { act: 'source.add', actor, corpId }, async tx => {
    await store.lockSources(tx, corpId)
    const others = await store.sourcesOf(tx, corpId)
    checkFree(checkedName, others)
    if (others.length >= sourcesAtMost)
      throw new ApiError('badParameter', {
        zh: told`最多 ${own(sourcesAtMost)} 个人事源，已有 ${own(others.length)} 个`,
        en: told`a corp has at most ${own(sourcesAtMost)} sources of people, and has ${own(others.length)}`,
      })
    const values = valuesOf(ctx, corpId, actor, { name: checkedName, settings, secret: sealed(ctx, secret) })
    const id = await store.insertSource(tx, corpId, kind, values)
    await wake(tx, corpId, values.nextAt)
    const detail = { changes: changesOf({}, audited(checkedName, settings, secret), secrets) }
    return { target: `source:${id}`, targetName: checkedName, detail, answer: id }
  })
}

/**
 * `version` is that of the form that was filled; `mayApprove`: the actor may approve runs. Previews by other settings are refused. Throws 1000,
 * 1009.
 */
export async function setSource(
  ctx: SourceNeeds,
  actor: string,
  corpId: string,
  id: number,
  { name, secret, ...given }: SourceChange,
  { version, mayApprove = true }: { version?: string | undefined; mayApprove?: boolean } = {},
): Promise<void> {
  await perform(ctx, { act: 'source.set', actor, corpId }, async tx => {
    await store.lockSources(tx, corpId)
    const was = await store.lockSource(tx, corpId, id)
    if (!was) throw noSource(id)
    checkVersion(formOf(was), version)
    const settings = complete({ ...initialSettings, ...was.settings }, given)
    checkApprover(settings, mayApprove)
    const newName = name === undefined ? was.name : readName(name)
    checkSettings(ctx, was.kind, settings)
    const isElsewhere = settings.url !== was.settings.url || settings.user !== was.settings.user
    if (isElsewhere && was.secret !== null && secret === undefined)
      throw new ApiError('badParameter', {
        zh: 'secret：地址或用户名改了，请重新填写密码',
        en: 'secret: the address or the user changed, so give the password again',
      })
    if (secret !== undefined) checkText(secret, 'secret', 500)
    checkFree(
      newName,
      (await store.sourcesOf(tx, corpId)).filter(one => one.id !== id),
    )
    const stored = secret === undefined ? was.secret : sealed(ctx, secret)
    const values = valuesOf(ctx, corpId, actor, { name: newName, settings, secret: stored })
    await store.updateSource(tx, corpId, id, values)
    await refusePreviews(tx, { corpId, sourceId: id }, wordsToStore(settingsChanged), values.changedAt)
    await wake(tx, corpId, values.nextAt)
    const before = audited(was.name, was.settings, was.secret ?? '')
    const detail = { changes: changesOf(before, audited(newName, settings, stored ?? ''), secrets) }
    return { target: `source:${id}`, targetName: newName, detail, answer: undefined }
  })
}

/** Settings by which runs are written without asking are an approval of them. */
function checkApprover({ approval }: SourceSettings, mayApprove: boolean): void {
  if (approval === 'auto' && !mayApprove)
    throw new ApiError('forbidden', {
      zh: told`approval：自动写入的人事源只能由有权限“${own(points['directory:write'].zh)}”的人设置；没有保存`,
      en: told`approval: a source that is written without asking is set up by those who may "${own(points['directory:write'].en)}"; nothing was saved`,
    })
}

const settingsChanged = {
  zh: '人事源的设置改了，请重新预览',
  en: 'the settings of the source changed: make a new preview',
}

/** Its people and departments stay in WeCom as they are. Throws 1000. */
export async function removeSource(
  ctx: SourceNeeds,
  actor: string,
  corpId: string,
  id: number,
): Promise<void> {
  await perform(ctx, { act: 'source.remove', actor, corpId }, async tx => {
    const was = await store.lockSource(tx, corpId, id)
    if (!was) throw noSource(id)
    if (await isWritten(tx, corpId, id))
      throw new ApiError('badParameter', {
        zh: '人事源正在写入企业微信，没有删除；请先停止写入',
        en: 'the source is being written into WeCom, and was not deleted: stop the run first',
      })
    await store.deleteSource(tx, corpId, id)
    return { target: `source:${id}`, targetName: was.name, detail: { name: was.name }, answer: undefined }
  })
}

/** The next time at which a source is read by its plan. */
export function nextByPlan(
  ctx: Pick<Core, 'now'> & { corps: Corps },
  corpId: string,
  { plan }: Pick<SourceSettings, 'plan'>,
): Date | null {
  return plan === '' ? null : nextTime(plan, new Date(ctx.now()), zoneOf(ctx, corpId))
}

async function wake(tx: Core['db'], corpId: string, at: Date | null): Promise<void> {
  if (at) await enqueue(tx, [{ corpId, stream: sourceStream }], at)
}

function valuesOf(
  ctx: SourceNeeds,
  corpId: string,
  actor: string,
  { name, settings, secret }: Pick<store.SourceRow, 'name' | 'settings' | 'secret'>,
): store.SourceValues {
  const nextAt = nextByPlan(ctx, corpId, settings)
  return { name, settings, secret, nextAt, changedAt: new Date(ctx.now()), changedBy: actor }
}

function complete(before: SourceSettings, given: Partial<SourceSettings>): SourceSettings {
  const defined = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && name in before),
  )
  return { ...before, ...defined }
}

const ldapSettings: SourceSettings = {
  ...initialSettings,
  key: 'objectGUID',
  userId: 'sAMAccountName',
  fields: [
    { field: 'name', column: 'displayName', owner: 'source' },
    { field: 'mobile', column: 'mobile', owner: 'person' },
    { field: 'email', column: 'mail', owner: 'source' },
    { field: 'departments', column: 'ouPath', owner: 'source' },
    { field: 'position', column: 'title', owner: 'source' },
    { field: 'leader', column: 'manager', owner: 'source' },
  ],
  status: 'enabled',
  people: '(&(objectCategory=person)(objectClass=user))',
}

const sealed = (ctx: Core, secret: string): string | null =>
  secret === '' ? null : ctx.seal.seal(secret, sourceSecret.purpose as string)

function checkFree(name: string, others: readonly store.SourceRow[]): void {
  if (others.some(one => one.name.toLowerCase() === name.toLowerCase()))
    throw new ApiError('badParameter', {
      zh: told`name：已有名为 ${name} 的人事源`,
      en: told`name: there is a source ${name} already`,
    })
}

const secrets = ['source.secret'] as const

function audited(name: string, settings: SourceSettings, secret: string) {
  const told = Object.entries(settings).map(([field, value]) => [`source.${field}`, value])
  return { name, 'source.secret': secret, ...Object.fromEntries(told) } as AuditedSource
}
type AuditedSource = { name: string } & {
  [K in keyof SourceSettings as `source.${K}`]: SourceSettings[K]
} & {
  'source.secret': string
}
