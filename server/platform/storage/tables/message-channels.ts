import type { Generated } from 'kysely'

/** How a corp's channels are set up and what they count; migrations/ explains the columns. */
export type MessageChannelTables = {
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
  message_day: { corp_id: string; agent_id: number; day: string; sent: number }
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
  }
  send_approval: {
    corp_id: string
    receivers: number
    to_all: boolean
    words: string[]
    untyped: boolean
    sms_price: number
  }
  message_approval: {
    corp_id: string
    message_id: string
    state: 'asked' | 'review' | 'approved' | 'confirmed' | 'refused' | 'reviewed'
    cause: unknown
    asked_by: string
    asked_at: Date
    sms: number
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
