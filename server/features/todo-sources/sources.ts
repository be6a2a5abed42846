import { randomBytes } from 'node:crypto'
import type { Developers } from '../../callers/developers/developers.ts'
import { readNetworks } from '../../callers/developers/networks.ts'
import { type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { type Entry, record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkRequired, checkText, readName, readSet } from '../../platform/http/rules.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { checkWebUrl } from '../apps/app-urls.ts'
import { addApp, staleWords } from '../apps/apps.ts'
import type { Apps } from '../apps/catalog.ts'
import { noSource, type Sources } from './catalog.ts'
import { keyPurpose, passwordPurpose } from './sealed.ts'
import { baseOf, type Source, type SourceKind, type SourceMatch, type SourceSettings } from './source.ts'
import * as store from './source-store.ts'

type Needs = Core & { apps: Apps; corps: Corps; sources: Sources }
type AddNeeds = Needs & { developers: Developers; mirrors: Pick<Mirrors, 'load'> }

/** `password` is clear; '' takes it away. */
export type SourceChange = Partial<SourceSettings & { password: string }>
export type NewSource = SourceChange & {
  kind: SourceKind
  name: string
  match: SourceMatch
  /** Without it, an app of the source's name is made, which everyone sees. */
  appId?: string | undefined
}

const systemsAtMost = 50
const sourcesAtMost = 100

/** Makes a source with an address of its own. Throws 1000 and 1001. */
export async function addSource(
  ctx: AddNeeds,
  actor: string,
  corpId: string,
  { kind, appId: given, ...settings }: NewSource,
): Promise<{ source: Source; base: string }> {
  ctx.corps.get(corpId)
  const change = checked(settings)
  checkCredentials(kind, { userName: change.userName ?? '', hasPassword: !!change.password })
  if (ctx.sources.ofCorp(corpId).length >= sourcesAtMost)
    throw new ApiError('badParameter', {
      zh: `每个企业最多 ${sourcesAtMost} 个待办来源`,
      en: `a corp has at most ${sourcesAtMost} sources`,
    })
  const appId =
    given === undefined
      ? (await addApp(ctx, actor, corpId, { name: readName(settings.name) })).id
      : ctx.apps.get(corpId, given).id
  const id = `src${randomBytes(6).toString('hex')}`
  const key = randomBytes(20).toString('hex')
  const row = { ...defaults, ...change, key: ctx.seal.seal(key, keyPurpose) }
  const by = { actor, at: new Date(ctx.now()) }
  await ctx.db.transaction().execute(async tx => {
    await store.insertSource(tx, { corpId, id, appId, kind }, sealed(ctx, row), by)
    const { password: _password, key: _key, ...set } = row
    await note(tx, ctx, corpId, actor, {
      act: 'todo-source.add',
      target: id,
      targetName: row.name,
      detail: { kind, app: appId, ...auditOf(set) },
    })
  })
  await ctx.reloadConfig(corpId)
  const source = ctx.sources.get(corpId, id)
  return { source, base: baseOfSource(ctx, source) }
}

/**
 * `version` is the one that the administrator's page showed; if somebody else has saved since, this save is refused. Throws 1000 and
 * 1001.
 */
export async function setSource(
  ctx: Needs,
  actor: string,
  corpId: string,
  id: string,
  given: SourceChange,
  version?: number,
): Promise<Source> {
  const change = checked(given)
  const by = { actor, at: new Date(ctx.now()) }
  await ctx.db.transaction().execute(async tx => {
    const before = await locked(tx, corpId, id)
    if (version !== undefined && version !== before.version)
      throw new ApiError('badParameter', staleWords(ctx, before.updatedBy, before.updatedAt), { status: 409 })
    checkCredentials(before.kind, {
      userName: change.userName ?? before.userName,
      hasPassword: (change.password ?? before.password) !== '',
    })
    await store.updateSource(tx, corpId, id, sealed(ctx, change), by)
    await note(tx, ctx, corpId, actor, {
      act: 'todo-source.set',
      target: id,
      targetName: change.name ?? before.name,
      detail: { changes: changesOf(auditOf(before), auditOf(change), ['password']) },
    })
  })
  await ctx.reloadConfig(corpId)
  return ctx.sources.get(corpId, id)
}

/** Gives a source another address; the one before is dead at once. Throws 1000. */
export async function rotateSource(
  ctx: Needs,
  actor: string,
  corpId: string,
  id: string,
): Promise<{ base: string }> {
  const key = randomBytes(20).toString('hex')
  const by = { actor, at: new Date(ctx.now()) }
  await ctx.db.transaction().execute(async tx => {
    const { name } = await locked(tx, corpId, id)
    await store.updateSource(tx, corpId, id, { key: ctx.seal.seal(key, keyPurpose) }, by)
    await note(tx, ctx, corpId, actor, {
      act: 'todo-source.rotate',
      target: id,
      targetName: name,
      detail: {},
    })
  })
  await ctx.reloadConfig(corpId)
  return { base: baseOfSource(ctx, ctx.sources.get(corpId, id)) }
}

/** Its to-dos stay, with what they are. What was not understood goes with it. Throws 1000. */
export async function removeSource(ctx: Core, actor: string, corpId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const { name } = await locked(tx, corpId, id)
    await store.deleteSource(tx, corpId, id)
    await note(tx, ctx, corpId, actor, {
      act: 'todo-source.remove',
      target: id,
      targetName: name,
      detail: {},
    })
  })
  await ctx.reloadConfig(corpId)
}

