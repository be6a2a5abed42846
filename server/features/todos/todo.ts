/** `withdrawn`: its app took it back, and nobody did it. */
export type TodoState = 'open' | 'done' | 'withdrawn'
/** Something to do (待办), or something to read (待阅). */
export type TodoKind = 'todo' | 'read'

/** What an app says of a to-do. */
export type TodoContent = {
  readonly kind: TodoKind
  readonly state: TodoState
  readonly title: string
  /** '' where there is only the other. */
  readonly pcUrl: string
  readonly mobileUrl: string
  readonly sender: string
  readonly process: string
  readonly step: string
  readonly content: string
  readonly priority: 0 | 1 | 2
  readonly dueAt: Date | null
  readonly finishBy: 'app' | 'person'
  /** Whether its app wants its person to get a card in WeCom. */
  readonly notify: boolean
  /** The sender's milliseconds. */
  readonly version: number | null
  /** As the sender says; null where it does not. */
  readonly createdAt: Date | null
}

/** One person's to-do: app, number and person identify it. */
export type TodoKey = { readonly appId: string; readonly todoNo: string; readonly memberId: number }

export type Todo = TodoKey &
  TodoContent & {
    readonly id: number
    readonly corpId: string
    /** Who has it: its person, or whoever got it for good or for a time. */
    readonly holderId: number
    readonly createdAt: Date
    readonly changedAt: Date
    readonly readAt: Date | null
    readonly endedAt: Date | null
  }

export function keyOf({ appId, todoNo, memberId }: TodoKey): string {
  return JSON.stringify([appId, todoNo, memberId])
}
