import type { Generated } from 'kysely'

type Nullable<T> = Generated<T | null>

export type AgentTables = {
  agent_callback: {
    corp_id: string
    agent_id: number
    address_key: string
    token: string
    aes_key: string
    next_token: Nullable<string>
    next_aes_key: Nullable<string>
    old_token: Nullable<string>
    old_aes_key: Nullable<string>
    old_until: Nullable<Date>
    verified_at: Nullable<Date>
    refused_at: Nullable<Date>
    refused_why: Nullable<string>
    refused_from: Nullable<string>
    forward_url: Nullable<string>
    forward_token: Nullable<string>
    forward_aes_key: Nullable<string>
    created_at: Date
    forward_failing_since: Nullable<Date>
    forward_problem: Nullable<unknown>
  }
  agent_media: {
    corp_id: string
    dev_id: string
    media_id: string
    agent_id: number
    user_key: string
    told_at: Date
  }
  agent_life: {
    corp_id: string
    agent_id: number
    track: 'unused' | 'low'
    event: string
    effect_at: Date | null
    at: Date
  }
}
