import type { Words } from '../../words.ts'

/** Somewhere that takes checkpoints of the audit tree; `host` is its machine. */
export type CheckpointReceiver = { id: string; name: string; host: string }

/** A signed checkpoint. */
export type CheckpointToSend = { number: number; size: number; note: string; madeAt: Date }

/** Receivers of the audit log that can take its checkpoints too; one feature has them. `corpId` is '' for the installation. */
export type CheckpointReceivers<C> = {
  list(ctx: C, corpId: string): Promise<readonly CheckpointReceiver[]>
  /** Returns why it was not taken; null when it was. */
  send(ctx: C, corpId: string, id: string, checkpoint: CheckpointToSend): Promise<Words | null>
}

/** The same, bound to the context; none where no feature has any. */
export type OfferedReceivers = {
  list(corpId: string): Promise<readonly CheckpointReceiver[]>
  send(corpId: string, id: string, checkpoint: CheckpointToSend): Promise<Words | null>
}
