import type { Corps } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion } from '../../../platform/http/form-version.ts'
import { checkText } from '../../../platform/http/rules.ts'
import { told } from '../../../platform/http/told.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Words } from '../../../platform/words.ts'
import { checkAesKey, checkCallbackToken } from '../../../upstream/transport/push/callback-keys.ts'
import { type Agents, type CallbackKeys, type ForwardTo, openForward } from '../callbacks/callbacks.ts'
import { callbackPurpose } from '../callbacks/sealed.ts'
import { callbackPath, noCallback } from '../callbacks/set-callback.ts'
import * as store from '../callbacks/store.ts'
import { tryForward } from './forward-push.ts'

type Needs = Core & { agents: Agents; corps: Corps; outbound: Outbound }

/** Without a token and a key the present ones stay. */
export type ForwardSettings = { url: string; token?: string | undefined; encodingAesKey?: string | undefined }

const urlAtMost = 512

/** The fields of the form; its version tells whether somebody else has changed it since. */
export function forwardForm(to: ForwardTo | undefined): object {
  return to ? { url: to.url, token: to.token, encodingAesKey: to.encodingAesKey } : {}
}

/** What can be said before anybody is called. Throws 1000 and 1001. */
export function checkForward(
  ctx: Needs,
  { corpId, agentId }: { corpId: string; agentId: number },
  settings: ForwardSettings,
): { url: string; keys: CallbackKeys } {
  const { url, token, encodingAesKey } = settings
  const known = ctx.agents.callbackOf(corpId, agentId)
  if (!known) throw noCallback(agentId)
  checkUrl(ctx, url)
  if (token !== undefined) checkCallbackToken(token, 'token')
  if (encodingAesKey !== undefined) checkAesKey(encodingAesKey)
  return { url, keys: keysOf({ token, encodingAesKey }, known.forwardTo) }
}

/**
 * Has each push passed on to the system that heard the agent before. Returns what is wrong with its answer to WeCom's verification,
 * which may be switched on later, or undefined. Throws 1000 and 1001.
 */
export async function setForward(
  ctx: Needs,
  actor: string,
  { corpId, agentId }: { corpId: string; agentId: number },
  settings: ForwardSettings,
  expected?: string,
): Promise<Words | undefined> {
  const { url, keys } = checkForward(ctx, { corpId, agentId }, settings)
  const seal = (plain: string) => ctx.seal.seal(plain, callbackPurpose)
  await change(
    ctx,
    { actor, corpId, agentId, expected },
    {
      forward_url: url,
      forward_token: seal(keys.token),
      forward_aes_key: seal(keys.encodingAesKey),
    },
  )
  return tryForward(ctx, corpId, { url, ...keys, failing: undefined })
}

/** Ends it. */
export async function stopForward(
  ctx: Needs,
  actor: string,
  { corpId, agentId }: { corpId: string; agentId: number },
): Promise<void> {
  const none = { forward_url: null, forward_token: null, forward_aes_key: null }
  await change(ctx, { actor, corpId, agentId, expected: undefined }, none)
}

type ForwardEdit = { actor: string; corpId: string; agentId: number; expected: string | undefined }

async function change(
  ctx: Needs,
  { actor, corpId, agentId, expected }: ForwardEdit,
  given: Pick<store.CallbackRow, 'forward_url' | 'forward_token' | 'forward_aes_key'>,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockCallback(tx, corpId, agentId)
    if (!before) throw noCallback(agentId)
    checkVersion(forwardForm(openForward(ctx, before)), expected)
    await store.updateCallback(tx, corpId, agentId, {
      ...given,
      forward_failing_since: null,
      forward_problem: null,
    })
    const changes = changesOf(before, given, ['forward_token', 'forward_aes_key'])
    const entry = { corpId, actor, act: 'agent.forward.set' as const, target: String(agentId) }
    await record(tx, ctx, { ...entry, detail: { changes } })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

function keysOf(given: Partial<ForwardSettings>, known: CallbackKeys | undefined): CallbackKeys {
  const token = given.token ?? known?.token
  const encodingAesKey = given.encodingAesKey ?? known?.encodingAesKey
  if (token === undefined) throw new ApiError('missingParameter', 'token')
  if (encodingAesKey === undefined) throw new ApiError('missingParameter', 'encodingAesKey')
  return { token, encodingAesKey }
}

/** Throws 1000. */
function checkUrl({ outbound }: Needs, text: string): void {
  checkText(text, 'url', urlAtMost)
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash)
    throw new ApiError('badParameter', {
      zh: 'url 应为 http(s) 地址，不带账号和 #',
      en: 'url should be an http(s) address without an account and without #',
    })
  // It would pass on to itself without end.
  if (url.pathname.startsWith(callbackPath))
    throw new ApiError('badParameter', {
      zh: 'url 是 wisp 自己的回调地址，应填原来接收消息的系统的地址',
      en: 'url is a callback URL of wisp itself: give that of the system that received the messages before',
    })
  try {
    outbound.checkEntered(url.hostname.replace(/^\[|\]$/g, ''))
  } catch (error) {
    if (error instanceof OutboundRefused)
      throw new ApiError('badParameter', {
        zh: told`url：${error.words.zh}`,
        en: told`url: ${error.words.en}`,
      })
    throw error
  }
}
