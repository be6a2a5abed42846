import type { Generated, JSONColumnType } from 'kysely'

export type SignInTables = {
  sign_in_log: {
    corp_id: string
    id: Generated<number>
    at: Date
    number: string
    app_id: string | null
    app_name: string
    member_id: number | null
    user_id: string
    user_name: string
    way: string
    reason: string
    detail: string
    acr: number | null
    amr: string[]
    released: string[]
    address: string
    user_agent: string
  }
  corp_sign_in: { corp_id: string; issuer: Generated<string>; cas_base: Generated<string> }
  app_sign_in: {
    app_id: string
    corp_id: string
    way: 'none' | 'oidc' | 'cas'
    relation: 'own' | 'entrusted' | 'third-party'
    is_framed: boolean
    least_acr: 1 | 2 | 3
    user_name_field: string
    claims: unknown
    attributes: unknown
    groups: unknown
    client_id: string | null
    client_secret: string
    oidc: unknown
    cas: unknown
    owner_change: Generated<unknown>
    version: Generated<number>
    updated_at: Date
    updated_by: string
  }
  app_consent: {
    corp_id: string
    app_id: string
    member_id: number
    claims: string[]
    agreed_at: Date
    withdrawn_at: Date | null
  }
  app_session: {
    corp_id: string
    id: string
    app_id: string
    member_id: number
    session_id: string
    protocol: 'oidc' | 'cas'
    sid: string
    logout_uri: string
    started_at: Date
    ended_at: Date | null
  }
  cas_ticket: {
    corp_id: string
    id: string
    app_id: string
    member_id: number
    session_id: string
    service: string
    logout_uri: string
    is_new: boolean
    auth_at: Date
    ends_at: Date
  }
  cas_import: {
    corp_id: string
    registry_id: string
    app_id: string
  }
  app_logout: {
    corp_id: string
    id: Generated<number>
    app_id: string
    member_id: number
    protocol: 'oidc' | 'cas'
    sid: string
    uri: string
    cause: 'sign-out' | 'app' | 'administrator' | 'left'
    state: Generated<'waiting' | 'done' | 'failed'>
    attempts: Generated<number>
    next_at: Date
    status: number | null
    error: Generated<string>
    created_at: Date
    ended_at: Date | null
  }
  sign_in_setting: {
    corp_id: string
    ways: string[]
    sms_template: string
    others_first: boolean
    inside_days: number
    crowd_networks: Generated<string[]>
    updated_at: Date
  }
  corp_protection: {
    corp_id: string
    console_networks: string[]
    sessions_at_most: number
    sessions_full: 'endOldest' | 'refuse'
    idle_minutes: number
    admin_idle_minutes: number
    new_device: 'off' | 'administrators' | 'everyone'
    watermark: boolean
  }
  old_password: { admin_name: string; until: Date; password: string }
  sms_code_failure: {
    corp_id: string
    since: Date
    failure: JSONColumnType<Record<'said' | 'fix', { zh: string; en: string }>>
  }
  developer_code: {
    corp_id: string
    id: string
    dev_id: string
    request_id: string | null
    request: string
    signature: string
    channel: string
    made_at: Date
    expires_at: Date
    settled_at: Date | null
    sent_at: Date | null
    failure: JSONColumnType<Record<'said' | 'fix', { zh: string; en: string }>> | null
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
    user_handle: string | null
  }
  oidc_key: {
    corp_id: string
    kid: string
    alg: 'RS256' | 'ES256'
    state: 'next' | 'current' | 'old'
    jwk: string
    created_at: Date
    state_at: Date
  }
  oidc_record: {
    corp_id: string
    kind: string
    id: string
    payload: unknown
    sealed: string
    grant_id: string | null
    user_code: string | null
    consumed_at: Date | null
    expires_at: Date
  }
}

/** Roles of the corp's own, and who has them. */
export type OwnRoleTables = ThreeTables & {
  own_role: {
    corp_id: string
    id: Generated<number>
    name: string
    points: string[]
    range: 'corp' | 'departments' | 'apps'
    departments: number[]
    app_ids: string[]
    dev_ids: string[]
    until: Date | null
    groups: Generated<number[]>
    changed_at: Date
  }
  own_role_holder: {
    corp_id: string
    role_id: number
    member_id: number
    until: Date | null
    given_by: string
    given_at: Date
  }
}

/** The three administrators, and what they do together. */
type ThreeTables = {
  three_person: { person: string; role: string }
  three_scope: { scope: string; corp_id: string | null; since: Date }
  three_holder: {
    id: Generated<number>
    corp_id: string | null
    role: string
    person: string | null
    admin_name: string | null
    member_corp: string | null
    member_id: number | null
    user_id: string
    name: string
    declared: boolean
    given_by: string
    given_at: Date
    ended_at: Generated<Date | null>
  }
  joint_act: {
    id: Generated<number>
    corp_id: string | null
    kind: string
    payload: unknown
    about: string
    state: Generated<'open' | 'done' | 'refused'>
    proposed_at: Date
    expires_at: Date
    decided_at: Generated<Date | null>
  }
  joint_assent: { act_id: number; role: string; actor: string; given_at: Date }
}

/** LDAP clients, application passwords and cards of sign-ins; migrations/0185-ldap.sql explains the columns. */
export type LdapTables = {
  ldap_client: {
    corp_id: string
    app_id: string
    name: string
    secret_hash: string
    is_everyone: boolean
    departments: number[]
    fields: string[]
    member_groups: Generated<number[]>
    asks_card: boolean
    version: Generated<number>
    updated_at: Date
    updated_by: string
  }
  ldap_password: {
    corp_id: string
    id: string
    app_id: string
    member_id: number
    hash: string
    made_at: Date
    used_at: Date | null
    used_from: string
  }
  ldap_card: {
    corp_id: string
    app_id: string
    member_id: number
    id: string
    state: 'asked' | 'allowed' | 'refused' | 'used'
    changed_at: Date
  }
}
