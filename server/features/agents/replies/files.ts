import type { FileReference } from '../../../platform/storage/file-reference.ts'

/** Where agents name stored files. Rules and flows of accounts stand in the same columns; they name media of WeChat's. */
export const agentFiles: readonly FileReference[] = [
  { table: 'official_rule', column: 'contents', isWithin: true },
  { table: 'official_flow', column: 'steps', isWithin: true },
  { table: 'agent_send', column: 'content', isWithin: true },
]
