import { Secret, TOTP } from 'otpauth'
import type { World } from '../../test/harness.ts'
import { administratorPassword, signIn } from '../../test/sign-in.ts'
import { purposeOf } from '../callers/sign-in/factor/check-code.ts'
import type { FactorOwner } from '../callers/sign-in/factor/factor-owner.ts'
import { putSecondFactor } from '../callers/sign-in/factor/second-factor-store.ts'
import { insertHolder, putScope } from '../organisation/three/three-store.ts'
import type { ThreeRole } from '../platform/http/admin/three-role.ts'

/** Somebody with an authenticator. `code` is one of their codes, as it is typed; each is another one while the world's clock goes on. */
export type Person = { account: string; owner: FactorOwner; code(steps?: number): string }

export const password = administratorPassword

export function ownerOfMember({ ctx, corpId }: Pick<World, 'ctx' | 'corpId'>, userId: string): FactorOwner {
  const member = ctx.mirrors.of(corpId).members.byKey(userId.toLowerCase())
  if (!member) throw new Error(`no member ${userId}`)
  return { corpId, memberId: member.id, userId: member.userId, name: member.name }
}

/** Gives somebody an authenticator; whoever is no member becomes a local account. */
export async function withAuthenticator(world: World, account: string, isMember = true): Promise<Person> {
  const { ctx } = world
  if (!isMember) await signIn(world, { admin: account })
  const owner = isMember ? ownerOfMember(world, account) : { adminName: account }
  const secret = new Secret({ size: 20 }).base32
  const sealed = ctx.seal.seal(secret, purposeOf(owner))
  await ctx.db.transaction().execute(tx => putSecondFactor(tx, owner, { secret: sealed, step: 0 }))
  const totp = new TOTP({ secret })
  const generate = (steps: number) => totp.generate({ timestamp: ctx.now() + steps * 30_000 })
  return { account, owner, code: (steps = 0) => `${account}=${generate(steps)}` }
}

/** Separates the three, in the corp or with undefined in the installation, as if they had agreed to it. */
export async function separate(
  world: World,
  corpId: string | undefined,
  holders: Partial<Record<ThreeRole, string>>,
): Promise<void> {
  const { ctx } = world
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await putScope(tx, corpId, at)
    for (const [role, userId] of Object.entries(holders) as [ThreeRole, string][]) {
      const owner = ownerOfMember(world, userId)
      if ('adminName' in owner) throw new Error('a member was expected')
      await insertHolder(tx, {
        corpId: corpId ?? null,
        role,
        person: `member:${owner.corpId}/${owner.memberId}`,
        adminName: null,
        memberCorp: owner.corpId,
        memberId: owner.memberId,
        userId,
        name: owner.name,
        declared: true,
        givenBy: 'test',
        givenAt: at,
      })
    }
  })
  await ctx.reloadConfig()
}

export async function joinAgain(world: World): Promise<void> {
  for (const table of [
    'three_holder',
    'three_person',
    'three_scope',
    'break_glass',
    'restored_lock',
  ] as const)
    await world.ctx.db.deleteFrom(table).execute()
  await world.ctx.db.deleteFrom('attempt_counter').execute()
  await world.ctx.reloadConfig()
}
