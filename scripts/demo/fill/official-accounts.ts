import type { Context } from '../../../server/context.ts'
import { bindAccount, callbackSettings } from '../../../server/features/official/accounts/bind.ts'
import type { DemoAccount } from '../demo-file.ts'
import type { SandboxInfo } from '../sandbox-control.ts'

/** Binds a 服务号 and a 公众号 of the sandbox, both verified, unless an earlier start that was killed has done it. */
export async function bindOfficialAccounts(
  ctx: Context,
  actor: string,
  info: SandboxInfo,
): Promise<DemoAccount[]> {
  const chosen = (['service', 'subscription'] as const).flatMap(
    kind => info.official.accounts.find(one => one.kind === kind && one.verified) ?? [],
  )
  const bound: DemoAccount[] = []
  for (const { originalId, appId, secret, name, kind, verified } of chosen) {
    const account =
      ctx.accounts.find(originalId) ??
      (await bindAccount(ctx, actor, info.corpId, { originalId, appId, secret, name, kind, verified }))
    const { token, encodingAesKey, mode } = callbackSettings(ctx, account)
    bound.push({ originalId, appId, secret, token, encodingAesKey, mode })
  }
  return bound
}
