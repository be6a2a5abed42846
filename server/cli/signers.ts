import { checkCode } from '../callers/sign-in/factor/check-code.ts'
import type { FactorOwner } from '../callers/sign-in/factor/factor-owner.ts'
import { secondFactorStatus } from '../callers/sign-in/factor/second-factor.ts'
import { readSecondFactor } from '../callers/sign-in/factor/second-factor-store.ts'
import type { Context } from '../context.ts'
import { isListed, userKey } from '../organisation/directory/mirror/members.ts'
import { mayAct, memberPerson } from '../organisation/directory/permissions/person.ts'
import { reached } from '../organisation/rights/reached.ts'
import { roleWords } from '../organisation/three/joint-acts.ts'
import { pointsOfOthers, pointsOfThree, type Share, split } from '../organisation/three/split.ts'
import { comma, said } from '../platform/command/language.ts'
import type { Point } from '../platform/http/admin/points.ts'
import type { ThreeRole } from '../platform/http/admin/three-role.ts'
import { ApiError } from '../platform/http/errors.ts'
import { own, told } from '../platform/http/told.ts'
import type { Words } from '../platform/words.ts'

/** Where codes are asked for: the corp in which the three are separated, undefined for the installation; and the corp of the command. */
export type SigningPlace = { scope: string | undefined; corpId: string | undefined }

/** The point of the command, and of how many people it takes codes. */
export type SigningNeed = { point: Point; count: 1 | 2 }

/** Who stands for a command. `role` is undefined for somebody who holds its point by another role. */
export type Signer = { owner: FactorOwner; userId: string; name: string; role: ThreeRole | undefined }

/** A code as it was typed: `ACCOUNT=CODE`. */
export type GivenCode = { account: string; code: string }

const responsible: Record<Share, Words> = {
  system: roleWords.system,
  security: roleWords.security,
  auditor: roleWords.auditor,
  readers: { zh: '安全管理员或审计员', en: 'the security administrator or the auditor' },
  three: { zh: '三员之一', en: 'one of the three administrators' },
  all: { zh: '三员之一', en: 'one of the three administrators' },
  business: { zh: '角色里有这项权限的管理员', en: 'an administrator whose role has this point' },
  nobody: { zh: '（三员启用期间没有人）', en: '(no one while the three are separated)' },
}

/** Who must stand for a command of this point, in words. */
export function responsibleFor({ point, count }: SigningNeed): Words {
  return count === 2
    ? { zh: '三员中的两位', en: 'two of the three administrators' }
    : responsible[split[point]]
}

/** Throws 1000 for what is no code; the code itself is not repeated. */
export function readCode(given: string): GivenCode {
  const at = given.lastIndexOf('=')
  const account = given.slice(0, Math.max(at, 0)).trim()
  const code = given.slice(at + 1).trim()
  if (account !== '' && /^\d{6}$/.test(code)) return { account, code }
  throw new ApiError('badParameter', {
    zh: '验证码应写作 账号=6 位数字，例如 --totp zhangsan=123456；恢复码和通行密钥不能用于命令行',
    en: 'a code is written ACCOUNT=6 digits, such as --totp zhangsan=123456; the command line takes no recovery codes and passkeys',
  })
}

/**
 * The person of an account: `userid` of the command's corp or of the installation's three, `corpId/userid` of any corp, `/name` or a name that
 * no member of the corp has for a local account. Throws 1009 for somebody who does not stand for this point here.
 */
export async function signerOf(
  ctx: Context,
  { scope, corpId }: SigningPlace,
  need: SigningNeed,
  account: string,
): Promise<Signer> {
  const slash = account.indexOf('/')
  const userId = account.slice(slash + 1)
  const named = slash < 0 ? corpOfUser(ctx, { scope, corpId }, userId) : account.slice(0, slash) || undefined
  const found =
    named === undefined ? undefined : await memberSigner(ctx, { scope, corpId }, need, named, userId)
  const signer = found ?? (slash > 0 ? undefined : await accountSigner(ctx, scope, need, userId))
  if (!signer) throw notResponsible(account, need)
  return signer
}

