import type { Generated } from 'kysely'

export type SignInTables = {
  sign_in_setting: {
    corp_id: string
    ways: string[]
    sms_template: string
    others_first: boolean
    inside_days: number
    updated_at: Date
  }
  member_factor: {
    corp_id: string
    member_id: number
    totp_secret: Generated<string>
    totp_step: Generated<number>
  }
  member_recovery_code: { corp_id: string; member_id: number; hash: string }
  passkey: {
    id: string
    corp_id: string | null
    member_id: number | null
    admin_name: string | null
    rp_id: string
    public_key: string
    counter: number
    transports: string[]
    name: string
    created_at: Date
    used_at: Date | null
  }
}
