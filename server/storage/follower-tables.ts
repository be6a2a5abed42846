import type { Generated } from 'kysely'

/** What is kept about followers of official accounts beside the followers themselves. */
export type FollowerTables = {
  official_pull: {
    corp_id: string
    original_id: string
    state: 'running' | 'done' | 'failed'
    cursor: Generated<string>
    total: Generated<number | null>
    read: Generated<number>
    gone: Generated<number>
    attempts: Generated<number>
    reason: Generated<unknown>
    requested_by: string
    started_at: Date
    ended_at: Generated<Date | null>
  }
  official_tag: {
    corp_id: string
    original_id: string
    tag_id: number
    name: string
  }
  official_qr_code: {
    corp_id: string
    original_id: string
    scene: string
    name: string
    url: string
    created_at: Date
    expires_at: Date | null
  }
  official_link_request: {
    corp_id: string
    original_id: string
    id: Generated<number>
    member_id: number
    step: 'offered' | 'asked' | 'seen' | 'code'
    secret_hash: string
    with_profile: Generated<boolean>
    openid: Generated<string | null>
    unionid: Generated<string | null>
    nickname: Generated<string>
    avatar: Generated<string>
    expires_at: Date
  }
}
