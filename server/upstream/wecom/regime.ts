import type { WecomClient } from './client.ts'
import { WecomError } from './errors.ts'

/**
 * `full`: the contact secret may read everything. `restricted`: to server addresses added since 2022-08-15 WeCom gives only
 * ids, and names come from an agent's secret (docs/upstream/wecom-directory.md#the-restrictions-of-2022).
 */
export type Regime = 'full' | 'restricted'

/**
 * Asks for the departments to find out under which regime a contact secret is.
 * @throws WecomError, WecomUnavailable when the regime cannot be determined
 */
export async function detectRegime(client: WecomClient): Promise<Regime> {
  try {
    await client.departmentList()
    return 'full'
  } catch (error) {
    if (error instanceof WecomError && error.errcode === 48009) return 'restricted'
    throw error
  }
}
