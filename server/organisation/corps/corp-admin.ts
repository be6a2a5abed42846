import { perform } from '../../platform/acts/perform.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { forgetCredentials } from '../../upstream/transport/credentials.ts'
import { credentialOwner } from './clients/clients.ts'
import { checkAgent, unknownAgent } from './corps.ts'
import { examineAgain } from './doctor/again.ts'
import { purposes } from './sealed.ts'
import * as store from './store.ts'

export function agentForm(row: Partial<store.AgentRow>): object {
  const { name, uses, secret } = row
  return { name, uses, secret }
}

/**
 * Changes an agent; without `secret` it keeps its present one. `expected` is the version that the form was filled
 * from. Throws 1000.
 */
export async function setAgent(
  ctx: Core,
  actor: string,
  corpId: string,
  agent: { agentId: number; name: string; uses: readonly string[]; secret?: string | undefined },
  expected: string | undefined,
): Promise<void> {
  const { agentId } = agent
  const { name, uses } = checkAgent(agent)
  await perform(ctx, { act: 'agent.set', actor, corpId }, async tx => {
    const row = await store.lockAgent(tx, corpId, agentId)
    if (!row) throw unknownAgent(agentId)
    checkVersion(agentForm(row), expected)
    const fresh = agent.secret
      ? { secret: ctx.seal.seal(agent.secret, purposes.agentSecret), secretAt: new Date(ctx.now()) }
      : {}
    await store.putAgent(tx, { ...row, name, uses, ...fresh })
    if (agent.secret) await forgetCredentials(tx, corpId, credentialOwner(`agent:${agentId}`))
    const { secretAt: _at, ...told } = { name, uses, secretAt: undefined, ...fresh }
    const detail = { changes: changesOf(row, told, ['secret']) }
    await examineAgain(ctx, tx, corpId)
    return { target: String(agentId), detail, answer: undefined }
  })
}
