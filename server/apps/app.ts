/**
 * Who may see an app: everyone, or the members of these departments and all below them, these members (by internal id,
 * so that a rename keeps them), and whoever has one of these tags, themselves or by a department of theirs.
 */
export type Visibility = {
  readonly everyone: boolean
  readonly departments: readonly number[]
  readonly memberIds: readonly number[]
  readonly tags: readonly number[]
}

/** An app of the app centre, as every node has it in memory. */
export type App = {
  readonly id: string
  readonly corpId: string
  readonly name: string
  readonly devId: string | null
  readonly agentId: number | null
  readonly enabled: boolean
  /** At least one of the two is given for an app that people can open. */
  readonly homeUrl: string
  readonly mobileUrl: string
  readonly category: string
  readonly description: string
  readonly sortNo: number
  /** How a phone opens it; a desktop always uses a frame. */
  readonly openIn: 'top' | 'frame'
  /** As registered, without those of the home URLs. */
  readonly ownOrigins: readonly string[]
  /** All web origins whose pages may get a ticket: the registered ones and those of the home URLs. */
  readonly origins: readonly string[]
  readonly syncMenu: boolean
  readonly syncUrl: string
  readonly visibility: Visibility
  /** For `/web/apps/icon?id&v`; null: no icon. */
  readonly iconHash: string | null
  /** Null: no menu. */
  readonly menuN: number | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly updatedBy: string
}
