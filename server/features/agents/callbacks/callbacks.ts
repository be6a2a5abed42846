import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import { callbackPurpose } from './sealed.ts'
import * as store from './store.ts'

/** With what pushes are signed and encrypted. */
export type CallbackKeys = { readonly token: string; readonly encodingAesKey: string }

/** The system that heard the agent before, and goes on hearing it. */
export type ForwardTo = CallbackKeys & {
  readonly url: string
  /** Since when nothing that it answers counts, and why. */
  readonly failing: { readonly since: Date; readonly problem: Words } | undefined
}

/** Where WeCom pushes what an agent hears (应用 → 接收消息 → 设置API接收). */
export type AgentCallback = {
  readonly corpId: string
  readonly agentId: number
  /** The last part of its address; never logged. */
  readonly addressKey: string
  readonly keys: CallbackKeys
  /** Made to take their place, as soon as WeCom has verified them. */
  readonly nextKeys: CallbackKeys | undefined
  /** What was in use before, until then. */
  readonly oldKeys: (CallbackKeys & { readonly until: Date }) | undefined
  readonly verifiedAt: Date | null
  readonly refused: { readonly at: Date; readonly why: string; readonly from: string } | undefined
  readonly forwardTo: ForwardTo | undefined
}

/** They are few, so every node holds them in memory and rereads them with the configuration. */
export type Agents = {
  reload(corpId?: string): Promise<void>
  all(): readonly AgentCallback[]
  /** Undefined as long as nobody set one up. */
  callbackOf(corpId: string, agentId: number): AgentCallback | undefined
  /** The one with this last part of the address. */
  at(addressKey: string): AgentCallback | undefined
}

export function createAgents(ctx: Core): Agents {
  let callbacks = new Map<string, AgentCallback>()
  let byAddress = new Map<string, AgentCallback>()
  return {
    async reload(corpId) {
      const read = (await store.allCallbacks(ctx.db, corpId)).map(row => openCallback(ctx, row))
      const others = [...callbacks.values()].filter(one => corpId !== undefined && one.corpId !== corpId)
      const all = [...others, ...read]
      callbacks = new Map(all.map(one => [nameOf(one.corpId, one.agentId), one]))
      byAddress = new Map(all.map(one => [one.addressKey, one]))
    },
    all: () => [...callbacks.values()],
    callbackOf: (corpId, agentId) => callbacks.get(nameOf(corpId, agentId)),
    at: addressKey => byAddress.get(addressKey),
  }
}

const nameOf = (corpId: string, agentId: number) => `${corpId} ${agentId}`

function openCallback({ seal }: Core, row: store.CallbackRow): AgentCallback {
  const open = (sealed: string) => seal.open(sealed, callbackPurpose)
  const keysOf = (token: string | null, aesKey: string | null): CallbackKeys | undefined =>
    token && aesKey ? { token: open(token), encodingAesKey: open(aesKey) } : undefined
  const old = keysOf(row.old_token, row.old_aes_key)
  const { refused_at: at, refused_why: why, refused_from: from } = row
  return {
    corpId: row.corp_id,
    agentId: row.agent_id,
    addressKey: open(row.address_key),
    keys: { token: open(row.token), encodingAesKey: open(row.aes_key) },
    nextKeys: keysOf(row.next_token, row.next_aes_key),
    oldKeys: old && row.old_until ? { ...old, until: row.old_until } : undefined,
    verifiedAt: row.verified_at,
    refused: at ? { at, why: why ?? '', from: from ?? '' } : undefined,
    forwardTo: openForward({ seal }, row),
  }
}

/** The system that a row passes pushes on to. */
export function openForward({ seal }: Pick<Core, 'seal'>, row: store.CallbackRow): ForwardTo | undefined {
  const { forward_url: url, forward_token: token, forward_aes_key: aesKey } = row
  if (!url || !token || !aesKey) return undefined
  const open = (sealed: string) => seal.open(sealed, callbackPurpose)
  return { url, token: open(token), encodingAesKey: open(aesKey), failing: failingOf(row) }
}

function failingOf({
  forward_failing_since: since,
  forward_problem: problem,
}: store.CallbackRow): ForwardTo['failing'] {
  return since && problem ? { since, problem: problem as Words } : undefined
}
