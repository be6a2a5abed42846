import type { Generated } from 'kysely'
import type { AgentTables } from './tables/agents.ts'
import type { AnnouncementTables } from './tables/announcements.ts'
import type { SiemTables } from './tables/audit/siem.ts'
import type { BackupTables } from './tables/backups.ts'
import type { CardTables } from './tables/cards.ts'
import type { CorpLifecycleTables } from './tables/corp-lifecycle.ts'
import type { DeletedTables, PersonalDataTables } from './tables/deleted.ts'
import type { DeveloperTables } from './tables/developers.ts'
import type { ExternalPeopleTables } from './tables/directory/external-people.ts'
import type { MemberGroupTables } from './tables/directory/member-groups.ts'
import type { EventTables } from './tables/events.ts'
import type { FollowerTables } from './tables/followers.ts'
import type {
  MessageChannelTables,
  MessageFateTables,
  MessagePartTables,
  MessageTypeTables,
  WaitingTables,
} from './tables/message-channels.ts'
import type { OfficialTables } from './tables/official.ts'
import type { OutageTables } from './tables/outages.ts'
import type { PacketTables } from './tables/packets.ts'
import type { PaymentTables } from './tables/payments.ts'
import type { AuditTreeTables, RequestTables } from './tables/requests.ts'
import type { LdapTables, OwnRoleTables, SignInTables } from './tables/sign-in.ts'
import type { TodoSourceTables } from './tables/todo-sources.ts'
import type { TodoTables } from './tables/todos.ts'

