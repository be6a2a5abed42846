import type { Generated } from 'kysely'

/** Followers of official accounts, and what is kept about them. */
export type FollowerTables = {
  official_follower: {
    corp_id: string
    original_id: string
    openid: string
    unionid: string | null
    subscribed: boolean
    subscribed_at: Date | null
    unsubscribed_at: Generated<Date | null>
    scene: Generated<string>
    qr_scene: Generated<string>
    remark: Generated<string>
    tag_ids: Generated<number[]>
    is_blocked: Generated<boolean>
    nickname: Generated<string>
    avatar: Generated<string>
    member_id: Generated<number | null>
    linked_at: Generated<Date | null>
    read_at: Generated<Date | null>
    listed_at: Generated<Date | null>
  }
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
