import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Language } from '../../platform/words.ts'
import type { WecomOptions } from './clients/clients.ts'
import { setAgent } from './corp-admin.ts'
import type { Corps, NewAgent } from './corps.ts'
import { checkAgent, checkSettings, putAgent, setCorp } from './corps.ts'
import type { Check } from './doctor/check.ts'
import { tryAgentSecret, tryContactSecret } from './doctor/doctor.ts'
import type { CorpSettings } from './settings.ts'

type Needs = Core & { corps: Corps; wecomOptions: WecomOptions }

/** Who looks at WeCom's answer. With `force`, even a secret that WeCom refuses is saved. */
export type Attempt = { language: Language; force: boolean }

/** `saved` is false when WeCom refused the secret; `checks` then holds its answer and what to do. */
export type Outcome = { saved: boolean; checks: Check[] }

/**
 * Changes a corp; WeCom is asked when a contact secret is among the settings, and none of them is saved when it refuses. `expected` is the
 * version that the form was filled from, where there is one. Throws 1000 and 1001.
 */
export async function changeCorp(
  ctx: Needs,
  actor: string,
  corpId: string,
  settings: CorpSettings,
  attempt: Attempt,
  expected?: string,
): Promise<Outcome> {
  ctx.corps.get(corpId)
  checkSettings(settings)
  const { contactSecret } = settings
  const tried =
    contactSecret === undefined
      ? untried
      : await tryContactSecret(ctx, corpId, contactSecret, attempt.language)
  return saveTried(tried, attempt, () => setCorp(ctx, actor, corpId, settings, expected))
}

/** Throws 1000 for an agent that the corp has already. */
export async function addAgent(
  ctx: Needs,
  actor: string,
  corpId: string,
  agent: NewAgent,
  attempt: Attempt,
): Promise<Outcome> {
  const { agentId, secret } = agent
  checkAgent(agent)
  if (ctx.corps.get(corpId).agents.some(one => one.agentId === agentId))
    throw new ApiError('badParameter', {
      zh: told`自建应用 ${agentId} 已添加，不能重复添加；请修改它的设置`,
      en: told`the WeCom app ${agentId} is there already and cannot be added again: change its settings`,
    })
  const tried = await tryAgentSecret(ctx, corpId, agent, secret, attempt.language)
  return saveTried(tried, attempt, () => putAgent(ctx, actor, corpId, agent))
}

/** Changes a WeCom app. If the secret is left out, the present one stays and WeCom is not asked. */
export async function changeAgent(
  ctx: Needs,
  actor: string,
  corpId: string,
  agent: Omit<NewAgent, 'secret'> & { secret: string | undefined },
  expected: string | undefined,
  attempt: Attempt,
): Promise<Outcome> {
  const { secret } = agent
  checkAgent(agent)
  const tried =
    secret === undefined ? untried : await tryAgentSecret(ctx, corpId, agent, secret, attempt.language)
  return saveTried(tried, attempt, () => setAgent(ctx, actor, corpId, agent, expected))
}

const untried = { refused: false, checks: [] }

/** Saves unless WeCom refused the secret. */
export async function saveTried(
  { refused, checks }: { refused: boolean; checks: Check[] },
  { force }: Attempt,
  save: () => Promise<unknown>,
): Promise<Outcome> {
  if (refused && !force) return { saved: false, checks }
  await save()
  return { saved: true, checks }
}
