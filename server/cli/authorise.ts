/**
 * Where the three administrators (三员) are separated, whoever has a shell has no more than they: a command takes the code of the one who is
 * responsible for its point, a restore those of two. This is asked here, for all commands, and by no command itself. Whoever has the
 * database or the key has all of wisp without any command; that is outside of the claim, and the guide says so.
 */

import { type Context, createContext } from '../context.ts'
import { confirmRestored } from '../features/backup/restored/confirm.ts'
import {
  checkpointNow,
  giveResetBack,
  takeReset,
  useBreakGlass,
} from '../features/break-glass/break-glass.ts'
import type { BreakGlass } from '../features/break-glass/store.ts'
import { split } from '../organisation/three/split.ts'
import { actingAs } from '../platform/audit/actor.ts'
import { record } from '../platform/audit/audit.ts'
import { actor } from '../platform/command/actor.ts'
import { type Io, type Output, UsageError } from '../platform/command/command.ts'
import { said } from '../platform/command/language.ts'
import { when } from '../platform/command/text.ts'
import type { Config } from '../platform/config.ts'
import type { Point } from '../platform/http/admin/points.ts'
import { ApiError } from '../platform/http/errors.ts'
import { own, told } from '../platform/http/told.ts'
import { describeError, type Log } from '../platform/operation/log.ts'
import { countAttempt } from '../platform/security/counters.ts'
import type { Command } from './commands.ts'
import { lookForThree } from './look-for-three.ts'
import {
  readCode,
  responsibleFor,
  type Signer,
  type SigningNeed,
  type SigningPlace,
  signedBy,
  signerOf,
  takeCode,
} from './signers.ts'
import { codesVariable, type SigningOptions } from './signing.ts'

/** The server serves and migrates without a command of its own; the other three change nothing, or are what is left when all else fails. */
export const exempt: readonly string[] = ['serve', 'migrate', 'backup', 'config check', 'audit verify']

/** What puts another state in the place of this one. */
const takesTwo: readonly string[] = ['restore', 'restore settle']

/** It reads a file and no database, which may not even be there. */
const reads: readonly string[] = ['backup check']

/** What makes somebody able to do more, or decides where the audit goes that tells of it: not in an emergency either. */
const notInEmergency: readonly Point[] = [
  'role:edit',
  'role:token',
  'three:agree',
  'developer:grant',
  'audit:settings',
  'audit:forward',
  'installation:forward',
]

/** What gives scopes to a developer, though their point is that of all else about developers. */
const givesScopes: readonly string[] = ['developer add', 'developer set']

/** What takes away what protects an account. */
const resets: readonly string[] = [
  'admin reset-password',
  'admin second-factor reset',
  'sign-in second-factor reset',
]

type Input = Record<string, unknown>

/** A command as it was typed. `ask` reads a line from the terminal, where there is one. */
export type TypedCommand = {
  command: Command
  input: Input
  signing: SigningOptions
  ask?: ((question: string) => Promise<string>) | undefined
}

/** By what right a command runs: the codes of people, or an emergency. */
type Right = {
  place: SigningPlace
  signers: readonly Signer[]
  breakGlass: BreakGlass | undefined
  /** Whose factor it is the first to reset. */
  resetOf?: string | undefined
}

/** Does the work if whoever typed the command may. Throws 1009, 1010, 1000 and UsageError before anything was done. */
export async function authorised(
  ctx: Context,
  typed: TypedCommand,
  io: Pick<Io, 'note'>,
  work: (by: Pick<Io, 'isEmergency' | 'signer'>) => Promise<Output>,
): Promise<Output> {
  const right = await rightTo(ctx, typed, io)
  if (!right) return work({})
  const by = right.breakGlass ? { isEmergency: true as const } : { signer: ofThree(right.signers) }
  const name = right.breakGlass ? '应急执行' : signedBy(right.signers)
  try {
    return await actingAs({ actor, name, address: '' }, () => work(by))
  } catch (error) {
    if (right.breakGlass && right.resetOf) await giveResetBack(ctx, right.breakGlass, right.resetOf)
    throw error
  } finally {
    if (right.breakGlass) await checkpoints(ctx, right.place, io)
  }
}

