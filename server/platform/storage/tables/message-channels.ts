import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'

/** How a corp's channels are set up and what they count; migrations/ explains the columns. */
export type MessageChannelTables = MailTables & {
  message_settings: {
    corp_id: string
    keep_days: Generated<number>
  }
  message_channel: { corp_id: string; channel: string; settings: unknown; sealed: string | null }
  sms_template: {
    corp_id: string
    id: string
    vendor_id: string
    vendors: Generated<unknown>
    sign_name: string
    params: string[]
    text: string
  }
  sms_receipt: {
    corp_id: string
    id: Generated<number>
    way: string
    context: string
    serial: string
    phone: string
    is_delivered: boolean
    reason: string
    received_at: Date
  }
  sms_serial: {
    corp_id: string
    way: string
    serial: string
    context: string
    phone: string
    sent_at: Date
  }
  message_dedup: { corp_id: string; hash: string; owner: string; until: Date }
  message_pace: { corp_id: string; agent_id: number; user_key: string; sent: number[] }
  message_receipt: {
    corp_id: string
    id: Generated<number>
    channel: string
    receipts: unknown
    received_at: Date
  }
  message_refusal: { corp_id: string; channel: string; agent_id: number; reason: string; at: Date }
  corp_message_day: { corp_id: string; day: string; messages: number }
  message_day_figures: {
    corp_id: string
    day: string
    time_zone: string
    counted_at: Date
    figures: unknown
  }
  message_day: { corp_id: string; agent_id: number; day: string; sent: number }
  message_media: {
    corp_id: string
    id: string
    dev_id: string
    hash: string
    kind: string
    type: string
    name: string
    size: number
    made_at: Date
    used_at: Date
  }
  message_media_use: {
    corp_id: string
    media_id: string
    message_id: string
    given_id: string | null
    given_until: Date | null
    replaced_at: Date | null
  }
  message_media_upload: {
    corp_id: string
    media_id: string
    agent_id: number
    type: string
    given_id: string
    until: Date
  }
}

/** Types of messages and what people choose about them; migrations 0140 and 0144 explain the columns. */
export type MessageTypeTables = {
  message_type: {
    corp_id: string
    key: string
    dev_id: string | null
    state: Generated<string>
    version: number | null
    created_at: Date
  }
  message_type_version: {
    corp_id: string
    key: string
    version: number
    content: unknown
    made_by: string
    made_at: Date
    approved_by: string | null
    approved_at: Date | null
    superseded_at: Date | null
  }
  message_choice: {
    corp_id: string
    member_id: number
    type_key: string
    is_off: boolean | null
    channels: string[] | null
    without: Generated<string[]>
    digest: string | null
    changed_at: Date
  }
  message_choice_all: {
    corp_id: string
    member_id: number
    is_all_off: Generated<boolean>
    quiet_hours: unknown
    changed_at: Date
  }
  message_list: {
    corp_id: string
    id: string
    dev_id: string
    variables: string[]
    rows: number
    made_at: Date
    used_at: Date
  }
  message_list_piece: { corp_id: string; list_id: string; n: number; content: string }
}

/** Keys, bounces and stopped addresses of mail; migrations/0161-mail-senders.sql explains the columns. */
type MailTables = {
  mail_key: {
    corp_id: string
    selector: string
    domain: string
    private_key: string
    public_key: string
    made_at: Date
    used_since: Date | null
  }
  mail_stop: { corp_id: string; address: string; status: string; said: string; stopped_at: Date }
  mail_bounce: {
    corp_id: string
    id: GeneratedAlways<number>
    context: string
    address: string
    reason: string
    read_at: Date
  }
  mail_box: {
    corp_id: string
    box: string
    uid_validity: string
    next_uid: number
    read_at: Date
    failing_since: Date | null
    failure: JSONColumnType<{ zh: string; en: string }> | null
  }
}

