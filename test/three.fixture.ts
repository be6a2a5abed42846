import { Secret, TOTP } from 'otpauth'
import { purposeOf } from '../server/callers/sign-in/factor/check-code.ts'
import type { FactorOwner } from '../server/callers/sign-in/factor/factor-owner.ts'
import { putSecondFactor } from '../server/callers/sign-in/factor/second-factor-store.ts'
import { switchOn } from '../server/callers/three-administrators/switch-on.ts'
import type { ThreeRole } from '../server/platform/http/admin/three-role.ts'
import type { World } from './harness.ts'
import { type SignedInClient, signIn } from './sign-in.ts'

type WorldPart = Pick<World, 'ctx' | 'server' | 'corpId'>

export const people = { system: 'zhangsan', security: 'lisi', auditor: 'wangwu' } as const

export function ownerOf({ ctx, corpId }: WorldPart, userId: string): FactorOwner {
  if (userId === 'admin') return { adminName: 'admin' }
  const member = ctx.mirrors.of(corpId).members.byKey(userId.toLowerCase())
  if (!member) throw new Error(`no member ${userId}`)
  return { corpId, memberId: member.id, userId: member.userId, name: member.name }
}

/** Gives somebody an authenticator, and returns what shows its code. */
export async function withFactor(world: WorldPart, userId: string): Promise<() => string> {
  const owner = ownerOf(world, userId)
  const secret = new Secret({ size: 20 }).base32
  const { ctx } = world
  await ctx.db
    .transaction()
    .execute(tx => putSecondFactor(tx, owner, { secret: ctx.seal.seal(secret, purposeOf(owner)), step: 0 }))
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  return () => totp.generate({ timestamp: ctx.now() })
}

/** Signs somebody in who gave two factors. */
export async function signInSurely(world: WorldPart, userId: string): Promise<SignedInClient> {
  await withFactor(world, userId)
  const who = userId === 'admin' ? { admin: 'admin' } : { userId }
  return signIn(world, who, { acr: 3, amr: [userId === 'admin' ? 'pwd' : 'qr', 'totp'] })
}

/** Separates the three of the corp, or of the installation: zhangsan and the account, lisi, and wangwu. */
export async function separate(world: WorldPart, of: 'corp' | 'installation' = 'corp'): Promise<void> {
  const chosen = Object.entries(people).map(([role, userId]) => ({
    role: role as ThreeRole,
    userId,
    corp: world.corpId,
    declared: true,
  }))
  await signIn(world, { admin: 'admin' })
  const corpId = of === 'corp' ? world.corpId : undefined
  await switchOn(world.ctx, 'test', corpId, chosen, corpId ?? 'installation')
}

/** Puts all back, without asking the three. */
export async function unite({ ctx }: WorldPart): Promise<void> {
  await ctx.db.deleteFrom('joint_act').execute()
  await ctx.db.deleteFrom('three_holder').execute()
  await ctx.db.deleteFrom('three_person').execute()
  await ctx.db.deleteFrom('three_scope').execute()
  await ctx.reloadConfig()
  ctx.sessions.forget()
}