function ofThree([first]: readonly Signer[]): Io['signer'] {
  if (!first?.role) return undefined
  const { owner, userId, role } = first
  return { userId, role, memberId: 'adminName' in owner ? undefined : owner.memberId }
}

/** The same for a command that opens the database itself, or replaces it. */
export async function authorisedOffline(
  config: Config,
  log: Log,
  typed: TypedCommand,
  io: Pick<Io, 'note'>,
  work: () => Promise<Output>,
): Promise<Output> {
  const { path } = typed.command
  if (exempt.includes(path)) return work()
  const found = await lookForThree(config, log).catch(error => {
    if (reads.includes(path)) return undefined
    throw error
  })
  // Another version's schema is refused by `restore settle` itself, and must not be migrated before.
  if (!found || (path === 'restore settle' && !found.isCurrent)) {
    refuseNeedless(typed.signing)
    return work()
  }
  const right = await inContext(config, log, ctx => rightTo(ctx, typed, io))
  const isEmergency = right?.breakGlass !== undefined
  const output = await work().catch(async error => {
    // What failed has changed nothing, and the emergency was one.
    if (isEmergency)
      await inContext(config, log, ctx => checkpoints(ctx, right.place, io)).catch(() => undefined)
    throw error
  })
  if (right)
    await inContext(config, log, ctx => afterwards(ctx, typed, right, io)).catch(error => {
      io.note(
        said({
          zh: `命令已执行，但没有记入审计：${(error as Error).message}`,
          en: `the command was run, but not recorded in the audit log: ${(error as Error).message}`,
        }),
      )
      log.error(describeError(error), 'not recorded after the command')
    })
  return output
}

async function inContext<T>(config: Config, log: Log, work: (ctx: Context) => Promise<T>): Promise<T> {
  const ctx = await createContext(config, { log }, 'command')
  try {
    return await work(ctx)
  } finally {
    await ctx.close()
  }
}

/** A restore has replaced what was written before it. */
async function afterwards(
  ctx: Context,
  typed: TypedCommand,
  right: Right,
  io: Pick<Io, 'note'>,
): Promise<void> {
  const { command, signing } = typed
  if (right.breakGlass) {
    if (command.path === 'restore') await openBreakGlass(ctx, command, right.place, signing)
    return checkpoints(ctx, right.place, io)
  }
  if (!takesTwo.includes(command.path)) return
  await noteRun(ctx, command, right.place, right.signers)
  // In what was restored they may be none of the three, or both the same one.
  const { scope } = right.place
  for (const { owner } of right.signers) await confirmRestored(ctx, scope, owner).catch(() => false)
}

/** Undefined where the three are not separated. */
async function rightTo(ctx: Context, typed: TypedCommand, io: Pick<Io, 'note'>): Promise<Right | undefined> {
  const { command, input, signing } = typed
  if (exempt.includes(command.path)) return refuseNeedless(signing)
  const corpId = await corpOfCommand(ctx, command, input)
  const ofCorp = corpId !== undefined && ctx.three.isOn(corpId) ? corpId : undefined
  const scope = ofCorp ?? (takesTwo.includes(command.path) ? corpOfRestore(ctx) : undefined)
  if (scope === undefined && !ctx.three.isOn(undefined)) return refuseNeedless(signing)
  const place = { scope, corpId: corpId ?? scope }
  if (split[command.point] === 'nobody') throw goesAround(command)
  return signing.breakGlass ? inEmergency(ctx, typed, place, io) : byCodes(ctx, typed, place)
}

