import type { Generated, GeneratedAlways } from 'kysely'

/** The tables of official accounts, except those about followers; migrations/ explains the columns. */
export type OfficialTables = {
  official_account: {
    corp_id: string
    original_id: string
    name: string
    app_id: string
    secret: string
    kind: 'subscription' | 'service'
    verified: boolean
    mode: 'plain' | 'compatible' | 'secure'
    callback_token: string
    callback_aes_key: string
    enabled: Generated<boolean>
    icon_hash: string | null
    callback_verified_at: Generated<Date | null>
    secret_at: Date
    created_at: Date
    seen_original_id: Generated<string | null>
    pushed_at: Generated<Date | null>
  }
  official_node: {
    corp_id: string
    original_id: string
    node_id: string
    node: string
    errcode: number | null
    address: string
    rid: string
    tried_at: Generated<Date>
  }
  official_window: {
    corp_id: string
    original_id: string
    openid: string
    opened_by: 'message' | 'click' | 'subscribe' | 'scan'
    opened_at: Date
    used: Generated<number>
  }
  official_send: {
    corp_id: string
    original_id: string
    id: Generated<number>
    openid: string
    origin: 'reply' | 'conversation' | 'api'
    origin_key: string
    content: unknown
    kf_account: Generated<string>
    state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown'
    attempts: Generated<number>
    reason: unknown
    created_at: Date
    due_at: Date
    ended_at: Generated<Date | null>
    actor: Generated<string>
  }
  official_talk: {
    corp_id: string
    original_id: string
    id: Generated<number>
    openid: string
    is_from_follower: boolean
    kind: string
    content: unknown
    event_id: number | null
    send_id: number | null
    at: Date
    actor: Generated<string>
    file_hash: Generated<string | null>
  }
  official_conversation: {
    corp_id: string
    original_id: string
    openid: string
    last_at: Date
    last_kind: string
    last_text: Generated<string>
    last_is_from_follower: boolean
    unread: Generated<number>
    unanswered_since: Generated<Date | null>
    needs_person: Generated<boolean>
    assigned_member: Generated<number | null>
    kf_since: Generated<Date | null>
    kf_account: Generated<string>
    closed_at: Generated<Date | null>
  }
  official_talk_revision: { corp_id: string; original_id: string; revision: number }
  official_quick_reply: {
    corp_id: string
    original_id: string
    id: Generated<number>
    shortcut: string
    content: string
  }
  official_template: {
    corp_id: string
    original_id: string
    template_id: string
    kind: 'template' | 'subscribe'
    title: string
    content: string
    example: string
    is_long_term: boolean
    choices: unknown
  }
  official_template_send: {
    corp_id: string
    original_id: string
    id: Generated<number>
    openid: string
    template_id: string
    kind: 'template' | 'subscribe'
    origin: 'api' | 'test' | 'message'
    origin_key: string
    request_hash: string | null
    member_id: number | null
    state: 'sending' | 'sent' | 'failed' | 'unknown'
    msg_id: Generated<string | null>
    reason: unknown
    is_noted: Generated<boolean>
    created_at: Date
    tried_at: Date
  }
  official_template_result: {
    corp_id: string
    original_id: string
    msg_id: string
    openid: string
    template_id: Generated<string>
    status: string
    at: Date
  }
  official_tick: {
    corp_id: string
    original_id: string
    event_id: number
    n: number
    openid: string
    template_id: string
    is_accepted: boolean
    place: 'page' | 'article' | 'settings' | 'other'
    at: Date
  }
  official_template_mapping: {
    corp_id: string
    original_id: string
    template_id: string
    kind: 'template' | 'subscribe'
    fields: unknown
  }
  official_menu_version: {
    corp_id: string
    original_id: string | null
    agent_id: Generated<number | null>
    owner_id: GeneratedAlways<string>
    n: number
    source: 'edit' | 'pull' | 'rollback'
    menu: unknown
    actor: string
    created_at: Date
    published_at: Generated<Date | null>
  }
  official_menu: {
    corp_id: string
    original_id: string | null
    agent_id: Generated<number | null>
    owner_id: GeneratedAlways<string>
    published_n: Generated<number | null>
    failure: Generated<string | null>
  }
  official_media: {
    corp_id: string
    original_id: string
    hash: string
    kind: string
    media_id: Generated<string>
    url: Generated<string>
    uploaded_at: Generated<Date | null>
    expires_at: Generated<Date | null>
    attempts: Generated<number>
    turn: Generated<string | null>
    turn_until: Generated<Date | null>
  }
  official_publish: {
    corp_id: string
    original_id: string
    publish_id: string
    title: Generated<string>
    actor: Generated<string>
    status: number
    article_id: Generated<string>
    urls: Generated<unknown>
    created_at: Date
    ended_at: Generated<Date | null>
  }
  official_mass: {
    corp_id: string
    original_id: string
    id: string
    request_id: string | null
    audience: unknown
    content: unknown
    receivers: number
    state:
      | 'approval'
      | 'waiting'
      | 'going'
      | 'done'
      | 'partly'
      | 'failed'
      | 'stopped'
      | 'rejected'
      | 'deleted'
    due_at: Date
    actor: string
    decided_by: Generated<string | null>
    decided_at: Generated<Date | null>
    created_at: Date
    ended_at: Generated<Date | null>
  }
  official_mass_part: {
    corp_id: string
    original_id: string
    mass_id: string
    n: number
    openids: string[] | null
    state: 'waiting' | 'sending' | 'running' | 'done' | 'failed' | 'unknown' | 'stopped'
    due_at: Date
    attempts: Generated<number>
    tried_at: Generated<Date | null>
    msg_id: Generated<string | null>
    reason: Generated<unknown>
    submitted_at: Generated<Date | null>
    ended_at: Generated<Date | null>
  }
  official_mass_result: {
    corp_id: string
    original_id: string
    msg_id: string
    status: string
    total: number | null
    filtered: number | null
    sent: number | null
    errors: number | null
    urls: unknown
    at: Date
  }
  official_mass_setting: { corp_id: string; original_id: string; needs_approval: boolean }
  official_grant: { corp_id: string; original_id: string; member_id: number }
  official_flow: {
    corp_id: string
    original_id: string | null
    agent_id: Generated<number | null>
    owner_id: GeneratedAlways<string>
    id: Generated<number>
    name: string
    steps: unknown
    minutes: number
    timeout_text: Generated<string>
    enabled: Generated<boolean>
    created_at: Date
    updated_at: Date
    updated_by: string
  }
  official_rule: {
    corp_id: string
    original_id: string | null
    agent_id: Generated<number | null>
    owner_id: GeneratedAlways<string>
    id: Generated<number>
    name: string
    kind: 'enter' | 'subscribe' | 'keyword' | 'menu' | 'type' | 'default'
    again: Generated<'always' | 'day' | 'week' | 'month' | 'once'>
    match: 'exact' | 'contains' | 'regex'
    words: string[]
    contents: unknown
    pick: 'all' | 'one'
    flow_id: number | null
    priority: number
    hours: unknown
    enabled: Generated<boolean>
    created_at: Date
    updated_at: Date
    updated_by: string
  }
  reply_greeting: {
    corp_id: string
    original_id: string | null
    agent_id: number | null
    owner_id: GeneratedAlways<string>
    person: string
    greeted_at: Date
  }
  official_flow_state: {
    corp_id: string
    original_id: string | null
    agent_id: Generated<number | null>
    owner_id: GeneratedAlways<string>
    openid: string
    flow_id: number
    step_id: string
    taken: number
    expires_at: Date
  }
  site_file: { name: string; corp_id: string; content: string; put_at: Date }
}
