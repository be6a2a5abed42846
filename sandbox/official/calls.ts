import { tokenCalls } from './api/token.ts'
import type { Call } from './call.ts'

/** Every call of the official-account platform. The routes are made from this list. */
export const officialCalls: readonly Call[] = [...tokenCalls]
