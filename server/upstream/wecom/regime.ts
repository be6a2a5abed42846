import type { WecomClient } from './client.ts'
import { WecomError } from './errors.ts'

/**
 * `full`: the contact secret may read everything. `restricted`: since 2022-08-15 a new address gets ids only, and names
 * come from an agent's secret (upstream.md §2.4).
 */
export type Regime = 'full' | 'restricted'

/**
 * Finds out which regime a contact secret is under, by asking for the departments.
 * @throws WecomError, WecomUnavailable when that cannot be told
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
