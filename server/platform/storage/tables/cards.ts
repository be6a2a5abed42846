import type { Generated } from 'kysely'

export type CardTables = {
  message_card: {
    message_id: string
    corp_id: string
    asked: string
    card_type: string
    first_press: Generated<number | null>
    first_user: Generated<string | null>
  }
  card_press: {
    id: Generated<number>
    corp_id: string
    message_id: string
    asked: string
    member_id: number | null
    user_id: string
    user_key: string
    key: string
    card_type: string
    selected: unknown
    is_menu: boolean
    accepted: boolean
    pressed_at: Date
    received_at: Date
  }
  card_code: {
    id: Generated<number>
    corp_id: string
    message_id: string
    part_id: number | null
    person: string | null
    code: string
    expires_at: Date
    state: Generated<'free' | 'claimed' | 'used' | 'dead'>
    claimed_until: Generated<Date | null>
  }
}