/** Where somebody is looked for who was typed without a corp: where the three are, or as one of the installation's. */
function corpOfUser({ three }: Context, { scope, corpId }: SigningPlace, userId: string): string | undefined {
  const key = userKey(userId)
  const ofInstallation = scope === undefined ? three.holders(undefined) : []
  return ofInstallation.find(one => userKey(one.userId) === key)?.memberCorp ?? scope ?? corpId
}

function notResponsible(account: string, need: SigningNeed): ApiError {
  const who = responsibleFor(need)
  const { point } = need
  return new ApiError('forbidden', {
    zh: told`${account} 不能为这个命令给出验证码：须是${own(who.zh)}，没有执行`,
    en: told`${account} does not stand for this command (${own(point)}): it takes ${own(who.en)}, nothing was done`,
  })
}

async function memberSigner(
  ctx: Context,
  { scope, corpId }: SigningPlace,
  need: SigningNeed,
  memberCorp: string,
  userId: string,
): Promise<Signer | undefined> {
  // The three of a corp are its members.
  if (!ctx.corps.find(memberCorp) || (scope !== undefined && scope !== memberCorp)) return undefined
  const find = () => ctx.mirrors.of(memberCorp).members.byKey(userKey(userId))
  const member = await ctx.mirrors.during(memberCorp, find, { userIds: [userId] })
  if (!member || !isListed(member) || !mayAct(member)) return undefined
  const owner = { corpId: memberCorp, memberId: member.id, userId: member.userId, name: member.name }
  const signer = { owner, userId: member.userId, name: member.name }
  const person = memberPerson(ctx, memberCorp, member)
  const role = scope === undefined ? ctx.three.ofInstallation(member.id) : person.separated?.as
  if (role) return mayStand(role, need) ? { ...signer, role } : undefined
  // What the three do not do is for those of the command's own corp who may.
  const isOthers = need.count === 1 && pointsOfOthers.has(need.point) && memberCorp === corpId
  return isOthers && reached(person, need) ? { ...signer, role: undefined } : undefined
}

/** Where it takes two, it is any two of the three. */
function mayStand(role: ThreeRole, { point, count }: SigningNeed): boolean {
  return count === 2 || pointsOfThree[role].has(point)
}

async function accountSigner(
  ctx: Context,
  scope: string | undefined,
  need: SigningNeed,
  adminName: string,
): Promise<Signer | undefined> {
  const role = ctx.three.ofAccount(scope)?.as
  if (!role || !mayStand(role, need)) return undefined
  const isThere = (await readSecondFactor(ctx.db, { adminName })) !== undefined
  return isThere ? { owner: { adminName }, userId: adminName, name: '', role } : undefined
}

/** Takes the code, once, as a sign-in does. Throws 1009 for a wrong or used one, 1010 after ten, 1000 without an authenticator. */
export async function takeCode(ctx: Context, { owner, userId }: Signer, code: string): Promise<void> {
  if (!(await secondFactorStatus(ctx, owner)).hasAuthenticator)
    throw new ApiError('badParameter', {
      zh: told`${userId} 没有设置验证器，不能为命令给出验证码；请先在“我的 → 设备与登录”设置`,
      en: told`${userId} has no authenticator and cannot give codes for commands: set one up under Me → Devices and sign-in`,
    })
  await checkCode(ctx, owner, code)
}

/** As the audit log names them beside what the command did. */
export function signedBy(signers: readonly Signer[]): string {
  return signers
    .map(
      ({ userId, name, role }) =>
        `${role ? roleWords[role].zh : said({ zh: '管理员', en: 'administrator' })} ${name || userId}`,
    )
    .join(said(comma))
}