/** For super administrators and operators alone: whoever knows it may send. */
export function baseOfSource(ctx: Core & { corps: Corps }, source: Source): string {
  return baseOf(publicUrlOf(ctx, ctx.corps.get(source.corpId)), ctx.seal.open(source.key, keyPurpose))
}

const defaults: Omit<SourceSettings, 'name' | 'match'> & { password: string } = {
  enabled: true,
  addresses: [],
  systems: [],
  pcPrefix: '',
  appPrefix: '',
  takesUnknownSender: false,
  userName: '',
  password: '',
}

function sealed<T extends { password?: string }>(ctx: Core, row: T): T {
  return row.password ? { ...row, password: ctx.seal.seal(row.password, passwordPurpose) } : row
}

function checked<T extends SourceChange>(change: T): T {
  const { name, addresses, systems, userName, password } = change
  for (const field of ['pcPrefix', 'appPrefix'] as const) {
    const prefix = change[field]
    if (!prefix) continue
    checkText(prefix, field, 500)
    checkWebUrl(prefix, field)
  }
  if (userName !== undefined) checkText(userName, 'userName', 64)
  if (password !== undefined) checkText(password, 'password', 128)
  for (const one of systems ?? []) checkRequired(one, 'systems', 64)
  return {
    ...change,
    ...(name === undefined ? {} : { name: readName(name) }),
    ...(addresses && { addresses: readNetworks(addresses) }),
    ...(systems && { systems: readSet([...systems], 'systems', systemsAtMost) }),
  }
}

function checkCredentials(
  kind: SourceKind,
  { userName, hasPassword }: { userName: string; hasPassword: boolean },
): void {
  if ((userName !== '' || hasPassword) && kind === 'weaver')
    throw new ApiError('badParameter', {
      zh: '泛微的推送不带账号密码，请用 addresses 限制来源地址',
      en: 'what 泛微 sends has no user name and password: limit its addresses instead',
    })
  if ((userName !== '') !== hasPassword)
    throw new ApiError('badParameter', {
      zh: 'userName 与 password 要么都填，要么都不填',
      en: 'give both userName and password, or neither',
    })
}

async function locked(tx: Db, corpId: string, id: string): Promise<Source> {
  const found = await store.lockSource(tx, corpId, id)
  if (!found) throw noSource(id)
  return found
}

/** What is set, as the audit log names it. */
function auditOf({ addresses, ...rest }: SourceChange) {
  const { name, match, enabled, systems, pcPrefix, appPrefix, takesUnknownSender, userName, password } = rest
  return {
    name,
    match,
    enabled,
    allowedIps: addresses,
    systems,
    pcPrefix,
    appPrefix,
    takesUnknownSender,
    userName,
    password,
  }
}

async function note(
  tx: Db,
  ctx: Core,
  corpId: string,
  actor: string,
  entry: Omit<Entry, 'corpId' | 'actor'>,
): Promise<void> {
  await record(tx, ctx, { ...entry, corpId, actor })
  await signal(tx, 'wisp_config', corpId)
}