/** A restore replaces a corp's state too: two of its three stand for it where the installation has none. Of several, each confirms its own. */
function corpOfRestore({ corps, three }: Context): string | undefined {
  if (three.isOn(undefined)) return undefined
  return corps.all().find(one => three.isOn(one.corpId))?.corpId
}

function refuseNeedless({ breakGlass }: SigningOptions): undefined {
  if (breakGlass)
    throw new UsageError({
      zh: '这个命令不要三员的验证码，请去掉 --break-glass',
      en: 'this command takes no codes of the three administrators: leave out --break-glass',
    })
}

function goesAround({ path }: Command): ApiError {
  return new ApiError('forbidden', {
    zh: told`三员启用期间不能执行 wisp ${own(path)}，它会绕过三员的分工；须先由三员一起停用三员`,
    en: told`wisp ${own(path)} would go around the three administrators: it cannot be run until all three switch them off`,
  })
}

/** The corp that a command is about; undefined for the installation, and for a corp that the command itself will not find. */
async function corpOfCommand(ctx: Context, command: Command, input: Input): Promise<string | undefined> {
  const { installation, devId, corp = input['corpId'] } = input as Record<string, unknown>
  if (installation === true) return undefined
  if (command.needs === 'context' && command.about) return command.about(ctx, input)
  const ofDeveloper = typeof devId === 'string' ? ctx.developers.get(devId)?.corpId : undefined
  const [only, ...others] = ctx.corps.all()
  const usual = 'corp' in command.parts && others.length === 0 ? only?.corpId : undefined
  // Commands take an empty one as none.
  const ofCorp = typeof corp === 'string' && corp !== '' ? corp : usual
  // A developer of one corp must not lead around the three of another.
  const [first, second] = new Set(
    [ofDeveloper, ofCorp].filter(one => one !== undefined && ctx.three.isOn(one)),
  )
  if (second !== undefined)
    throw new UsageError({
      zh: `--corp 与开发者 ${devId} 的企业不同`,
      en: `--corp and the developer ${devId} are of different corps`,
    })
  return first ?? ofDeveloper ?? ofCorp
}

async function byCodes(ctx: Context, typed: TypedCommand, place: SigningPlace): Promise<Right> {
  const { command } = typed
  const need: SigningNeed = { point: command.point, count: takesTwo.includes(command.path) ? 2 : 1 }
  const codes = (await codesOf(typed, need)).map(readCode)
  const stand: Signer[] = []
  for (const { account } of codes) stand.push(await signerOf(ctx, place, need, account))
  if (new Set(stand.map(one => one.role)).size < stand.length)
    throw new ApiError('forbidden', {
      zh: '两个验证码须由三员中担任不同角色的两位给出，没有执行',
      en: 'the two codes must be of two of the three who have different roles; nothing was done',
    })
  for (const [n, signer] of stand.entries()) {
    try {
      await takeCode(ctx, signer, codes[n]!.code)
    } catch (error) {
      await noteRefused(ctx, command, place, signer)
      throw error
    }
  }
  await noteRun(ctx, command, place, stand)
  return { place, signers: stand, breakGlass: undefined }
}

async function codesOf(
  { command, signing, ask }: TypedCommand,
  need: SigningNeed,
): Promise<readonly string[]> {
  const given = [...signing.codes]
  while (ask && given.length < need.count)
    given.push(
      await ask(
        said({
          zh: `wisp ${command.path}: ${responsibleFor(need).zh}的 账号=验证码: `,
          en: `wisp ${command.path}: ACCOUNT=CODE of ${responsibleFor(need).en}: `,
        }),
      ),
    )
  if (given.length === need.count) return given
  const who = responsibleFor(need)
  throw new ApiError('forbidden', {
    zh: told`三员已启用，wisp ${own(command.path)} 须由${own(who.zh)}给出动态验证码：加 ${own(need.count)} 次 --totp 账号=验证码，或设环境变量 ${own(codesVariable)}；收到 ${own(given.length)} 个，没有执行`,
    en: told`the three administrators are separated: wisp ${own(command.path)} takes ${own(need.count)} code(s) of ${own(who.en)}, by --totp ACCOUNT=CODE or ${own(codesVariable)}; ${own(given.length)} given, nothing was done`,
  })
}

