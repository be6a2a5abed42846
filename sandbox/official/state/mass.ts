import type { Account } from './account.ts'
import type { Records } from './records.ts'

/** One mass message (docs/upstream/official-mass.md#calls). */
export interface Mass {
  msgId: number
  msgDataId: number
  status: 'SENDING' | 'SEND_SUCCESS' | 'SEND_FAIL' | 'DELETE'
  clientMsgId: string | undefined
  /** In ms. */
  at: number
  toAll: boolean
  type: string
  /** The followers who get it, as in a message's `audience`. */
  audience: string
  /** Waits for an administrator; the id of the job that ends the waiting. */
  waiting?: string
}

export const massOf = (account: Account): Records<Mass> => account.collection<Mass>('mass')
