/**
 * Who may see an app: everyone, or the members of these departments and of all departments below, these members (by
 * internal id, so that a rename does not matter), members who have one of these tags, directly or through a department, and
 * members of these groups.
 */
export type Visibility = {
  readonly everyone: boolean
  readonly departments: readonly number[]
  readonly memberIds: readonly number[]
  readonly tags: readonly number[]
  readonly groups?: readonly number[]
}

/** An app that wisp itself answers: the payer's page, 统一支付. */
export type Builtin = 'payments'

/** An app of the app centre, as every node holds it in memory. */
export type App = {
  readonly id: string
  readonly corpId: string
  readonly name: string
  readonly devId: string | null
  readonly agentId: number | null
  readonly enabled: boolean
  /** Null for the apps that people set up. */
  readonly builtin: Builtin | null
  /** Whether its tickets may ask for the bills that wait (一码通). */
  readonly payShortcut: boolean
  /** At least one of the two URLs is set for an app that people can open; that of a built-in app is computed. */
  readonly homeUrl: string
  readonly mobileUrl: string
  readonly category: string
  readonly description: string
  readonly sortNo: number
  /** How a phone opens the app; a desktop always uses a frame. */
  readonly openIn: 'top' | 'frame'
  /** The registered origins, without those of the home URLs. */
  readonly ownOrigins: readonly string[]
  /** All origins whose pages may get a ticket: the registered ones and those of the home URLs. */
  readonly origins: readonly string[]
  readonly syncMenu: boolean
  readonly syncUrl: string
  readonly visibility: Visibility
  /** Version for `/web/apps/icon?id&v`; null without an icon. */
  readonly iconHash: string | null
  /** Null without a menu. */
  readonly menuN: number | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly updatedBy: string
}
