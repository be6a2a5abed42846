import type { Department } from '../corp/records.ts'
import type { WireMember } from '../state/wire.ts'

/** A change of the corp as WeCom's console calls it back (docs/upstream/wecom-callbacks.md#contact-events). */
export type ContactEvent =
  | { type: 'create_user'; member: WireMember }
  | {
      type: 'update_user'
      userid: string
      newUserid?: string
      /** All departments of the member after the change. */
      departments: number[]
      changed: Partial<WireMember>
    }
  | { type: 'delete_user'; userid: string }
  | { type: 'create_party'; department: Department }
  | { type: 'update_party'; id: number; name?: string; parentid?: number }
  | { type: 'delete_party'; id: number }
  | {
      type: 'update_tag'
      tagid: number
      addUsers?: string[]
      delUsers?: string[]
      addParties?: number[]
      delParties?: number[]
    }