/** What waits before it leaves; migrations/0141-waiting-messages.sql explains the columns. */
export type WaitingTables = MarkTables & {
  message_about: {
    corp_id: string
    message_id: string
    dev_id: string
    type_key: Generated<string>
    about: string
  }
  message_collected: {
    corp_id: string
    message_id: string
    member_id: number
    user_id: string
    digest_message_id: string
    text_id: string | null
  }
  message_left: {
    corp_id: string
    id: Generated<number>
    type_key: string
    member_id: number
    at: Date
    is_digest: boolean
  }
  message_plan: {
    corp_id: string
    message_id: string
    dev_id: string
    call: string
    input: string
    state: 'waiting' | 'people' | 'approval' | 'paused' | 'done' | 'cancelled'
    due_at: Date | null
    divided_to: number | null
    reason: string | null
    ended_at: Date | null
    falls_back: Generated<boolean>
    resumed_at: Date | null
  }
  group_chat: {
    corp_id: string
    id: string
    n: Generated<number>
    dev_id: string
    agent_id: number
    name: string
    owner: string | null
    state: 'creating' | 'ready' | 'failed'
    wanted: string[] | null
    members: number
    follow: unknown
    followed_at: Date | null
    matched: string | null
    problem: string | null
    request_id: string | null
    request_hash: string | null
    created_at: Date
  }
  group_chat_feed: { corp_id: string; seq: number }
  group_chat_pace: { corp_id: string; of: string; spent: Generated<unknown> }
  group_robot: {
    corp_id: string
    id: string
    n: Generated<number>
    name: string
    vendor: string
    address: string
    secret: string | null
    gives_mobiles: Generated<boolean>
    changed_at: Date
  }
  group_robot_grant: { corp_id: string; robot_id: string; dev_id: string }
  group_robot_pace: {
    corp_id: string
    robot_id: string
    sent_at: Generated<number[]>
    silent_until: Generated<number>
  }
  send_approval: {
    corp_id: string
    receivers: number
    to_all: boolean
    words: string[]
    untyped: boolean
    sms_price: number
    sms_budget: Generated<number>
    sms_urgent: Generated<number>
  }
  sms_spent: {
    corp_id: string
    month: string
    dev_id: Generated<string>
    used: Generated<number>
    urgent: Generated<number>
    stopped_at: Date | null
    urgent_stopped_at: Date | null
  }
  message_approval: {
    corp_id: string
    message_id: string
    state: 'asked' | 'review' | 'approved' | 'confirmed' | 'refused' | 'reviewed'
    cause: unknown
    asked_by: string
    asked_at: Date
    sms: number
    senders: Generated<number[]>
    decided_by: string | null
    decided_at: Date | null
    words: string | null
  }
  message_waiting: {
    corp_id: string
    id: Generated<number>
    message_id: string
    member_id: number
    user_id: string
    type_key: string
    about: string | null
    step: Generated<number>
    digest_id: string | null
    leader_id: number | null
    due_at: Date
  }
  message_digest: {
    corp_id: string
    id: string
    type_key: string
    member_id: number
    about: Generated<string>
    closes_at: Date
  }
  message_step: {
    corp_id: string
    id: Generated<number>
    message_id: string
    member_id: number
    at: Date
    what: 'send' | 'wait' | 'collect' | 'drop' | 'cancel'
    channel: string | null
    cause: unknown
    until: Date | null
  }
}

/** What people did with messages; migrations/0143-message-marks.sql explains the columns. */
type MarkTables = {
  message_mark: {
    corp_id: string
    message_id: string
    member_id: number
    read_at: Date | null
    acknowledged_at: Date | null
    archived_at: Date | null
    later_until: Date | null
    urged: Generated<number>
    urged_at: Date | null
  }
}

/** What became of messages: each call to upstream, and each receiver of whom something is known; migrations 0003 and 0157 explain the columns. */
export type MessageFateTables = {
  message_attempt: {
    corp_id: string
    part_id: number
    n: number
    at: Date
    ms: number
    outcome: string
    answer: string
    refused: { userId: string; reason: string }[] | null
    way: string | null
  }
  message_result: {
    corp_id: string
    message_id: string
    user_id: string
    part_id: number | null
    state: 'failed' | 'delivered'
    reason: string
    at: Date
  }
}

export type MessagePartTables = {
  message_part: {
    id: Generated<number>
    message_id: string
    corp_id: string
    channel: string
    n: number
    chunk: Generated<number>
    after_n: number | null
    user_ids: string[]
    member_ids: number[]
    state: 'waiting' | 'sending' | 'asking' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'replaced'
    attempts: Generated<number>
    next_attempt_at: Date
    is_checked: Generated<boolean>
    payload_hash: string | null
    unsure_since: Date | null
    held_until: Date | null
    vendor_id: string | null
    reason: string | null
    finished_at: Date | null
    recalled_at: Generated<Date | null>
    hold: { since: string; until: string; reason: string } | null
    receipts_asked: Generated<number>
    cost: number | null
    paid_from: string | null
    ways: string[] | null
    lacked_at: Date | null
    account: string | null
    shared: string[] | null
  }
}