/** The tables as Kysely sees them; migrations/ explains the columns. int8 values arrive as numbers. */
export type Tables = AgentTables &
  AnnouncementTables &
  AuditTreeTables &
  BackupTables &
  CardTables &
  MemberGroupTables &
  CorpLifecycleTables &
  DeletedTables &
  DeveloperTables &
  EventTables &
  ExternalPeopleTables &
  FollowerTables &
  MessageChannelTables &
  MessageFateTables &
  MessagePartTables &
  MessageTypeTables &
  WaitingTables &
  OfficialTables &
  OutageTables &
  SiemTables &
  OwnRoleTables &
  LdapTables &
  PacketTables &
  PaymentTables &
  PersonalDataTables &
  RequestTables &
  SignInTables &
  TodoSourceTables &
  TodoTables & {
    setting: { key: string; value: unknown }
    migration: { name: string; applied_at: Generated<Date>; additive: Generated<boolean> }
    node_batch: { node_id: string; kind: string; number: number; written_at: Date }
    node: {
      id: string
      name: string | null
      place: string
      version: string
      migrations: string[]
      seen_at: Date
      at_work: Generated<boolean>
      egress: Generated<string>
      calling: Generated<boolean>
      ahead_ms: Generated<number>
    }
    missed_push: {
      corp_id: string
      stream: string
      account: string
      refused: number
      from_at: Date
      until_at: Date
    }
    timer: {
      name: string
      cron: string
      next_at: Date
      lease: string | null
      holder: string | null
      lease_until: Date | null
    }
    node_address: { node: string; address: string; seen_at: Date }
    verified_address: { corp_id: string; kind: string; subject: string; address: string; noted_at: Date }
    corp: {
      corp_id: string
      name: string
      public_url: string
      contact_secret: string
      callback_token: string
      callback_aes_key: string
      regime: Generated<'unknown' | 'full' | 'restricted'>
      hint_token_required: Generated<boolean>
      callback_verified_at: Date | null
      contact_secret_at: Date | null
      request_log_days: Generated<number>
      data_read_days: Generated<number>
      time_zone: Generated<string>
      call_limits: Generated<unknown>
      quotas: Generated<unknown>
      features: Generated<string[]>
      created_at: Date
      suspended_at: Date | null
      suspended_by: Generated<string>
      suspended_reason: Generated<string>
      removing_at: Date | null
    }
    agent: {
      corp_id: string
      agent_id: number
      name: string
      secret: string
      uses: string[]
      secret_at: Date | null
    }
    upstream_credential: {
      corp_id: string
      owner: string
      name: string
      token: Generated<string>
      expires_at: Date | null
      refresher: string | null
      refreshing_until: Date | null
      refused: Generated<number | null>
      refused_at: Generated<Date | null>
    }
    department: {
      corp_id: string
      id: number
      name: string
      parent_id: number
      sort_no: number
      leaders: string[]
    }
    member: {
      id: Generated<number>
      corp_id: string
      user_id: string
      user_key: string
      name: string
      alias: string
      mobile: string
      email: string
      sex: number
      avatar: string
      address: string
      position: string
      status: number
      main_department: number
      departments: number[]
      orders: number[]
      leader_in: number[]
      direct_leaders: string[]
      attributes: Generated<{ name: string; value: string; url: string }[]>
      biz_mail: Generated<string>
      hash: number
      from_wecom: Generated<number>
      created_at: Date
      left_at: Date | null
    }
    member_supplement: {
      corp_id: string
      member_id: number
      field: 'mobile' | 'email' | 'avatar'
      value: string
      source: 'consent' | 'import'
      is_applied: Generated<boolean>
      updated_at: Date
      updated_by: string
    }
    member_alias: { corp_id: string; user_key: string; member_id: number; expires_at: Date }
    tag: { corp_id: string; id: number; name: string; user_keys: string[]; departments: number[] }
    directory_feed: {
      corp_id: string
      seq: Generated<number>
      changed_seq: Generated<number>
      first_kept: Generated<number>
      departments: Generated<number>
      members: Generated<number>
      listed: Generated<number>
      tags: Generated<number>
    }
    directory_change: {
      corp_id: string
      seq: number
      kind: 'department' | 'member' | 'tag' | 'external'
      op: 'put' | 'drop' | 'rename' | 'move'
      entity_id: string
      old_id: string | null
      member_id: number | null
      departments_before: number[] | null
      fields: unknown
      at: Date
    }
    inbox_event: {
      id: Generated<number>
      corp_id: string
      stream: string
      priority: Generated<number>
      source: 'callback' | 'hint' | 'replay'
      kind: string
      entity: string
      dedupe_key: string | null
      payload_hash: string | null
      raw: string | null
      plain: string | null
      hits: Generated<number>
      state: Generated<'pending' | 'done' | 'parked'>
      attempts: Generated<number>
      error: string | null
      received_at: Date
      next_attempt_at: Date
      done_at: Date | null
      replayed_at: Generated<Date | null>
      account: Generated<string>
      answer: Generated<unknown>
    }
    queue: {
      corp_id: string
      stream: string
      key: Generated<string>
      priority: Generated<number>
      due_at: Date
      attempts: Generated<number>
      lease: string | null
      holder: string | null
      lease_until: Date | null
    }
    stored_file: { corp_id: string; hash: string; type: string; bytes: Buffer; wanted_at: Date }
    sync_run: {
      id: Generated<number>
      corp_id: string
      kind: 'full' | 'reconcile' | 'dry-run'
      state: 'waiting' | 'running' | 'approval' | 'done' | 'failed' | 'cancelled'
      phase: Generated<string>
      requested_by: Generated<string>
      progress: Generated<unknown>
      counts: Generated<unknown>
      problems: Generated<unknown>
      error: string | null
      approved: Generated<boolean>
      first: Generated<boolean>
      created_at: Date
      started_at: Date | null
      updated_at: Date
      finished_at: Date | null
    }
    sync_page: { run_id: number; page: string; user_keys: string[] }
    sync_drift: { run_id: number; n: number; kind: string; op: string; entity_id: string; fields: unknown }
    app: {
      id: string
      corp_id: string
      name: string
      dev_id: string | null
      agent_id: number | null
      enabled: Generated<boolean>
      created_at: Date
      home_url: Generated<string>
      mobile_url: Generated<string>
      category: Generated<string>
      description: Generated<string>
      sort_no: Generated<number>
      open_in: Generated<'top' | 'frame'>
      origins: Generated<string[]>
      sync_menu: Generated<boolean>
      sync_url: Generated<string>
      visible_to_all: Generated<boolean>
      visible_departments: Generated<number[]>
      visible_members: Generated<number[]>
      visible_tags: Generated<number[]>
      visible_groups: Generated<number[]>
      icon_hash: string | null
      menu_n: number | null
      builtin: Generated<'payments' | null>
      pay_shortcut: Generated<boolean>
      version: Generated<number>
      updated_at: Date | null
      updated_by: Generated<string>
    }
    brand: {
      id: Generated<number>
      corp_id: string | null
      name: Generated<string>
      colour: Generated<string>
      icp_number: Generated<string>
      police_number: Generated<string>
      privacy_url: Generated<string>
      privacy_text: Generated<string>
      logo: Buffer | null
      logo_hash: Generated<string>
      logo_width: Generated<number>
      logo_height: Generated<number>
    }
    app_icon: { app_id: string; type: string; bytes: Uint8Array }
    app_menu_version: {
      app_id: string
      n: number
      source: 'sync' | 'edit' | 'rollback'
      menu: unknown
      items: number
      actor: string
      created_at: Date
    }
    app_menu_attempt: {
      id: Generated<number>
      app_id: string
      actor: string
      outcome: 'new' | 'same' | 'failed'
      n: number | null
      items: Generated<number>
      error: Generated<string>
      answer: Generated<string>
      ms: number
      at: Date
    }
    member_role: { member_id: number; corp_id: string; level: 2 | 3 | 4 }
    role_department: { corp_id: string; member_id: number; department_id: number; manage: boolean }
    admin_account: {
      name: string
      password: string
      must_change: Generated<boolean>
      failures: Generated<number>
      locked_until: Date | null
      updated_at: Date
      totp_secret: Generated<string>
      totp_step: Generated<number>
      first_password: Generated<string>
      password_at: Date | null
    }
    recovery_code: { admin_name: string; hash: string }
    session: {
      id: string
      corp_id: string | null
      member_id: number | null
      admin_name: string | null
      created_at: Date
      seen_at: Date
      expires_at: Date
      ended_at: Date | null
      address: Generated<string>
      user_agent: Generated<string>
      acr: Generated<number>
      amr: Generated<string[]>
      auth_at: Date | null
      idle_seconds: number | null
    }
    refusal: {
      number: string
      corp_id: string | null
      member_id: number | null
      at: Date
      place: string
      reason: string
      detail: string
      address: string
      user_agent: string
    }
    attempt_counter: { corp_id: string; purpose: string; subject: string; count: number; ends_at: Date }
    ticket: {
      id: string
      corp_id: string
      app_id: string
      session_id: string | null
      member_id: number | null
      admin_name: string | null
      created_at: Date
      expires_at: Date
    }
    audit: {
      id: Generated<number>
      corp_id: string | null
      actor: string
      actor_name: Generated<string>
      act: string
      target: string
      target_name: Generated<string>
      address: Generated<string>
      detail: unknown
      at: Date
    }
    message: {
      id: string
      corp_id: string
      dev_id: string
      channel: string
      agent_id: number | null
      agent_name: string
      template_id: string | null
      content: string
      truncated: string[]
      audience: unknown
      expanded_to: number | null
      receivers: number
      request_id: string | null
      request_hash: string | null
      answer: unknown
      created_at: Date
      recalled_at: Date | null
      about_alert: Generated<boolean>
      type_key: string | null
      type_version: number | null
      parent_id: string | null
      children: string[] | null
      about: string | null
      due_at: Date | null
      expires_at: Date | null
    }
    workbench: {
      corp_id: string
      owner: string
      favourites: Generated<string[]>
      recent: Generated<string[]>
      read_at: Date | null
    }
    list_view: { corp_id: string; owner: string; list: string; name: string; query: string }
  }
