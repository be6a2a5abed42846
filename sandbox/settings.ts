import type { MessageLimits } from './messages/rules.ts'

/** What is set in WeCom's console and outlives a restart and a reset. */
export interface Settings {
  /** full: as before 2022; restricted: upstream.md §2.4. */
  regime: 'full' | 'restricted'
  /** Allowed callers by agent id, or by `contact`; what is not named may call from anywhere. */
  trustedIps: Record<string, string[]>
  limits: CallLimits & MessageLimits & SmsLimits
  callback: CallbackSettings | null
  /** Changes to agents, by agent id; members as slots. */
  agents: Record<
    string,
    {
      disabled?: boolean
      trustedDomain?: string
      visible?: { departments: number[]; users: number[]; tags: number[] }
    }
  >
}

/** Calls per minute and cgi before 45009, calls in parallel before 45033; null: no limit. */
export interface CallLimits {
  perMinute: number | null
  concurrent: number | null
}

/** Seconds between two SMS to one number, and SMS to one number a day; null: no limit. */
export interface SmsLimits {
  smsPerNumberSeconds: number | null
  smsPerNumberDay: number | null
}

export interface CallbackSettings {
  url: string
  token: string
  encodingAesKey: string
  /** Waits before the second and the third attempt, in ms. */
  retryDelaysMs: [number, number]
  /** How long the receiver may take, in ms. */
  timeoutMs: number
}

export const defaultSettings = (): Settings => ({
  regime: 'full',
  trustedIps: {},
  limits: {
    perMinute: null,
    concurrent: null,
    perMemberMinute: 30,
    perMemberHour: 1000,
    perAgentDay: 'wecom',
    smsPerNumberSeconds: null,
    smsPerNumberDay: null,
  },
  callback: null,
  agents: {},
})