const refusals = { purpose: 'command-refused', atMost: 20, windowMs: 15 * 60_000 }

/** As many as say that somebody tries: a script that repeats itself must not fill the log. */
async function noteRefused(
  ctx: Context,
  command: Command,
  place: SigningPlace,
  { userId }: Signer,
): Promise<void> {
  const { isOver } = await countAttempt(ctx, refusals, { corpId: place.scope ?? '', of: 'cli' })
  if (isOver) return
  const entry = { corpId: place.scope ?? null, actor, act: 'command.refuse' as const, target: command.path }
  await record(ctx.db, ctx, { ...entry, detail: { signers: [userId] } })
}

async function noteRun(
  ctx: Context,
  command: Command,
  { scope, corpId }: SigningPlace,
  signers: readonly Signer[],
): Promise<void> {
  const known = corpId !== undefined && ctx.corps.find(corpId) ? corpId : null
  const entry = { corpId: scope ?? known, actor, act: 'command.run' as const, target: command.path }
  await record(ctx.db, ctx, { ...entry, detail: { signers: signers.map(one => one.userId) } })
}

async function inEmergency(
  ctx: Context,
  { command, input, signing }: TypedCommand,
  place: SigningPlace,
  io: Pick<Io, 'note'>,
): Promise<Right> {
  if (notInEmergency.includes(command.point) || givesScopes.includes(command.path))
    throw new ApiError('forbidden', {
      zh: told`应急执行不能授予权限，也不能改审计发到哪里，wisp ${own(command.path)} 没有执行；须由负责的那一员给出验证码`,
      en: told`a break-glass gives no rights and does not change where the audit is sent: wisp ${own(command.path)} was not run; it takes the code of the one who is responsible`,
    })
  await checkpoints(ctx, place, io)
  const opened = await openBreakGlass(ctx, command, place, signing)
  const { name = 'admin', userId } = input as Record<string, unknown>
  // Members of two corps may have one userid, or the name of the local account.
  const of = userId === undefined ? String(name) : `${place.corpId}/${userId}`
  const isReset = resets.includes(command.path) && (await takeReset(ctx, opened, of))
  io.note(
    said({
      zh: `应急执行到 ${when(opened.endsAt)} 结束，会显示给三员，直到审计员关闭`,
      en: `the break-glass ends at ${when(opened.endsAt)}; the three administrators see it until an auditor closes it`,
    }),
  )
  return { place, signers: [], breakGlass: opened, resetOf: isReset ? of : undefined }
}

function openBreakGlass(
  ctx: Context,
  command: Command,
  { scope }: SigningPlace,
  { reason = '' }: SigningOptions,
): Promise<BreakGlass> {
  return useBreakGlass(ctx, scope, { actor, command: command.path, reason })
}

/** Of the place where codes would be asked for, and of the corp in which the command acts. What cannot be sent hinders no emergency. */
async function checkpoints(
  ctx: Context,
  { scope, corpId }: SigningPlace,
  io: Pick<Io, 'note'>,
): Promise<void> {
  const acted = corpId !== undefined && ctx.corps.find(corpId) ? corpId : undefined
  for (const tree of new Set([scope, acted])) {
    const why = await checkpointNow(ctx, tree).catch(error => ({
      zh: (error as Error).message,
      en: (error as Error).message,
    }))
    if (why)
      io.note(
        said({
          zh: `审计检查点没有发出（${tree ?? '整个平台'}）：${why.zh}`,
          en: `the audit checkpoint was not sent (${tree ?? 'the installation'}): ${why.en}`,
        }),
      )
  }
}
